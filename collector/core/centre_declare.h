/**
 * @file
 * What follows from a change of declarations. Inner header of the centre; what others call stands
 * in core/centre.h.
 */
#ifndef CORE_CENTRE_DECLARE_H
#define CORE_CENTRE_DECLARE_H

#include "core/centre.h"

/** The declarations of @p n @p sites are others than they were: units are evaluated anew, and what
 * that changes of days that have passed is the inventory's doing. 0 or ERR_NOMEM. */
int centre_declared(struct centre *c, const struct world_declared *sites, size_t n) MUST_USE;

#endif
