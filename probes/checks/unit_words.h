/**
 * @file
 * The SenML units (RFC 8428 section 12.1, RFC 8798) that equipment and other programs report in: a
 * report keeps pointers to them, so they are of static storage.
 */
#ifndef CHECKS_UNIT_WORDS_H
#define CHECKS_UNIT_WORDS_H

#include "base/slice.h"

/** The words, NULL-terminated; the first is "none". */
extern const char *const unit_words[];

/** The unit written as @p text, NULL if there is no such unit here. */
const char *unit_words_find(struct slice text);

#endif
