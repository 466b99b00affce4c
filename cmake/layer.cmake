# One folder is one layer is one static library: ioc_layer(NAME [EXCEPT stems] USES lower layers and libraries).
# The folder's *.c files are the library; the arrows of the architecture are the USES lists.
function(ioc_layer name)
  cmake_parse_arguments(LAYER "" "" "EXCEPT;USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.c */*.c)
  list(FILTER sources EXCLUDE REGEX "/main\\.c$")
  foreach(stem ${LAYER_EXCEPT})
    list(FILTER sources EXCLUDE REGEX "/${stem}\\.c$")
  endforeach()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/probes ${PROJECT_SOURCE_DIR}/collector)
  target_link_libraries(${name} PUBLIC ${LAYER_USES})
endfunction()
