/**
 * @file
 * What is sent as people wrote it: a text with {variables}, whose values are escaped so that no
 * name of a site can change what the rest means.
 *
 * Braces around anything else stay, so that JSON can be written as it is.
 */
#ifndef SHELL_NOTIFY_TEMPLATE_H
#define SHELL_NOTIFY_TEMPLATE_H

#include "shell/notify_own.h"

/** How values are escaped. */
enum notify_escape {
    NOTIFY_PLAIN, /**< not at all */
    NOTIFY_JSON,  /**< inside a JSON string (RFC 8259 section 7) */
    NOTIFY_FORM,  /**< in a URL or form (RFC 3986 section 2.1) */
};

/** What a body of @p content_type needs. */
enum notify_escape notify_template_escape(const char *content_type);
/** Appends @p template with the values of the flight and its present number. */
void notify_template_write(const struct notify_flight *flight, const char *template,
                           enum notify_escape escape, struct buf *out);

#endif
