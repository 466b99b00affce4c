/**
 * @file
 * The inside of the agent, shared by its sources: agent.c (life and reports), agent_packs.c (what
 * goes into the outbox), agent_link.c (broker and stream), agent_status.c (what the probe says of
 * itself), agent_distress.c (what it says without the centre), agent_report.c (text for people).
 * Nobody else includes it.
 */
#ifndef SHELL_AGENT_OWN_H
#define SHELL_AGENT_OWN_H

#include "core/clock_trust.h"
#include "core/window.h"
#include "io/mqtt.h"
#include "shell/agent.h"
#include "shell/distress.h"
#include "shell/memory.h"
#include "shell/packer.h"
#include "shell/watch.h"
#include "wire/status.h"

/** The agent. */
struct agent {
    struct check_env env;       /**< what checks work with */
    struct loop *loop;          /**< of env */
    struct probe_config config; /**< its own */
    struct rng rng;             /**< splay and jitter */
    uint64_t boot;              /**< random per start, as in the status */
    enum start start;           /**< how the life before ended, for its first list */

    struct watch *watch;           /**< the checks */
    struct memory *memory;         /**< what they remember across a restart; NULL once closed */
    struct distress *distress;     /**< tells people without the centre; NULL = nobody is told */
    size_t sign_check;             /**< index of the check that shows it alive, or checks.len */
    struct results results;        /**< their last results */
    struct packer *packer;         /**< the pack being filled */
    struct loop_timer *pack_timer; /**< when it may be due */
    size_t gasp_check;             /**< index of the check that tells of power, or checks.len */

    struct outbox *outbox;    /**< NULL once it is closed */
    struct window window;     /**< what to publish */
    uint64_t puts;            /**< packs given to the outbox */
    uint64_t stored;          /**< of these, durable */
    uint64_t listed_low;      /**< the list was repeated for this low */
    uint64_t listed_from;     /**< the newest list is pack listed_from or a later one */
    struct buf render;        /**< a pack with its times made absolute */
    uint64_t lost_boot_packs; /**< untimed packs sent */

    struct clock_trust trust;    /**< which time results carry */
    struct mono_ms clock_looked; /**< the kernel was last asked */
    uint64_t monotonic_puts;     /**< packs of this boot stored by monotonic time */

    struct mqtt *mqtt;             /**< the broker */
    struct loop_timer *pump_timer; /**< the window's deadline */
    struct loop_timer *wait_timer; /**< while awaiting, or until the time is asked for again */
    struct mono_ms asked;          /**< the birth was sent */
    uint64_t asked_boot;           /**< the centre's boot that the time was asked of */
    unsigned asks;                 /**< births since that boot was seen */
    uint64_t conn;                 /**< of the present or next connection */
    uint64_t told_unwritten;       /**< packs lost without a number, as the last status said */
    struct mono_ms up_since;       /**< connected, or lost */
    struct mono_ms ack_at;         /**< last answer of the centre */
    char why_down[160];            /**< of the broker connection, "" while up */

    uint64_t gasp_put; /**< the put that carries the last gasp, 0 = none waits */
    int64_t gasp_us;   /**< time of the last gasp, absolute; 0 = the clock is untrusted */
    struct loop_timer *gasp_timer; /**< tells without the disk */

    struct mono_ms work_until;             /**< people work on site, as they said here */
    char work_reason[BODY_REASON_MAX + 1]; /**< what they do */
    int64_t work_from_us;       /**< of the announcement, as its pack carries it; 0 = none */
    enum outbox_kind work_kind; /**< what that time is */
    int64_t work_ms;            /**< for how long they said so; 0: they have ended */
    uint64_t work_put;          /**< the put that says so, 0 = none waits for the disk */
    uint64_t work_unstored;     /**< packs that the disk had refused before it */
    loop_fn *work_stored;       /**< called when it is on disk */
    void *work_arg;             /**< its argument */

    struct loop_timer *farewell_timer; /**< the broker does not take the farewell */
    agent_config_fn *on_config;        /**< takes changes from the centre */
    void *on_config_arg;               /**< its argument */
    loop_fn *closed;                   /**< whom to tell that the agent is gone */
    void *closed_arg;                  /**< its argument */

    bool said_start;     /**< that list was sent */
    bool renumbering;    /**< nothing is published and no answer counts meanwhile */
    bool clock_asked;    /**< the kernel was asked about the clock */
    bool clock_kept;     /**< this boot's offset is durable */
    bool awaiting;       /**< the answer to the birth: no pack leaves before */
    bool ask_again;      /**< a centre came that has not heard a birth */
    bool ask_open;       /**< the birth is not answered yet */
    bool ack_known;      /**< the centre answered at least once */
    bool settled;        /**< it answered on this connection */
    bool centre_seen;    /**< a centre's status was read */
    bool centre_online;  /**< what that said */
    bool status_backlog; /**< the last status told of packs that wait */
    bool gasping;        /**< power is lost */
    bool stopping;       /**< agent_close() was called */
    bool parting;        /**< the connection is being closed */
};

/** A boot or epoch for the log. */
struct agent_hex {
    char text[17]; /**< 16 digits and a NUL */
};

/** @p value as 16 hex digits, as in topics. */
struct agent_hex agent_hex(uint64_t value);

/** Looks at the clock, at most once a second. */
void agent_clock(struct agent *a);
/** This boot has its offset: makes it durable if packs may depend on it. */
void agent_clock_found(struct agent *a);

/** What is to outlive a restart is taken to memory; @p arg is the agent. */
void agent_remember(void *arg);
/** Opens what tells people without the centre, as @p config says; it goes on from what the present
 * one knows, else from memory, and is the present one if nothing changed; NULL if nobody is to be
 * told. 0 or ERR_NOMEM. */
int agent_distress_open(struct agent *a, const struct probe_config *config,
                        struct distress **ret_distress) MUST_USE;
/** Makes @p distress the agent's, as its configuration is now. */
void agent_distress_use(struct agent *a, struct distress *distress);

/** Takes a report of a check. */
void agent_packs_report(struct agent *a, size_t index, struct now started,
                        const struct check_report *report);
/** Makes packer and results for @p config, which becomes the agent's, closes the pack being filled,
 * and sends the new list: 0, or ERR_NOMEM with everything as it was. */
int agent_packs_begin(struct agent *a, const struct probe_config *config) MUST_USE;
/** Frees what agent_packs_begin() made. */
void agent_packs_free(struct agent *a);
/** Puts a pack of its own into the outbox, behind what was measured before. */
void agent_packs_put(struct agent *a, enum outbox_kind kind, struct slice body, uint32_t readings);
/** Sends the list of checks. */
void agent_packs_list(struct agent *a);
/** Closes the pack being filled if it is due, or if @p force. */
void agent_packs_close(struct agent *a, bool force);
/** Writes the last gasp of now. */
void agent_packs_gasp(struct agent *a);
/** Writes that people work on site for @p ms from now on; 0: not any more. */
void agent_packs_work(struct agent *a, int64_t ms, const char *reason);
/** The outbox has stored something: perhaps what people said. */
void agent_work_stored(struct agent *a);
/** People said that they work on site. */
bool agent_works(const struct agent *a);
/** Appends for how long still, and why, while agent_works(). */
void agent_work_report(const struct agent *a, enum status_language language, struct buf *out);
/** The timer of the pack being filled. */
void agent_packs_timer(void *arg);

/** Connects: 0 or an error. */
int agent_link_open(struct agent *a) MUST_USE;
/** Publishes what may be published. */
void agent_link_pump(struct agent *a);
/** A timer asks to pump. */
void agent_link_timer(void *arg);
/** The birth was not answered in time. */
void agent_link_waited(void *arg);
/** Outbox events. */
void agent_link_stored(void *arg, uint64_t seq);
void agent_link_dropped(void *arg, uint64_t low); /**< see agent_link_stored() */
void agent_link_renumbered(void *arg);            /**< see agent_link_stored() */
void agent_link_clock_kept(void *arg);            /**< see agent_link_stored() */

/** The will of the connection to come. */
void agent_status_will(struct agent *a, struct mqtt_will *will);
/** Publishes the probe's state and calls @p done, with the agent, once the broker has it: 0, or an
 * error, then it does not. */
int agent_status_tell(struct agent *a, enum status_state state, mqtt_done *done) MUST_USE;
/** Publishes the probe's state, if connected. */
void agent_status_publish(struct agent *a, enum status_state state);
/** Online, or the last gasp if power is lost. */
void agent_status_now(struct agent *a);
/** The disk had its time: the last gasp is told. */
void agent_status_gasp(void *arg);

#endif
