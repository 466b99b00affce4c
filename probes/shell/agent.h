/**
 * @file
 * The probe at work: checks, packs, outbox, broker and status wired together on one loop (DESIGN
 * section 3).
 *
 * It decides nothing that a pure module decides: the schedule says when, core/window.h what to
 * publish, core/clock_trust.h which time. Signals, the configuration file and the socket of
 * `ioc-probe status` are shell/service.h's.
 */
#ifndef SHELL_AGENT_H
#define SHELL_AGENT_H

#include "base/buf.h"
#include "checks/check.h"
#include "shell/outbox.h"
#include "shell/probe_config.h"
#include "shell/results.h"
#include "shell/status_text.h"
#include "shell/work.h"

struct agent;

/** Takes what the centre publishes on the probe's topic `config`; empty: nothing is changed any
 * more. It may call agent_reload(). */
typedef void agent_config_fn(void *arg, struct slice message);

/** Starts everything: 0, or an error told in the log. @p config is the agent's from now on,
 * whatever is returned; @p env must outlive it. */
int agent_open(const struct check_env *env, struct probe_config *config, agent_config_fn *on_config,
               void *arg, struct agent **ret_agent) MUST_USE;
/** Stops cleanly: whoever is being told that the centre is gone is awaited for a while, the pack
 * being filled is closed and made durable, `stopped` is published, then @p closed is called and the
 * agent is gone. */
void agent_close(struct agent *a, loop_fn *closed, void *arg);
/**
 * Takes a changed configuration, which is the agent's from now on if 0 is returned: checks start
 * anew and their list is sent. What cannot change while running (broker, outbox, socket) stays and
 * is told in the log. The old one stays at work after ERR_BUSY (another probe or site: needs a
 * restart), ERR_CLOSED (stopping) or ERR_NOMEM.
 */
int agent_reload(struct agent *a, struct probe_config *config) MUST_USE;
/** Mains power is lost: the last gasp goes into the outbox, then into the status. */
void agent_power_lost(struct agent *a);
/** How all of it is, as an exit code: 2 a check failed, power is lost or the disk refuses; 1 a
 * check is degraded, or the broker is away, or the centre holds, or packs were lost; 3 a check
 * cannot tell; else 0. */
int agent_health(const struct agent *a);
/** Does what people on site ask: announces work to the centre, or its end, through the outbox, and
 * appends how that stands. False: that is so once the outbox has it on disk, when @p stored is
 * called once with @p arg; the last such call counts. */
bool agent_work(struct agent *a, const struct work_request *request, enum status_language language,
                struct buf *out, loop_fn *stored, void *arg);
/** Prints the acceptance record of the site to @p out, signed, and puts it into the outbox, even
 * where it says that something did not pass; not without a clock. @p by accepts, @p position says
 * where ("" = not told). True if everything passed. */
bool agent_accept(struct agent *a, enum status_language language, const char *by,
                  const char *position, struct buf *out);
/** What a technician wants to know, for `ioc-probe status`. */
void agent_report(const struct agent *a, enum status_language language, struct buf *out);

#endif
