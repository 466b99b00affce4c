/**
 * @file
 * A whole centre in memory, fed with messages as the intake log would give them: for tests of what
 * messages cause, from a topic to an outage. Every helper ends the test when something fails that
 * should not.
 */
#ifndef SUPPORT_CENTRE_RIG_H
#define SUPPORT_CENTRE_RIG_H

#include "base/buf.h"
#include "core/centre.h"
#include "core/reception.h"

/** Instant 0 of every rig's clock; helpers take seconds since then. */
#define RIG_START_MS INT64_C(1790000000000)
/** Epoch of the packs that rig_pack() sends. */
#define RIG_EPOCH "00000000000000aa"

enum { RIG_PROBES = 8 };

/** Storage of the caller. */
struct rig {
    struct centre *centre;       /**< what is tested */
    struct reception *reception; /**< its door */
    struct buf said;             /**< effects of the last message, as text, one a line */
    uint64_t messages;           /**< given so far */
    uint64_t seq[RIG_PROBES];    /**< last one sent, by number of the probe */
    uint64_t marker;             /**< last one given */
    bool after_damage;           /**< part of the log before the next messages is lost */
};

/** A centre over the inventory @p text (see sample_inventory.h). */
void rig_init(struct rig *rig, const char *text);
/** Frees it. */
void rig_done(struct rig *rig);
/**
 * Gives one message @p at_s seconds after the start. The effects: "ack p1 upto=3 gap hold=...
 * refused=3:..." (only what is there), "readings p1 5", "dead ...", "conflict p1", "work p1 from=..
 * for=.. why" (seconds). The message
 * equation of the ledger is asserted.
 */
const char *rig_say(struct rig *rig, const char *topic, const char *payload, double at_s);
/** As above, as a retained copy. */
const char *rig_copy(struct rig *rig, const char *topic, const char *payload, double at_s);
/** The next pack of @p probe's stream. */
const char *rig_pack(struct rig *rig, const char *probe, const char *payload, double at_s);
/** A list of checks of @p site valid from @p at_s: icmp/a for @p units_a and, unless it is NULL,
 * icmp/b for @p units_b (the inside of a JSON array each); required, interval 10 s, ttl 25 s. */
void rig_list(struct rig *rig, const char *probe, const char *site, const char *units_a,
              const char *units_b, const char *cause, double at_s);
/** Results of icmp/@p check each 10 s in [from_s, to_s), each received at once but none before @p
 * received_s. */
void rig_results(struct rig *rig, const char *probe, const char *site, char check, int verdict,
                 double from_s, double to_s, double received_s);
/** A connection at @p from_s and markers each second up to @p to_s: we listen. */
void rig_listen(struct rig *rig, double from_s, double to_s);
/** Asserts that units by state are those that a look at all of them finds. */
void rig_census(const struct rig *rig);
/** Time passes to @p at_s; the census is right then. */
void rig_advance(struct rig *rig, double at_s);
/** The instant @p at_s. */
struct wall_ms rig_at(double at_s);
/** Saves everything into a second rig over the same inventory, initialised here. */
void rig_restart(struct rig *old, const char *text, struct rig *fresh);

#endif
