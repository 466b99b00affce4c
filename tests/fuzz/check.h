/**
 * @file
 * What a fuzz target says when a promise is broken, and the entry it defines.
 */
#ifndef FUZZ_CHECK_H
#define FUZZ_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/** The entry of libFuzzer: one input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Aborts with @p promise unless @p kept. */
static inline void check(bool kept, const char *promise)
{
    if (kept)
        return;
    fprintf(stderr, "broken promise: %s\n", promise);
    abort();
}

#endif
