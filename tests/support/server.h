/**
 * @file
 * Real servers for tests: a loopback network of the test's own, and child processes that are waited
 * for until they listen and ended by their pid. They die with the test, whatever happens to it.
 */
#ifndef SUPPORT_SERVER_H
#define SUPPORT_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

/** Gives this process a network namespace with only a loopback, so that ports are its own. Call it
 * first in main(), before any thread. False where the system does not allow it. */
bool server_namespace(void);
/** Starts the program @p argv (found in PATH and /usr/sbin; NULL-terminated) and waits until
 * 127.0.0.1:@p port accepts; fails the test after 15 s. Its output goes to @p log_path (NULL:
 * nowhere). */
pid_t server_start(const char *const argv[], int port, const char *log_path);
/** Sends @p signum and waits until the process is gone. */
void server_stop(pid_t pid, int signum);
/** Stops the process's clock until server_thaw(): alive, listening, silent. */
void server_freeze(pid_t pid);
void server_thaw(pid_t pid); /**< see server_freeze() */
/** Runs a program to its end and fails the test unless it exits with 0. */
void server_run(const char *const argv[]);
/** Writes a file of configuration. */
void server_write(const char *path, const char *text);

#endif
