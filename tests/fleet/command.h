/**
 * @file
 * The command line of ioc-fleet: run, fault, verify.
 */
#ifndef FLEET_COMMAND_H
#define FLEET_COMMAND_H

/** Does what the command line says; the exit code. */
int command_main(int argc, char *argv[]);

#endif
