# What `cmake --install` puts on a machine.
install(TARGETS ioc-probe ioc-collector RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(IOC_TESTS)
  install(TARGETS ioc-fleet RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/deploy/examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
        FILES_MATCHING PATTERN "*.1")
