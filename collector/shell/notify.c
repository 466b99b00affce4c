#include "shell/notify_modems.h"

#include "base/err.h"
#include "io/file.h"
#include "io/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A kind is sent either by a start that ends with a response, or by a worker. */
static const struct {
    notify_start *start;
    void (*work)(struct notify_flight *flight);
} KINDS[] = {
    [NOTIFY_WEBHOOK] = {notify_webhook, NULL},
    [NOTIFY_ALERTMANAGER] = {notify_alertmanager, NULL},
    [NOTIFY_PROGRAM] = {NULL, notify_program},
    [NOTIFY_SMSTOOLS] = {NULL, notify_smstools},
    [NOTIFY_MODEM] = {notify_modem, NULL},
    [NOTIFY_GATEWAY] = {notify_gateway, NULL},
    [NOTIFY_PAGERDUTY] = {notify_pagerduty, NULL},
    [NOTIFY_TELEGRAM] = {notify_telegram, NULL},
    [NOTIFY_MAIL] = {notify_mail, NULL},
};

enum { REPEAT_BODY_MAX = NOTIFY_REPEAT_MAX * 4096 };

/* The target of a flight that was reloaded meanwhile. */
#define STALE SIZE_MAX

/* A target as it is used. */
struct target {
    struct notify_conf conf;
    char secret[NOTIFY_SECRET_MAX], token[NOTIFY_SECRET_MAX];
    struct notify_flight *flight; /* under way to it */
    size_t device;                /* modem: of its devices, that worked last */
    bool failing;                 /* told in the log */
    struct mono_ms repeats;       /* when it hears again of what goes on */
    uint32_t repeat_at;           /* where pager_standing() goes on; 0 = from the start */
};

struct notify {
    struct notify_setup setup;
    struct target target[RULE_TARGETS_MAX];
    size_t targets;
    struct notify_flight *at_work; /* a worker has it */
    struct notify_modems modems;
    struct mail_client *mailer;
    char link_url[NOTIFY_LINK_MAX];
    int64_t link_ms;
    char heartbeat_url[256];
    int64_t heartbeat_ms;
    struct loop_timer *heartbeat;
    struct http_call *beat;
    struct loop_timer *patience; /* until finished is called */
    loop_fn *finished;           /* NULL: it goes on */
    void *finished_arg;
};

static void on_heartbeat(void *arg);
static void on_patience(void *arg);

int notify_open(const struct notify_setup *setup, struct notify **ret_notify)
{
    struct notify *n = calloc(1, sizeof *n);
    if (!n)
        return ERR_NOMEM;
    n->setup = *setup;
    int err = loop_timer_open(setup->loop, on_heartbeat, n, &n->heartbeat);
    if (!err)
        err = loop_timer_open(setup->loop, on_patience, n, &n->patience);
    if (!err)
        err = mail_client_open(setup->loop, setup->dns, &n->mailer);
    if (err) {
        loop_timer_close(n->heartbeat);
        loop_timer_close(n->patience);
        free(n);
        return err;
    }
    *ret_notify = n;
    return 0;
}

static void free_flight(struct notify_flight *f)
{
    buf_done(&f->body);
    free(f);
}

/* A request is given up; what a worker is at goes on, and what becomes of it still counts. */
static void let_go(struct target *t)
{
    struct notify_flight *f = t->flight;
    t->flight = NULL;
    if (!f)
        return;
    f->target = STALE;
    if (f->owner->at_work == f)
        return;
    http_cancel(f->call);
    mail_cancel(f->mail);
    notify_leave_modem(f);
    page_box_land(pager_box(f->owner->setup.pager), f->page.id);
    free_flight(f);
}

static bool is_flying(const struct notify *n)
{
    bool flying = n->at_work != NULL;
    for (size_t i = 0; i < n->targets; i++)
        flying = flying || n->target[i].flight;
    return flying;
}

static void on_patience(void *arg)
{
    struct notify *n = arg;
    if (is_flying(n))
        log_event(LOG_WARNING, "pages.unanswered", "do=\"the next start sends them again\"");
    n->finished(n->finished_arg);
}

void notify_finish(struct notify *n, loop_fn *finished, void *arg)
{
    if (!n || !is_flying(n)) {
        finished(arg);
        return;
    }
    log_event(LOG_INFO, "pages.awaited", "patience_ms=%d", NOTIFY_FINISH_MS);
    n->finished = finished;
    n->finished_arg = arg;
    loop_timer_after(n->patience, NOTIFY_FINISH_MS);
}

bool notify_is_finishing(const struct notify_flight *flight)
{
    return flight->owner->finished != NULL;
}

/* The last one that was awaited ends the waiting, from the loop. */
static void look_finished(struct notify *n)
{
    if (n->finished && !is_flying(n))
        loop_timer_after(n->patience, 0);
}

void notify_close(struct notify *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->targets; i++)
        let_go(&n->target[i]);
    if (n->at_work)
        n->at_work->owner = NULL;
    notify_modems_close(&n->modems);
    mail_client_close(n->mailer);
    http_cancel(n->beat);
    loop_timer_close(n->heartbeat);
    loop_timer_close(n->patience);
    free(n);
}

static void on_beaten(void *arg, const struct http_response *response)
{
    struct notify *n = arg;
    n->beat = NULL;
    if (response->err || response->status >= 400)
        log_event(LOG_WARNING, "heartbeat.failed", "url=%s status=%d why=%s", n->heartbeat_url,
                  response->status, response->why);
}

/* Whoever misses it knows that this collector is gone, or that its pages do not get out. */
static void on_heartbeat(void *arg)
{
    struct notify *n = arg;
    struct http_request q = {.url = n->heartbeat_url, .max_body = 1024, .timeout_ms = 10000};
    if (n->beat)
        return;
    int err = http_send(n->setup.http, &q, on_beaten, n, &n->beat);
    if (err)
        log_event(LOG_WARNING, "heartbeat.failed", "url=%s why=%s", n->heartbeat_url,
                  err_text(err));
}

static int read_secret(const char *file, char secret[NOTIFY_SECRET_MAX],
                       char ret_why[FIELD_WHY_MAX])
{
    int err = file[0] ? file_read_secret(file, secret, NOTIFY_SECRET_MAX) : 0;
    if (err)
        snprintf(ret_why, FIELD_WHY_MAX, "%.100s: %s", file, err_text(err));
    return err;
}

static void set_links(struct notify *n, const struct rules_file *file)
{
    memcpy(n->link_url, file->link_url, sizeof n->link_url);
    n->link_ms = file->link_ms;
}

/* Only what somebody may take on; the same link at every try. */
static void put_link(const struct notify *n, struct notify_flight *f)
{
    const struct page *p = &f->page;
    bool asks = p->transition == PAGE_FIRED || p->transition == PAGE_ESCALATED;
    if (n->link_url[0] && asks && p->outage)
        ack_link_write(n->setup.link_key, n->link_url, p->id, wall_add(p->made, n->link_ms),
                       f->link, sizeof f->link);
}

static void set_heartbeat(struct notify *n, const struct rules_file *file)
{
    memcpy(n->heartbeat_url, file->heartbeat_url, sizeof n->heartbeat_url);
    n->heartbeat_ms = file->heartbeat_ms;
    loop_timer_stop(n->heartbeat);
    if (n->heartbeat_url[0])
        loop_timer_every(n->heartbeat, 0, n->heartbeat_ms);
}

static void on_came(void *context, struct sms_modem *modem, const struct sms_message *message)
{
    struct notify *n = context;
    n->setup.came(n->setup.context, sms_modem_device(modem), message);
}

void notify_taken(struct notify *n, const char *device, uint32_t index)
{
    struct sms_modem *modem = notify_modems_find(&n->modems, device);
    if (modem)
        sms_modem_taken(modem, index);
}

/* Both were zeroed before they were read; a difference that is none costs a page sent anew. */
static bool are_same(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size) == 0;
}

/* The same target in all that says how it is reached. */
static bool is_same(const struct target *a, const struct target *b)
{
    return are_same(&a->conf, &b->conf, sizeof a->conf) && strcmp(a->secret, b->secret) == 0 &&
           strcmp(a->token, b->token) == 0;
}

/* What is under way to a target that stays goes on, as does what is known of it. */
static void carry_over(struct target *t, struct target *to, size_t at)
{
    *to = *t;
    if (to->flight)
        to->flight->target = at;
}

static void replace_targets(struct notify *n, struct target *fresh, const struct rules_file *file)
{
    for (size_t i = 0; i < n->targets; i++) {
        struct target *t = &n->target[i];
        int at = rules_find_target(&file->rules, t->conf.name);
        bool stays =
            at >= 0 && is_same(t, &fresh[at]) && notify_modems_stay(&n->modems, file, &t->conf);
        if (stays)
            carry_over(t, &fresh[at], (size_t)at);
        else
            let_go(t);
    }
    memcpy(n->target, fresh, sizeof n->target);
    n->targets = file->rules.targets;
}

int notify_set(struct notify *n, const struct rules_file *file, char ret_why[FIELD_WHY_MAX])
{
    struct target *fresh = calloc(RULE_TARGETS_MAX, sizeof *fresh);
    int err = fresh ? 0 : ERR_NOMEM;
    for (size_t i = 0; !err && i < file->rules.targets; i++) {
        fresh[i].conf = file->target[i];
        err = read_secret(file->target[i].secret_file, fresh[i].secret, ret_why);
        if (!err)
            err = read_secret(file->target[i].token_file, fresh[i].token, ret_why);
    }
    if (!err) {
        replace_targets(n, fresh, file);
        set_heartbeat(n, file);
        set_links(n, file);
        if (notify_modems_set(&n->modems, file, n->setup.loop, on_came, n) != 0)
            log_event(LOG_ERROR, "modem.too_many", "most=%d", NOTIFY_DEVICES_MAX);
    }
    free(fresh);
    return err;
}

struct http_client *notify_client(const struct notify_flight *flight)
{
    return flight->owner->setup.http;
}

struct mail_client *notify_mailer(const struct notify_flight *flight)
{
    return flight->owner->mailer;
}

struct sms_modem *notify_modem_of(const struct notify_flight *flight, const char *device)
{
    return notify_modems_find(&flight->owner->modems, device);
}

void notify_use_device(const struct notify_flight *flight, size_t device)
{
    struct target *t = &flight->owner->target[flight->target];
    if (t->device != device)
        log_event(LOG_WARNING, "modem.switched", "target=%s device=%s", t->conf.name,
                  t->conf.devices.text[device]);
    t->device = device;
}

size_t notify_duty(const struct notify *n, const char *role, const char *area,
                   char (*ret_phones)[PHONE_MAX], size_t max)
{
    return rota_phones(n->setup.rota, pager_inventory(n->setup.pager), role, area,
                       loop_now(n->setup.loop).wall, ret_phones, max);
}

static void tell_log(struct target *t, const struct page *page, const struct page_outcome *outcome)
{
    if (outcome->taken)
        log_event(LOG_INFO, "page.sent", "id=%llu target=%s transition=%s severity=%s number=%llu",
                  (unsigned long long)page->id, page->target,
                  page_transition_word((int)page->transition), severity_word((int)page->severity),
                  (unsigned long long)page->number);
    else if (!t->failing)
        log_event(LOG_ERROR, "page.failed",
                  "id=%llu target=%s status=%d why=%s do=\"look at the target; it is tried again\"",
                  (unsigned long long)page->id, page->target, outcome->status, outcome->words);
    t->failing = !outcome->taken;
}

/* The rest of a long list follows at once; what failed waits for the next time. */
static void repeated(struct notify *n, struct target *t, const struct page_outcome *outcome)
{
    bool more = outcome->taken && t->repeat_at;
    if (!outcome->taken && !t->failing)
        log_event(LOG_ERROR, "repeat.failed",
                  "target=%s status=%d why=%s do=\"look at the target; it is tried again\"",
                  t->conf.name, outcome->status, outcome->words);
    t->failing = !outcome->taken;
    t->flight = NULL;
    if (!more) {
        t->repeat_at = 0;
        t->repeats = mono_add(loop_now(n->setup.loop).mono, t->conf.repeat_ms);
    }
}

void notify_landed(struct notify_flight *f, const struct page_outcome *outcome)
{
    struct notify *n = f->owner;
    if (n && f->repeat) {
        repeated(n, &n->target[f->target], outcome);
    } else if (n) {
        struct target stale = {0};
        struct target *t = f->target == STALE ? &stale : &n->target[f->target];
        t->flight = NULL;
        tell_log(t, &f->page, outcome);
        page_box_answered(pager_box(n->setup.pager), f->page.id, outcome,
                          loop_now(n->setup.loop).wall);
        n->setup.answered(n->setup.context);
    }
    if (n)
        look_finished(n);
    free_flight(f);
}

void notify_told(struct notify_flight *f)
{
    page_box_told(pager_box(f->owner->setup.pager), f->page.id, f->told);
    f->owner->setup.answered(f->owner->setup.context);
}

static void on_work(void *arg)
{
    struct notify_flight *f = arg;
    KINDS[f->conf.kind].work(f);
}

static void on_worked(void *arg)
{
    struct notify_flight *f = arg;
    if (f->owner)
        f->owner->at_work = NULL;
    notify_landed(f, &f->outcome);
}

static int work(struct notify *n, struct notify_flight *f)
{
    if (f->conf.kind == NOTIFY_SMSTOOLS && !notify_find_numbers(f))
        return ERR_NOT_FOUND;
    notify_write_json(f, &f->body);
    int err = f->body.err ? f->body.err : loop_work(n->setup.loop, on_work, on_worked, f);
    n->at_work = err ? NULL : f;
    return err;
}

static struct notify_flight *new_flight(struct notify *n, size_t at, const struct page *page)
{
    const struct target *t = &n->target[at];
    struct notify_flight *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->owner = n;
    f->conf = t->conf;
    f->target = at;
    f->device = t->device;
    f->page = *page;
    f->left = loop_now(n->setup.loop).wall;
    memcpy(f->secret, t->secret, sizeof f->secret);
    memcpy(f->token, t->token, sizeof f->token);
    snprintf(f->centre, sizeof f->centre, "%s", n->setup.centre);
    put_link(n, f);
    buf_init(&f->body, NOTIFY_BODY_MAX);
    return f;
}

/* What goes on, for a target that may have lost it; NULL if it is not time or nothing does. */
static struct notify_flight *new_repeat(struct notify *n, size_t at)
{
    struct target *t = &n->target[at];
    struct mono_ms now = loop_now(n->setup.loop).mono;
    if (!t->conf.repeat_ms || mono_since(t->repeats, now) > 0)
        return NULL;
    struct notify_flight *f = new_flight(n, at, &(struct page){0});
    size_t len = 0;
    if (!f)
        return NULL;
    f->repeat = true;
    buf_init(&f->body, REPEAT_BODY_MAX);
    int err = notify_write_standing(f, n->setup.pager, &t->repeat_at, &len);
    if (!err && len > 0)
        return f;
    free_flight(f);
    t->repeat_at = 0;
    t->repeats = mono_add(now, t->conf.repeat_ms);
    return NULL;
}

static struct notify_flight *next_flight(struct notify *n, size_t at)
{
    const struct page *page = page_box_next(pager_box(n->setup.pager), n->target[at].conf.name,
                                            loop_now(n->setup.loop).wall);
    return page ? new_flight(n, at, page) : new_repeat(n, at);
}

static void send_next(struct notify *n, size_t at)
{
    struct target *t = &n->target[at];
    bool by_worker = KINDS[t->conf.kind].work != NULL;
    if (n->finished || t->flight || (by_worker && n->at_work))
        return;
    struct notify_flight *f = next_flight(n, at);
    if (!f)
        return;
    t->flight = f;
    int err = by_worker ? work(n, f) : KINDS[t->conf.kind].start(f);
    if (err) {
        struct page_outcome outcome = {.words = f->words[0] ? f->words : err_text(err)};
        notify_landed(f, &outcome);
    }
}

void notify_pump(struct notify *n)
{
    for (size_t i = 0; i < n->targets; i++)
        send_next(n, i);
}
