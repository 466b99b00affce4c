/**
 * @file
 * What the probes of a bench say: lists of ten checks for five units, and packs of 20 readings
 * (five checks with their verdict and three numbers), written by the probes' own code.
 *
 * Probe N stands at site N of the inventory that inventory.mjs makes. No clock, no sockets.
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "base/buf.h"
#include "base/rng.h"
#include "wire/verdict.h"

#include <stdbool.h>
#include <stdint.h>

/** Checks of a probe, and how many of them are in each pack. */
enum { LOAD_CHECKS = 10, LOAD_UNITS = 5, LOAD_CHECKS_A_PACK = 5, LOAD_FIELDS = 4 };

/** Bytes of a name of a site or probe, with its NUL. */
enum { LOAD_NAME_MAX = 16 };

void load_site(uint32_t n, char ret_name[LOAD_NAME_MAX]);  /**< "B00012" */
void load_probe(uint32_t n, char ret_name[LOAD_NAME_MAX]); /**< "p00012" */
/** Name of check @p i of any probe: "icmp/core-1". */
const char *load_check(unsigned i);
/** Name of unit @p i of any site: "4g@a". */
const char *load_unit(unsigned i);

/** Of a check, unless its list says otherwise. */
#define LOAD_INTERVAL_MS 10000
/** Appends the list of probe @p n, valid from @p time_us; its checks run every @p interval_ms and
 * count as silent after two and a half of these. */
void load_list(struct buf *out, uint32_t n, int64_t time_us, int64_t interval_ms);
/** Appends pack @p seq of probe @p n: half of its checks, run at @p time_us, all with @p verdict.
 */
void load_pack(struct buf *out, uint32_t n, uint64_t seq, int64_t time_us, enum verdict verdict,
               struct rng *rng);
/** Appends the status of a probe in start @p boot and connection @p conn: its birth with @p backlog
 * packs waiting, or, with @p gone, the will of that connection. */
void load_status(struct buf *out, uint64_t boot, uint64_t conn, bool gone, uint64_t backlog);
/** Appends the topic of such a status. */
void load_status_topic(struct buf *out, uint32_t n);
/** Appends the topic of a message of the stream @p epoch. */
void load_topic(struct buf *out, uint32_t n, uint64_t epoch, uint64_t seq);

#endif
