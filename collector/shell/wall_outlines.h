/**
 * @file
 * Outlines of areas for the wall's map: a GeoJSON file of the user's, handed to the page as it is.
 *
 * Whether it fits the areas is the page's to find out; here it must only be a feature collection
 * of bounded size.
 */
#ifndef SHELL_WALL_OUTLINES_H
#define SHELL_WALL_OUTLINES_H

#include "base/attr.h"
#include "base/buf.h"

/** Reads @p file ("" = none) into @p out, which it begins: 0, ERR_SYNTAX if it is no GeoJSON
 * feature collection, ERR_NOMEM or an error of reading; @p out is empty then. */
int wall_outlines_read(const char *file, struct buf *out) MUST_USE;

#endif
