/**
 * @file
 * Reasons in Vietnamese: the fixed sentences of checks, disk, broker and centre, which are English
 * everywhere else (packs, log, API), for the technician who asks `ioc-probe status --lang vi`.
 *
 * What it does not know - a server's own words, a library's - stays as it is. Pure.
 */
#ifndef SHELL_STATUS_REASON_H
#define SHELL_STATUS_REASON_H

#include "base/buf.h"
#include "shell/status_text.h"

/** Appends @p reason in @p language; parts of it that vary are kept, translated if they are reasons
 * of their own. O(sentences known). */
void status_reason(struct buf *out, enum status_language language, const char *reason);

#endif
