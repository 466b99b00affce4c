/**
 * @file
 * A centre's memory for benches: made over the CSV files of a folder, without a shell around it.
 */
#ifndef BENCH_MEMORY_OF_H
#define BENCH_MEMORY_OF_H

#include "core/centre.h"

/** A centre over the inventory in @p folder; ends the program if it cannot. */
struct centre *memory_of_inventory(const char *folder);
/** Number of the site, probe, or unit of load.h; ends the program if the inventory lacks it. */
uint32_t memory_of_site(const struct centre *c, uint32_t n);
uint32_t memory_of_probe(const struct centre *c, uint32_t n);            /**< as above */
uint32_t memory_of_unit(const struct centre *c, uint32_t n, unsigned i); /**< as above */

#endif
