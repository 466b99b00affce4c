/**
 * @file
 * Random numbers of the kernel: epochs, boots, ids of stores, seeds for base/rng.h.
 */
#ifndef IO_ENTROPY_H
#define IO_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

/** Fills @p len bytes (at most 256). Ends the process if the kernel has none: nothing can be safe
 * then. */
void entropy_fill(void *bytes, size_t len);
/** 64 random bits, never 0. */
uint64_t entropy_u64(void);

#endif
