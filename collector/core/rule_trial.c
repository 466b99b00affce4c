#include "core/rule_trial_own.h"

#include "base/err.h"
#include "base/num.h"

#include <stdio.h>
#include <string.h>

enum { STEP_MS = 1000, TIMEOUT_MS = 2000, TTL_MS = 30000, UNITS_MAX = 128, THINGS_MAX = 1 << 24 };

int rule_trial_wrong(struct trial *t, const char *what, struct slice word)
{
    buf_printf(t->out, "%s:%zu: %s \"%.*s\"\n", t->file, t->line, what, (int)word.len,
               word.at ? word.at : "");
    return ERR_SYNTAX;
}

struct trial_unit *rule_trial_unit(struct trial *t, uint32_t unit)
{
    return vec_at(&t->units, unit);
}

static struct check_entry entry_of(uint32_t site, struct slice name, enum role role)
{
    return (struct check_entry){.name = name,
                                .site = site,
                                .interval_ms = TRIAL_INTERVAL_MS,
                                .timeout_ms = TIMEOUT_MS,
                                .ttl_ms = TTL_MS,
                                .role = role,
                                .cause = CAUSE_FAULT};
}

/* Checks that only have numbers, each once. */
static size_t list_metrics(const struct trial *t, uint32_t probe, struct check_entry *entries,
                           size_t n)
{
    for (size_t i = 0; i < t->metrics; i++) {
        const struct trial_metric *m = &t->metric[i];
        bool known = m->probe != probe;
        for (size_t k = 0; !known && k < n; k++)
            known = slice_equal(entries[k].name, m->check);
        if (!known)
            entries[n++] = entry_of(m->site, m->check, ROLE_INFO);
    }
    return n;
}

/* One check for each unit of a site, behind those that are there. */
static size_t list_units(const struct trial *t, uint32_t site, struct check_entry *entries,
                         size_t n)
{
    size_t len = 0;
    const uint32_t *units = inventory_site_units(t->centre->inventory, site, &len);
    for (size_t i = 0; i < len && n < UNITS_MAX; i++) {
        const char *name = names_text(&t->centre->inventory->units, units[i]);
        entries[n] = entry_of(site, slice_of(name), ROLE_REQUIRED);
        entries[n].units = &units[i];
        entries[n++].n_units = 1;
    }
    return n;
}

const struct probe_row *rule_trial_probe(const struct trial *t, uint32_t site)
{
    const struct inventory *inv = t->centre->inventory;
    for (uint32_t probe = 0; probe < inv->probes.len; probe++) {
        const struct probe_row *row = inventory_probe(inv, probe, t->now);
        if (row && row->site == site)
            return row;
    }
    return NULL;
}

/* Sites that a probe may speak for and that have none of their own, such as links. */
static size_t list_others(const struct trial *t, const struct probe_row *row,
                          struct check_entry *entries, size_t n)
{
    for (uint32_t i = 0; i < row->also_len; i++) {
        const uint32_t *site = vec_at(&t->centre->inventory->also, row->also_first + i);
        if (!rule_trial_probe(t, *site))
            n = list_units(t, *site, entries, n);
    }
    return n;
}

int rule_trial_list(struct trial *t, const struct probe_row *row)
{
    struct check_entry entries[UNITS_MAX + TRIAL_METRICS_MAX];
    size_t n = list_others(t, row, entries, list_units(t, row->site, entries, 0));
    int err = world_list(t->centre->world, row->probe, t->now, entries,
                         list_metrics(t, row->probe, entries, n));
    for (size_t i = 0; !err && i < n; i++) {
        struct trial_unit *u = rule_trial_unit(t, entries[i].units[0]);
        u->probe = row->probe;
        u->check = world_check(t->centre->world, row->probe, entries[i].site, entries[i].name);
    }
    return err;
}

static bool is_absent(const struct trial *t, uint32_t probe)
{
    for (size_t i = 0; i < t->absent.len; i++)
        if (*(const uint32_t *)vec_at(&t->absent, i) == probe)
            return true;
    return false;
}

static int prepare(struct trial *t)
{
    vec_init(&t->units, sizeof(struct trial_unit), THINGS_MAX);
    vec_init(&t->absent, sizeof(uint32_t), THINGS_MAX);
    while (t->units.len < t->centre->inventory->units.len) {
        struct trial_unit *u = vec_push(&t->units);
        if (!u)
            return ERR_NOMEM;
        *u = (struct trial_unit){VERDICT_OK, 0, UINT32_MAX};
    }
    return 0;
}

/* Everybody but the absent comes. */
static int begin(struct trial *t)
{
    const struct inventory *inv = t->centre->inventory;
    int err = world_connected(t->centre->world, t->start);
    for (uint32_t probe = 0; !err && probe < inv->probes.len; probe++) {
        const struct probe_row *row = inventory_probe(inv, probe, t->start);
        if (!row || is_absent(t, probe))
            continue;
        err = rule_trial_list(t, row);
        if (!err)
            err = world_heard(t->centre->world, probe, t->start);
    }
    t->begun = true;
    return err;
}

static int results(struct trial *t)
{
    enum world_fate fate;
    int err = 0;
    for (uint32_t unit = 0; !err && unit < t->units.len; unit++) {
        const struct trial_unit *u = rule_trial_unit(t, unit);
        if (u->check == UINT32_MAX || u->verdict == TRIAL_QUIET)
            continue;
        err = world_heard(t->centre->world, u->probe, t->now);
        if (!err)
            err = world_result_of(t->centre->world, u->check, t->now, (enum verdict)u->verdict,
                                  t->now, &fate);
    }
    return err;
}

static int numbers(struct trial *t)
{
    const struct inventory *inv = t->centre->inventory;
    int err = 0;
    for (size_t i = 0; !err && i < t->metrics; i++) {
        const struct trial_metric *m = &t->metric[i];
        const struct reading reading = {.site = slice_of(names_text(&inv->sites, m->site)),
                                        .check = m->check,
                                        .metric = m->metric,
                                        .time_us = t->now.ms * 1000,
                                        .kind = READING_NUMBER,
                                        .number = m->value};
        err = pager_readings(t->pager, slice_of(names_text(&inv->probes, m->probe)), &reading, 1,
                             t->now);
    }
    return err;
}

static void print_page(struct trial *t, const struct page *page)
{
    int64_t s = (t->now.ms - t->start.ms) / 1000;
    buf_printf(t->out, "%02d:%02d:%02d %s %s %s %s: %s\n", (int)(s / 3600), (int)(s / 60 % 60),
               (int)(s % 60), page->target, page_transition_word((int)page->transition),
               severity_word((int)page->severity), page->rule, page->sms);
}

/* Every target answers at once. */
static void deliver(struct trial *t)
{
    static const struct page_outcome taken = {.taken = true, .status = 200, .words = "ok"};
    const struct rules *rules = pager_rules(t->pager);
    const struct page *page = NULL;
    for (size_t i = 0; i < rules->targets; i++)
        while ((page = page_box_next(pager_box(t->pager), rules->target[i].name, t->now))) {
            print_page(t, page);
            page_box_answered(pager_box(t->pager), page->id, &taken, t->now);
        }
}

static int second(struct trial *t)
{
    int err = t->begun ? 0 : begin(t);
    t->now = wall_add(t->now, STEP_MS);
    if (!t->deaf) {
        err = world_listened(t->centre->world, t->heard, t->now);
        t->heard = t->now;
        t->centre->marker.when = t->now;
    }
    bool reports = !t->deaf && (t->now.ms - t->start.ms) % TRIAL_INTERVAL_MS == 0;
    if (!err && reports)
        err = results(t);
    if (!err)
        err = centre_advance(t->centre, t->now);
    if (!err && reports)
        err = numbers(t);
    if (!err)
        err = pager_advance(t->pager, t->now);
    dirty_clear(&t->centre->changed_sites);
    deliver(t);
    return err;
}

bool rule_trial_time(struct slice word, int64_t *ret_ms)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"min", 60000}, {"s", 1000}, {"h", 3600000}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t tail = strlen(units[i].name);
        uint64_t n = 0;
        if (word.len <= tail || memcmp(word.at + word.len - tail, units[i].name, tail) != 0 ||
            num_parse_u64((struct slice){word.at, word.len - tail}, &n) != 0 || n > 1000000)
            continue;
        *ret_ms = (int64_t)n * units[i].ms;
        return true;
    }
    return false;
}

static bool split(struct slice line, struct trial_words *w)
{
    const char *at = line.at;
    const char *end = at + line.len;
    w->len = 0;
    while (at < end && *at != '#') {
        const char *from = at;
        while (at < end && *at != ' ' && *at != '\t' && *at != '#')
            at++;
        if (at > from && w->len < TRIAL_WORDS_MAX)
            w->word[w->len++] = (struct slice){from, (size_t)(at - from)};
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
    }
    return w->len > 0;
}

static int play_line(struct trial *t, struct slice line)
{
    struct trial_words w;
    int64_t ms = 0;
    if (!split(line, &w))
        return 0;
    if (w.len < 3 || !slice_is(w.word[0], "at") || !rule_trial_time(w.word[1], &ms))
        return rule_trial_wrong(t, "wanted: at TIME WHAT ...; got", line);
    struct wall_ms until = wall_add(t->start, ms);
    if (until.ms < t->now.ms)
        return rule_trial_wrong(t, "earlier than the line before:", w.word[1]);
    int err = 0;
    while (!err &&
           t->now.ms + STEP_MS < until.ms) /* what happens shows in the second that ends then */
        err = second(t);
    memmove(&w.word[0], &w.word[2], (w.len - 2) * sizeof *w.word);
    w.len -= 2;
    return err ? err : rule_trial_act(t, &w);
}

int rule_trial_run(struct centre *centre, struct pager *pager, struct wall_ms start,
                   const char *file, struct slice script, struct buf *out)
{
    struct trial t = {.centre = centre,
                      .pager = pager,
                      .start = start,
                      .now = start,
                      .heard = start,
                      .file = file,
                      .out = out};
    int err = prepare(&t);
    while (!err && script.len > 0 && !t.ended) {
        const char *end = memchr(script.at, '\n', script.len);
        size_t len = end ? (size_t)(end - script.at) : script.len;
        t.line++;
        err = play_line(&t, (struct slice){script.at, len});
        script.at += end ? len + 1 : len;
        script.len -= end ? len + 1 : len;
    }
    vec_done(&t.units);
    vec_done(&t.absent);
    return err ? err : out->err;
}
