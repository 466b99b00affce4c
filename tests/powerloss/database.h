/**
 * @file
 * The database as this test has it: it stands for shell/sink.h (whose functions it defines, so that
 * the collector's own wiring runs around it), takes batches when told to, never loses power, and
 * knows which packs it has seen.
 */
#ifndef POWERLOSS_DATABASE_H
#define POWERLOSS_DATABASE_H

#include <stddef.h>
#include <stdint.h>

/** Packs are numbered from 1 to below this. */
enum { DATABASE_PACKS = 256 };

/** Forgets everything. */
void database_empty(void);
/** Pack @p id has been there since before. */
void database_put(uint64_t id);
/** How many readings of pack @p id are there. */
size_t database_readings(uint64_t id);
/** Readings of all packs. */
size_t database_total(void);
/** Takes all batches that wait. */
void database_answer(void);
/** Batches that could not be read, ever. */
size_t database_damaged(void);

#endif
