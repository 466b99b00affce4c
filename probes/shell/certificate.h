/**
 * @file
 * How long a certificate file is still valid: a probe whose certificate runs out falls silent, so
 * the technician has to see it coming.
 */
#ifndef SHELL_CERTIFICATE_H
#define SHELL_CERTIFICATE_H

#include "base/attr.h"

/** Whole days until the first certificate of the PEM file @p path ends, by the system's clock;
 * negative once it has. 0, ERR_NOT_FOUND, ERR_DENIED, or ERR_SYNTAX. Blocks. */
int certificate_days(const char *path, int *ret_days) MUST_USE;

#endif
