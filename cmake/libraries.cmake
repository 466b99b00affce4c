# Debian 12's libraries (DESIGN section 2). Each becomes one imported target with the prefix lib::.
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED) # before paho, which has no .pc and names OpenSSL's targets
find_package(Threads REQUIRED)
find_package(eclipse-paho-mqtt-c REQUIRED)

function(ioc_pkg name module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
  add_library(lib::${name} ALIAS PkgConfig::${name})
endfunction()

ioc_pkg(uv libuv)
ioc_pkg(curl libcurl)
ioc_pkg(cares libcares)
ioc_pkg(cjson libcjson)
ioc_pkg(mhd libmicrohttpd)
ioc_pkg(sqlite sqlite3)
ioc_pkg(yaml yaml-0.1)
ioc_pkg(deflate libdeflate)
ioc_pkg(utf8proc libutf8proc)
if(IOC_CHECK_SNMP)
  ioc_pkg(snmp netsnmp)
endif()
add_library(lib::paho ALIAS eclipse-paho-mqtt-c::paho-mqtt3as)
add_library(lib::crypto ALIAS OpenSSL::Crypto)
if(IOC_TESTS)
  ioc_pkg(cmocka cmocka)
  ioc_pkg(modbus libmodbus) # what the power check is tried against
endif()
