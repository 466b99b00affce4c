#include "shell/replies.h"

#include "base/err.h"
#include "io/file.h"
#include "io/log.h"
#include "shell/sms_spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AUDITED_PER_HOUR = 100, HOUR_MS = 3600000, LOOK_TICKS = 5 };

/* One message that waits. */
struct waiting {
    char device[64];            /* of the modem; "" = a file */
    char file[FILE_PATH_MAX];   /* of the spool */
    struct sms_message message; /* as it came */
    bool taken;                 /* in the change under way */
};

struct replies {
    struct replies_setup setup;
    char dial_code[8];
    char spool[FILE_PATH_MAX];
    struct waiting waiting[REPLIES_MAX];
    size_t len;
    uint64_t counts[REPLY_RESULTS];
    struct sms_spool *looking; /* a worker has it */
    unsigned ticks;
    int64_t hour; /* of audited */
    unsigned audited;
};

int replies_open(const struct replies_setup *setup, struct replies **ret_replies)
{
    struct replies *r = calloc(1, sizeof *r);
    if (!r)
        return ERR_NOMEM;
    r->setup = *setup;
    *ret_replies = r;
    return 0;
}

void replies_close(struct replies *r)
{
    if (!r)
        return;
    if (r->looking)
        r->looking->context = NULL;
    free(r);
}

void replies_set(struct replies *r, const char *dial_code, const char *spool)
{
    snprintf(r->dial_code, sizeof r->dial_code, "%s", dial_code);
    snprintf(r->spool, sizeof r->spool, "%s", spool);
}

const uint64_t *replies_counts(const struct replies *r)
{
    return r->counts;
}

/* What comes again because it is not stored yet waits already. */
static void add(struct replies *r, const struct waiting *one)
{
    for (size_t i = 0; i < r->len; i++)
        if (strcmp(r->waiting[i].device, one->device) == 0 &&
            strcmp(r->waiting[i].file, one->file) == 0 &&
            r->waiting[i].message.index == one->message.index)
            return;
    if (r->len < REPLIES_MAX) /* else it comes again */
        r->waiting[r->len++] = *one;
}

/* Strangers may send as many as they like: the first of an hour are recorded, all are counted. */
static bool may_audit(struct replies *r, struct wall_ms now)
{
    if (now.ms / HOUR_MS != r->hour)
        r->audited = 0;
    r->hour = now.ms / HOUR_MS;
    return r->audited++ < AUDITED_PER_HOUR;
}

static void record(struct replies *r, const struct waiting *one, const struct reply *reply,
                   struct wall_ms now)
{
    struct audit_actor actor = {.role = "sms"};
    char act[64], target[32] = "";
    snprintf(actor.who, sizeof actor.who, "%s", reply->person);
    snprintf(actor.address, sizeof actor.address, "%s", one->message.number);
    snprintf(act, sizeof act, "SMS %s", reply_result_word((int)reply->result));
    if (reply->number)
        snprintf(target, sizeof target, "SC%llu", (unsigned long long)reply->number);
    struct audit_entry entry = audit_by(&actor, now, act, target);
    entry.text[AUDIT_DETAIL] = slice_of(one->message.text);
    if (reply->person[0] || may_audit(r, now))
        r->setup.audit(r->setup.context, &entry);
    log_event(reply->result == REPLY_TAKEN ? LOG_INFO : LOG_WARNING, "reply.sms",
              "result=%s who=%s from=%s number=%llu", reply_result_word((int)reply->result),
              reply->person, one->message.number, (unsigned long long)reply->number);
}

int replies_take(struct replies *r, const char *number, struct slice text, struct reply *ret_reply)
{
    char phone[PHONE_MAX] = "";
    int err = 0;
    *ret_reply = (struct reply){.result = REPLY_STRANGER};
    if (phone_read(slice_of(number), r->dial_code, phone) == 0)
        err = reply_take(r->setup.centre, r->setup.pager, r->setup.rota, phone, text,
                         loop_now(r->setup.loop).wall, ret_reply);
    r->counts[ret_reply->result]++;
    return err;
}

/* One that finds no memory waits on. */
static void take(struct replies *r, struct waiting *one)
{
    struct reply reply;
    struct wall_ms now = loop_now(r->setup.loop).wall;
    if (replies_take(r, one->message.number, slice_of(one->message.text), &reply) != 0)
        return;
    one->taken = true;
    record(r, one, &reply, now);
}

static void on_read(struct sms_spool *spool)
{
    struct replies *r = spool->context;
    for (size_t i = 0; r && i < spool->len; i++) {
        struct waiting one = {.message = spool->message[i]};
        if (file_join(one.file, spool->folder, spool->name[i]) == 0)
            add(r, &one);
    }
    if (r)
        r->looking = NULL;
    free(spool);
}

static void look(struct replies *r)
{
    struct sms_spool *spool = r->spool[0] && !r->looking ? calloc(1, sizeof *spool) : NULL;
    if (!spool)
        return;
    snprintf(spool->folder, sizeof spool->folder, "%s", r->spool);
    spool->context = r;
    if (sms_spool_read(r->setup.loop, spool, on_read) == 0)
        r->looking = spool;
    else
        free(spool);
}

static void take_all(struct replies *r)
{
    bool any = false;
    for (size_t i = 0; i < r->len; i++)
        any = any || !r->waiting[i].taken;
    if (!any || !r->setup.settled(r->setup.context))
        return;
    r->setup.change(r->setup.context);
    for (size_t i = 0; i < r->len; i++)
        if (!r->waiting[i].taken)
            take(r, &r->waiting[i]);
}

void replies_came(struct replies *r, const char *device, const struct sms_message *message)
{
    struct waiting one = {.message = *message};
    snprintf(one.device, sizeof one.device, "%s", device);
    add(r, &one);
    take_all(r);
}

void replies_tick(struct replies *r)
{
    if (r->ticks++ % LOOK_TICKS == 0)
        look(r);
    take_all(r);
}

static void let_go(struct replies *r, const struct waiting *one)
{
    if (one->device[0])
        r->setup.taken(r->setup.context, one->device, one->message.index);
    else if (file_remove(one->file) != 0)
        log_event(LOG_ERROR, "reply.not_removed",
                  "file=%s do=\"let the collector write in the folder\"", one->file);
}

void replies_committed(struct replies *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->len; i++) {
        if (r->waiting[i].taken)
            let_go(r, &r->waiting[i]);
        else
            r->waiting[kept++] = r->waiting[i];
    }
    r->len = kept;
}
