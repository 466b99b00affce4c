/**
 * @file
 * What the files of reception share; nobody else includes it.
 */
#ifndef CORE_RECEPTION_OWN_H
#define CORE_RECEPTION_OWN_H

#include "core/reception.h"
#include "wire/body.h"
#include "wire/status.h"
#include "wire/topic.h"

/** Reception's own memory. */
struct reception {
    struct centre *centre;            /**< what it feeds */
    struct reception_effects effects; /**< where effects go */
    struct pack_reader reader;        /**< reused for every pack */
    struct vec entries;               /**< struct check_entry of the list being read */
    struct vec units;                 /**< uint32_t unit numbers of those */
    struct reason hold;               /**< why packs are held, "" = they are not */
    struct publishers *publishers;    /**< what each may cost */
    uint32_t who;                     /**< publisher of the present message */
    uint64_t boot;                    /**< of this start's markers */
    char id[TOPIC_NAME_MAX + 1];      /**< of this collector */
};

/** A stream's pack on its way through. */
struct reception_pack {
    const struct reception_message *message; /**< as it came */
    struct topic topic;                      /**< taken apart */
    uint32_t probe;                          /**< number in the inventory */
    struct stream_offer offer;               /**< its numbers */
    bool late;                               /**< its readings are of the past */
};

/** Takes a message of a probe's stream. */
int reception_data(struct reception *r, const struct reception_message *m,
                   const struct topic *topic);
/** Takes a probe's status. */
int reception_status(struct reception *r, const struct reception_message *m,
                     const struct topic *topic);
/** Takes a plain publisher's pack. */
int reception_plain(struct reception *r, const struct reception_message *m,
                    const struct topic *topic);
/** Why @p m cannot be stored now, NULL if it can. */
const char *reception_held(const struct reception *r, const struct reception_message *m);
/** Why what is in the reader and was taken to be right must wait for our clock, NULL if it must
 * not; then it has its say on that clock. */
const char *reception_readings_early(struct reception *r, const struct reception_pack *p);
/** The same of a list or a last gasp. */
const char *reception_body_early(struct reception *r, const struct reception_pack *p,
                                 const struct body *body);
/** Why readings that were just refused must wait for our clock instead: nothing is wrong with them
 * but that they are ahead, and it may be us. NULL if they are refused rightly. Reads them again. */
const char *reception_readings_ahead(struct reception *r, const struct reception_pack *p);
/** The same of a list or a last gasp. */
const char *reception_body_ahead(struct reception *r, const struct reception_pack *p);
/** @p probe announces work on site, in its stream or ahead of it: told to whom it concerns unless
 * it was before. */
int reception_work(struct reception *r, uint32_t probe, const struct body_work *work,
                   struct wall_ms received);
/** True if the reader's readings are older than any that were still on their way could be. */
bool reception_readings_late(const struct reception *r, const struct reception_message *m);
/** Lays a message aside for good. */
int reception_refuse(struct reception *r, const struct reception_message *m, const char *why);
/** The reader's readings become evidence of @p probe, where lists name them. */
int reception_evidence(struct reception *r, uint32_t probe, struct wall_ms received);
/** The reader's readings that measure a signal count as measured coverage; @p probe is INV_NONE for
 * a plain publisher. */
int reception_measured(struct reception *r, struct slice source, uint32_t probe,
                       struct wall_ms received);
/** The reader's readings of power plants say what feeds their sites; @p probe as above. */
int reception_supply(struct reception *r, uint32_t probe, struct wall_ms received);
/** The reader's acceptance records take units of the probe's own site into service; the inventory
 * may be another one after it. */
int reception_accept(struct reception *r, uint32_t probe, struct wall_ms received);
/** Resolves a list; ERR_NOT_FOUND with a sentence if it names what the inventory does not know. */
int reception_list(struct reception *r, uint32_t probe, const struct checklist *list,
                   struct reason *ret_why);
/** ERR_RANGE or ERR_FULL with a sentence if a time of the reader's readings is too far in the past,
 * or its publisher uses too many names. */
int reception_bounded(struct reception *r, const struct reception_message *m,
                      struct reason *ret_why);
/** ERR_NOT_FOUND with a sentence if a site of the reader's readings is not in the inventory. */
int reception_sites_known(struct reception *r, struct reason *ret_why);

#endif
