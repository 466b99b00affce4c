/**
 * @file
 * One value that another program pushed, whatever language it spoke, and the name it goes by.
 *
 * Pure. The languages are push_line.h and push_senml.h, what is kept of the values push_table.h.
 */
#ifndef PUSH_PUSH_ITEM_H
#define PUSH_PUSH_ITEM_H

#include "base/attr.h"
#include "wire/pack.h"

/** A value. */
struct push_item {
    char name[PACK_PART_MAX + 1]; /**< as packs have it */
    const char *unit;             /**< SenML unit in static storage, NULL = none known */
    double number;                /**< finite */
};

/** Takes a value; valid during the call. */
typedef void push_item_fn(void *arg, const struct push_item *item);

/** What reading a message came to. */
struct push_count {
    unsigned taken;   /**< values handed over */
    unsigned refused; /**< values or lines that are not of the language, or have no usable name */
    unsigned texts;   /**< texts, which are not kept */
};

/** Puts @p part behind what @p name holds, a dot between: what a name may not have becomes `_`.
 * False if it does not fit; then @p name is as it was. */
bool push_item_name(char name[PACK_PART_MAX + 1], struct slice part) MUST_USE;
/** True if the name may stand in a pack: it begins with a letter or digit and is not reserved. */
bool push_item_name_ok(const char *name);

#endif
