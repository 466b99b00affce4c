/**
 * @file
 * Memory of a small machine: what only the start or a handshake needed is given back.
 *
 * Process-wide, and of use to the probe only. Nothing here can fail: what the system does not do
 * costs memory, not data.
 */
#ifndef SHELL_THRIFT_H
#define SHELL_THRIFT_H

/** One heap for all threads, none of which is ever busy, and what is free goes back to the system:
 * before the first thread. */
void thrift_begin(void);
/**
 * The start, or a handshake, is over: gives free pages of the heap back and unmaps the code of the
 * program and its libraries. What is used again comes back from the page cache, a few hundred
 * microseconds of faults at once; a handshake's part of OpenSSL stays out until the next.
 */
void thrift_settle(void);

#endif
