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
/** True if the name of @p probe may be told. */
typedef bool metrics_packs_shown(void *context, uint32_t probe);
/** Appends `ioc_probe_packs{probe,fate}` of those that @p shown lets pass; of a probe that never
 * offered one nothing, and of the fates highest and stored always, the others where there are some.
 * O(epochs) */
void metrics_packs_of_probes(const struct stream *stream, const struct names *probes,
                             metrics_packs_shown *shown, void *context, struct buf *out);

#endif
