/**
 * @file
 * The folder of what the centre changes in its probes: one file PROBE.json each, as the topic
 * `config` takes it (wire/changes.h).
 *
 * It reads and checks; publishing is the app's. What only the probe can judge (does it have that
 * check, is a value in range) the probe tells in its log.
 */
#ifndef SHELL_PROBE_CONFIGS_H
#define SHELL_PROBE_CONFIGS_H

#include "base/buf.h"
#include "base/names.h"
#include "base/vec.h"
#include "core/inventory.h"

/** Most files of one folder. */
#define PROBE_CONFIGS_MAX (1U << 20)

/** The folder's content; storage of the caller. */
struct probe_configs {
    struct names probes; /**< ids, in the order of the folder */
    struct vec texts;    /**< struct buf by number: the file's bytes */
};

/** Nothing. */
void probe_configs_init(struct probe_configs *c);
/** Frees all. Accepts a zeroed one. */
void probe_configs_done(struct probe_configs *c);
/**
 * Reads @p folder ("" = none: nothing) into @p ret_configs, initialised here. Every mistake of
 * every file goes to @p out as "FILE:LINE: why", a probe that @p inv does not know as well. 0,
 * ERR_SYNTAX if there is any, an error of reading, or ERR_NOMEM; then there is nothing in it.
 */
int probe_configs_read(const char *folder, const struct inventory *inv, struct buf *out,
                       struct probe_configs *ret_configs) MUST_USE;

#endif
