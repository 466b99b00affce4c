/**
 * @file
 * What the API's answers consist of, in short: one line per kind of object, from which
 * `/api/v1/openapi.json` is written, and which the tests hold real answers against.
 *
 * Fields are words "name:type". A `?` behind the name: it may be absent; behind the type: it may be
 * null. Types: text, int, number, bool, instant (a text), map (an object whose names are data), the
 * name of another schema, or one of these in brackets: a list, whose items may be null likewise.
 * Paths are the shell's (shell/routes.c).
 */
#ifndef CODEC_API_SCHEMA_H
#define CODEC_API_SCHEMA_H

#include "codec/emit.h"

#include <stddef.h>

/** One kind of object. */
struct api_schema {
    const char *name;   /**< in OpenAPI */
    const char *about;  /**< one sentence */
    const char *fields; /**< see above */
};

/** All of them; *ret_len. */
const struct api_schema *api_schemas(size_t *ret_len);
/** The one called @p name, NULL if there is none. */
const struct api_schema *api_schema_find(struct slice name);
/** The schemas as members of the open object (OpenAPI components.schemas). */
void api_schema_write(struct emit *e);
/** One type, as above, as the member @p key: {"type":"string"} or {"$ref":...}. */
void api_schema_type(struct emit *e, const char *key, struct slice type);

#endif
