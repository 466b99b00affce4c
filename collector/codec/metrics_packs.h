/**
 * @file
 * The ledger's equation of packs as metrics (Prometheus text): highest = stored + refused + untimed
 * + lost_at_probe + missing_at_centre + open, in total and of each probe over all its epochs.
 *
 * Counters of messages and readings are whole already (core/ledger.h); single epochs are
 * `/api/v1/ledger`'s.
 */
#ifndef CODEC_METRICS_PACKS_H
#define CODEC_METRICS_PACKS_H

#include "base/buf.h"
#include "base/names.h"
#include "core/stream.h"

/** Appends `ioc_packs{fate}`, the sums over all @p probes. O(epochs) */
void metrics_packs(const struct stream *stream, const struct names *probes, struct buf *out);
/** Appends `ioc_probe_packs{probe,fate}`; of a probe that never offered one nothing, and of the
 * fates highest and stored always, the others where there are some. O(epochs) */
void metrics_packs_of_probes(const struct stream *stream, const struct names *probes,
                             struct buf *out);

#endif
