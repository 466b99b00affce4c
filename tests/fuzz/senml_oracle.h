/**
 * @file
 * A second, naive reader of packs over cJSON: what wire/pack_reader.h is held against. Slow, plain,
 * and written from RFC 8428 alone; it shares only the rule for one reading.
 */
#ifndef FUZZ_SENML_ORACLE_H
#define FUZZ_SENML_ORACLE_H

#include "wire/pack_reader.h"

/** What the oracle made of a pack; free with oracle_done(). */
struct oracle {
    bool accepted;            /**< false: refused, for whatever reason */
    bool edge;                /**< a time is so near a limit that doubles cannot decide */
    struct reading *readings; /**< len of them, texts in memory of their own */
    size_t len;               /**< how many */
    size_t skipped;           /**< sums and binary data alone */
    struct cJSON *root;       /**< memory behind the texts */
    char **names;             /**< memory behind the names */
};

/** Reads @p bytes as pack_reader_read() does. */
struct oracle oracle_read(struct slice bytes, enum pack_origin origin, struct wall_ms received);
/** Frees it. */
void oracle_done(struct oracle *o);

#endif
