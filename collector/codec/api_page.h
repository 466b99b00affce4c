/**
 * @file
 * A page of a list on the API: which items are in it, and what ends it.
 */
#ifndef CODEC_API_PAGE_H
#define CODEC_API_PAGE_H

#include "codec/emit.h"

#include <stdbool.h>
#include <stdint.h>

/** A page of a list. */
struct api_page {
    uint64_t offset; /**< items skipped */
    uint64_t limit;  /**< items at most */
};

/** Whether item @p nth of the list, from 0, is in @p page. */
bool api_page_has(struct api_page page, uint64_t nth);
/** Ends the open array of items and says how many there are in all and where the page began. */
void api_page_end(struct api_page page, uint64_t total, struct emit *e);

#endif
