/**
 * @file
 * SenML (RFC 8428, JSON) of other programs, read: base name, base unit and base value applied.
 *
 * Pure. A record goes by its whole name; times are not read: what comes is what is so now. Unlike a
 * pack of the contract (wire/pack_reader.h) names are free and one bad record spoils no other.
 */
#ifndef PUSH_PUSH_SENML_H
#define PUSH_PUSH_SENML_H

#include "checks/push/push_item.h"

/** Reads the array @p text and gives each number and flag (0, 1) to @p fn: what is no array of JSON
 * is one refusal. O(text). */
struct push_count push_senml_read(struct slice text, push_item_fn *fn, void *arg);

#endif
