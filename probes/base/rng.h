/**
 * @file
 * A small seeded random generator (splitmix64): jitter, splay and reproducible tests. Not for
 * secrets.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

/** Storage of the caller; seed it with any value. */
struct rng {
    uint64_t state; /**< the seed, then where the sequence stands */
};

/** The next 64 random bits. */
uint64_t rng_next(struct rng *r);
/** Uniform in [0, below); @p below must be positive. */
uint64_t rng_below(struct rng *r, uint64_t below);
/** Uniform in [0, 1). */
double rng_unit(struct rng *r);

#endif
