/**
 * @file
 * Shorthand for tables of keys and limits over a configuration struct. Nothing else.
 */
#ifndef CHECKS_CHECK_KEYS_H
#define CHECKS_CHECK_KEYS_H

#include <stddef.h>

/** Offset and size of a member, the two columns of a base/field.h row. */
#define CHECK_KEY(type, member) offsetof(type, member), sizeof(((type *)0)->member)

/** Elements of an array. */
#define CHECK_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
