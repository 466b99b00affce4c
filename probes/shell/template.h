/**
 * @file
 * Templates by kind of site: which check is evidence for which unit, and what its failure stands
 * for, so that a technician writes what is there and nothing else.
 *
 * A template fills in what a check leaves out and says what is missing. What a verdict is - on
 * battery degraded, low-voltage disconnect failed, LOS failed - is each check's own.
 */
#ifndef SHELL_TEMPLATE_H
#define SHELL_TEMPLATE_H

#include "shell/probe_config.h"

/** Kinds. X(name, word) */
#define TEMPLATE_MAP(X)      \
    X(TEMPLATE_NONE, "none") \
    X(TEMPLATE_BTS, "bts")   \
    X(TEMPLATE_FIBRE, "fibre") X(TEMPLATE_NETWORK, "network") X(TEMPLATE_SERVICE, "service")

/** One enumerator of TEMPLATE_MAP(). */
#define TEMPLATE_ENUM(name, word) name,

/** See TEMPLATE_MAP. */
enum template_kind { TEMPLATE_MAP(TEMPLATE_ENUM) };

#undef TEMPLATE_ENUM

/**
 * Gives checks of the probe's own site that name no units theirs, with the cause: `power` all units
 * and power; `sfp`, and what is named `centre`, all units and transport; what is named like a unit
 * that unit. Others, and those of role info, stay as they are. Nothing without a template.
 */
void template_apply(struct probe_config *config);
/** Appends a line for each thing that units of this kind need and no required check looks at;
 * returns how many. */
unsigned template_missing(const struct probe_config *config, struct buf *out);

#endif
