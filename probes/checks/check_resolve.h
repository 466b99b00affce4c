/**
 * @file
 * What it means for a check that its target's name gave no address.
 *
 * The looking up itself is io/dns.h's. A name that does not exist, or that nobody answers for in
 * time, is the target's failure: its users cannot reach it either. Name servers that refuse or
 * cannot be reached at all are this machine's trouble: the check could not tell.
 */
#ifndef CHECKS_CHECK_RESOLVE_H
#define CHECKS_CHECK_RESOLVE_H

#include "checks/check.h"

/** Ends the run of @p check because dns_resolve() gave @p err for @p host. */
void check_resolve_failed(struct check *check, const char *host, int err);

#endif
