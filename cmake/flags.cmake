# Compiler flags for everything of ours.
add_compile_definitions(_GNU_SOURCE IOC_VERSION="${PROJECT_VERSION}")
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes
                    -Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wpointer-arith -Wcast-qual
                    -Wwrite-strings -fno-common)
if(IOC_WERROR)
  add_compile_options(-Werror)
endif()
if(IOC_SANITIZE)
  add_compile_options(-fsanitize=${IOC_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  string(REPLACE "fuzzer-no-link," "" IOC_SANITIZE_LINK "${IOC_SANITIZE}")
  add_link_options(-fsanitize=${IOC_SANITIZE_LINK})
endif()
if(IOC_HARDEN)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
                      -ffunction-sections -fdata-sections)
  add_compile_definitions($<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed -Wl,--gc-sections)
  include(CheckLinkerFlag)
  check_linker_flag(C -Wl,-z,pack-relative-relocs IOC_PACK_RELOCS) # tables of pointers: a tenth of the probe
  if(IOC_PACK_RELOCS)
    add_link_options(-Wl,-z,pack-relative-relocs)
  endif()
endif()

# On 32 bits time_t would end in 2038, off_t at 2 GiB.
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  add_compile_definitions(_FILE_OFFSET_BITS=64 _TIME_BITS=64)
endif()

# What runs a few times a second on the smallest machines is made for size where it is installed. C unwinds nothing at run time;
# debuggers have their own tables (-g).
function(ioc_small target)
  if(IOC_HARDEN)
    target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-Os>
                           $<$<NOT:$<CONFIG:Debug>>:-fno-asynchronous-unwind-tables>)
  endif()
endfunction()
