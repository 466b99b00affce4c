/**
 * @file
 * Which texts tell of a site that is not to be shown: what operators write names sites by id, code,
 * name or alias, and a sentence with one of a restricted site is for nobody else to read.
 *
 * Inner header of the API: it knows names and texts, not what is done with them.
 */
#ifndef CODEC_API_HIDDEN_H
#define CODEC_API_HIDDEN_H

#include "codec/api.h"

/** A longer name counts as said where so many of its bytes are. */
#define API_HIDDEN_BYTES_MAX 255

/** What hidden sites are called. */
struct api_hidden {
    struct names words;                        /**< all of it */
    bool has_length[API_HIDDEN_BYTES_MAX + 1]; /**< some word is so long */
    bool all;                                  /**< memory was missing: every text counts */
};

/** The sites that @p scope does not show, as of its instant. O(sites). Free with
 * api_hidden_done(). */
void api_hidden_init(struct api_hidden *h, const struct api_scope *scope);
/** Frees it. */
void api_hidden_done(struct api_hidden *h);
/** True if @p text has one of their names in it. O(bytes x different lengths of names), however
 * many sites there are. */
bool api_hidden_told(const struct api_hidden *h, struct slice text);

#endif
