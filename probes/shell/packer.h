/**
 * @file
 * From reports to packs: fills one pack as reports come and gives it away when core/pack_period.h
 * says so. No files, no clock of its own.
 */
#ifndef SHELL_PACKER_H
#define SHELL_PACKER_H

#include "checks/check.h"
#include "core/pack_period.h"
#include "shell/outbox_record.h"
#include "wire/pack_writer.h"

/** Takes a full pack of @p readings readings; valid during the call. */
typedef void packer_fn(void *arg, enum outbox_kind kind, struct slice body, uint32_t readings);

/** Storage of the caller; members may be read. */
struct packer {
    struct pack_period period; /**< when to close */
    struct buf bytes;          /**< the pack being filled */
    struct pack_writer writer; /**< writes into bytes */
    enum outbox_kind kind;     /**< which times the pack being filled carries */
    packer_fn *fn;             /**< takes packs */
    void *arg;                 /**< its argument */
};

/** One report on its way into a pack. */
struct packer_entry {
    size_t index;                      /**< of the check in the list */
    const struct check_type *type;     /**< its type */
    const struct check_common *common; /**< its name and site */
    enum outbox_kind kind;             /**< which time this is */
    int64_t time_us;                   /**< start of the run, as the kind says */
    const struct check_report *report; /**< what came out */
};

/** An empty packer for @p checks checks: 0 or ERR_NOMEM. */
int packer_init(struct packer *p, size_t checks, int64_t period_ms, struct mono_ms now,
                packer_fn *fn, void *arg) MUST_USE;
/** Frees all, with what was not closed. Accepts a zeroed one. */
void packer_done(struct packer *p);
/** Adds the verdict and every known value of a report; closes the pack before if it would grow too
 * large or its times are of the other kind. 0 or ERR_NOMEM. */
int packer_add(struct packer *p, const struct packer_entry *entry, struct mono_ms now) MUST_USE;
/** Closes the pack if it is due, or if @p force; an empty one is never given away. True if the
 * period ended or a pack was given away. */
bool packer_close(struct packer *p, struct mono_ms now, bool force);

#endif
