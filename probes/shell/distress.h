/**
 * @file
 * Tells people without the centre that the centre is gone: SMS by the probe's own modem, or a
 * program (issue 5 section 4).
 *
 * Who is to be told what, and when, is core/deadman.h's; the words are core/deadman_text.h's. One
 * ear at a time, each try bounded in time; what was told is handed to the owner at once, who keeps
 * it for the next life. Broker and centre are not needed for any of it.
 */
#ifndef SHELL_DISTRESS_H
#define SHELL_DISTRESS_H

#include "base/buf.h"
#include "core/clock_trust.h"
#include "io/loop.h"
#include "shell/probe_config.h"
#include "shell/status_text.h"

/** How long a probe that stops waits for the answer to what is under way: a network takes an SMS
 * within a few seconds. */
#define DISTRESS_FINISH_MS 5000

struct check_report;
struct distress;

/** What it needs; all but config and kept outlives it. */
struct distress_setup {
    struct loop *loop;                         /**< it runs on */
    const struct probe_config_deadman *config; /**< of the file; copied */
    const char *probe;                         /**< its name */
    const struct clock_trust *trust;           /**< whether times can be told */
    struct slice kept;                         /**< by another life, "" = nothing */
    loop_fn *changed;                          /**< distress_keep() has something new */
    void *arg;                                 /**< of changed */
};

/** 0 or ERR_NOMEM. What another life kept and makes no sense is named in the log. */
int distress_open(const struct distress_setup *setup, struct distress **ret_distress) MUST_USE;
/** The check that is the centre's sign of life has run, from @p started on. */
void distress_see(struct distress *d, struct now started, const struct check_report *report);
/** Appends what the next life has to know. Accepts NULL: nothing. */
void distress_keep(const struct distress *d, struct buf *out);
/** Appends how it stands, for `ioc-probe status`: a line. */
void distress_report(const struct distress *d, enum status_language language, struct buf *out);
/** Begins no try any more; awaits what becomes of the one under way, which may have been heard, for
 * DISTRESS_FINISH_MS at most. Then calls @p finished with @p arg, from the loop or at once. Accepts
 * NULL. */
void distress_finish(struct distress *d, loop_fn *finished, void *arg);
/** What is under way is let go of; whoever has heard it without our knowing hears it again. Accepts
 * NULL. */
void distress_close(struct distress *d);

#endif
