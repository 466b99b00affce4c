# What `cmake --install` puts on a machine. Configuration in /etc is its owner's: nothing is written there.
install(TARGETS ioc-probe ioc-collector ioc-fleet RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(PROGRAMS deploy/enrol DESTINATION ${CMAKE_INSTALL_BINDIR} RENAME ioc-enrol)
install(DIRECTORY docs/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")

install(FILES README.md ARCHITECTURE.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY deploy/examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(DIRECTORY deploy/data/ninh-thuan/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples/inventory
        FILES_MATCHING PATTERN "*.csv")

# systemd looks below /usr and /usr/local in lib, whatever the architecture's library folder is.
install(FILES deploy/systemd/ioc-probe.service deploy/systemd/ioc-collector.service DESTINATION lib/systemd/system)
install(FILES deploy/systemd/ioc-telemetry.sysusers DESTINATION lib/sysusers.d RENAME ioc-telemetry.conf)
install(FILES deploy/systemd/ioc-telemetry.tmpfiles DESTINATION lib/tmpfiles.d RENAME ioc-telemetry.conf)
