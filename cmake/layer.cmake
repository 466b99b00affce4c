# One folder is one layer is one static library: ioc_layer(NAME USES lower layers and libraries).
# The folder's *.c files are the library; the arrows of the architecture are the USES lists.
function(ioc_layer name)
  cmake_parse_arguments(LAYER "" "" "USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.c */*.c)
  list(FILTER sources EXCLUDE REGEX "/main\\.c$")
  if(NOT sources)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/empty.c "extern int ioc_empty_layer;\n")
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/empty.c)
  endif()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/probes ${PROJECT_SOURCE_DIR}/collector)
  target_link_libraries(${name} PUBLIC ${LAYER_USES})
endfunction()
