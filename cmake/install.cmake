# What `cmake --install` puts on a machine; a component is a package (cmake/package.cmake). Configuration in /etc is its
# owner's: nothing is written there.
foreach(program probe collector fleet)
  install(TARGETS ioc-${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${program})
  install(FILES docs/man/ioc-${program}.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT ${program})
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/ioc-${program} RENAME copyright COMPONENT ${program})
endforeach()

# systemd looks below /usr and /usr/local in lib, whatever the architecture's library folder is.
foreach(service probe collector)
  install(FILES deploy/systemd/ioc-${service}.service DESTINATION lib/systemd/system COMPONENT ${service})
  install(FILES deploy/systemd/ioc-${service}.sysusers DESTINATION lib/sysusers.d RENAME ioc-${service}.conf COMPONENT ${service})
  install(FILES deploy/systemd/ioc-${service}.tmpfiles DESTINATION lib/tmpfiles.d RENAME ioc-${service}.conf COMPONENT ${service})
endforeach()

install(FILES deploy/examples/probe.yaml deploy/examples/deadman.yaml DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT probe)
install(DIRECTORY deploy/profiles DESTINATION ${CMAKE_INSTALL_DATADIR}/ioc-telemetry COMPONENT probe)
install(PROGRAMS deploy/enrol DESTINATION ${CMAKE_INSTALL_BINDIR} RENAME ioc-enrol COMPONENT collector)
install(FILES README.md ARCHITECTURE.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT collector)
install(DIRECTORY deploy/examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT collector
        PATTERN probe.yaml EXCLUDE PATTERN deadman.yaml EXCLUDE)
install(DIRECTORY deploy/data/ninh-thuan/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples/inventory COMPONENT collector
        FILES_MATCHING PATTERN "*.csv")
install(DIRECTORY dashboards/grafana/ DESTINATION ${CMAKE_INSTALL_DATADIR}/ioc-telemetry/grafana COMPONENT collector)

include(cmake/package.cmake)
