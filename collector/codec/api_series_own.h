/**
 * @file
 * What the answers of codec/api_series.h share; nobody else includes it.
 */
#ifndef CODEC_API_SERIES_OWN_H
#define CODEC_API_SERIES_OWN_H

#include "codec/api_series.h"

/** Members that every series begins with, in an open object; @p what is its word. */
void api_series_head(struct emit *e, const struct api_scope *scope,
                     const struct api_series_query *query, const char *what);

#endif
