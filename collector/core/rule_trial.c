#include "core/rule_trial.h"

#include "base/err.h"
#include "base/num.h"
#include "core/inventory_tree.h"

#include <stdio.h>
#include <string.h>

enum { STEP_MS = 1000, INTERVAL_MS = 10000, TIMEOUT_MS = 2000, TTL_MS = 30000, WORDS_MAX = 64 };

enum { QUIET = -1 };

/* What the checks of a unit say now. */
struct trial_unit {
    int verdict; /* enum verdict, QUIET = its probe is gone */
    uint32_t probe;
    uint32_t check; /* number in the world */
};

struct trial {
    struct centre *centre;
    struct pager *pager;
    struct wall_ms start, now;
    struct wall_ms heard; /* marker before this one */
    struct vec units;     /* struct trial_unit by unit */
    uint64_t told;        /* highest id of a page that was printed */
    bool deaf, ended;
    const char *file;
    size_t line;
    struct buf *out;
};

static int wrong(struct trial *t, const char *what, struct slice word)
{
    buf_printf(t->out, "%s:%zu: %s \"%.*s\"\n", t->file, t->line, what, (int)word.len,
               word.at ? word.at : "");
    return ERR_SYNTAX;
}

static struct trial_unit *unit_at(struct trial *t, uint32_t unit)
{
    return vec_at(&t->units, unit);
}

/* One check for each unit of the probe's own site. */
static int list_checks(struct trial *t, uint32_t probe, uint32_t site)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(t->centre->inventory, site, &n);
    struct check_entry entries[32];
    if (n > sizeof entries / sizeof *entries)
        n = sizeof entries / sizeof *entries;
    for (size_t i = 0; i < n; i++)
        entries[i] = (struct check_entry){
            .name = slice_of(names_text(&t->centre->inventory->units, units[i])),
            .site = site,
            .units = &units[i],
            .n_units = 1,
            .interval_ms = INTERVAL_MS,
            .timeout_ms = TIMEOUT_MS,
            .ttl_ms = TTL_MS,
            .role = ROLE_REQUIRED,
            .cause = CAUSE_FAULT};
    int err = world_list(t->centre->world, probe, t->start, entries, n);
    for (size_t i = 0; !err && i < n; i++)
        *unit_at(t, units[i]) = (struct trial_unit){
            VERDICT_OK, probe, world_check(t->centre->world, probe, site, entries[i].name)};
    return err;
}

static int begin(struct trial *t)
{
    const struct inventory *inv = t->centre->inventory;
    vec_init(&t->units, sizeof(struct trial_unit), 1 << 24);
    while (t->units.len < inv->units.len) {
        struct trial_unit *u = vec_push(&t->units);
        if (!u)
            return ERR_NOMEM;
        u->check = UINT32_MAX;
    }
    int err = world_connected(t->centre->world, t->start);
    for (uint32_t probe = 0; !err && probe < inv->probes.len; probe++) {
        const struct probe_row *row = inventory_probe(inv, probe, t->start);
        err = row ? list_checks(t, probe, row->site) : 0;
        if (!err && row)
            err = world_heard(t->centre->world, probe, t->start);
    }
    return err;
}

static int results(struct trial *t)
{
    enum world_fate fate;
    int err = 0;
    for (uint32_t unit = 0; !err && unit < t->units.len; unit++) {
        const struct trial_unit *u = unit_at(t, unit);
        if (u->check != UINT32_MAX && u->verdict != QUIET)
            err = world_result_of(t->centre->world, u->check, t->now, (enum verdict)u->verdict,
                                  t->now, &fate);
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
    int err = 0;
    t->now = wall_add(t->now, STEP_MS);
    if (!t->deaf) {
        err = world_listened(t->centre->world, t->heard, t->now);
        t->heard = t->now;
        t->centre->marker.when = t->now;
    }
    if (!err && !t->deaf && (t->now.ms - t->start.ms) % INTERVAL_MS == 0)
        err = results(t);
    if (!err)
        err = centre_advance(t->centre, t->now);
    if (!err)
        err = pager_advance(t->pager, t->now);
    dirty_clear(&t->centre->changed_sites);
    deliver(t);
    return err;
}

/* "90s", "5min", "2h". */
static bool read_time(struct slice word, int64_t *ret_ms)
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

static void set_unit(struct trial *t, uint32_t unit, int verdict)
{
    unit_at(t, unit)->verdict = verdict;
}

static void set_site(struct trial *t, uint32_t site, int verdict)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(t->centre->inventory, site, &n);
    for (size_t i = 0; i < n; i++)
        set_unit(t, units[i], verdict);
}

static int set_area(struct trial *t, struct slice name, int verdict)
{
    const struct inventory *inv = t->centre->inventory;
    uint32_t area = names_find(&inv->areas, name);
    if (area == NAMES_NONE)
        return wrong(t, "there is no area", name);
    for (uint32_t site = 0; site < inv->sites.len; site++) {
        const struct site_row *row = inventory_site(inv, site, t->now);
        if (row && row->kind < SITE_LINK && inventory_tree_within(inv, row->area, area, t->now))
            set_site(t, site, verdict);
    }
    return 0;
}

static int set_thing(struct trial *t, struct slice name, int verdict)
{
    uint32_t site = names_find(&t->centre->inventory->sites, name);
    uint32_t unit = names_find(&t->centre->inventory->units, name);
    if (site != NAMES_NONE)
        set_site(t, site, verdict);
    else if (unit != NAMES_NONE)
        set_unit(t, unit, verdict);
    else
        return wrong(t, "there is no site or unit", name);
    return 0;
}

/* The words of a line behind its time. */
struct words {
    struct slice word[WORDS_MAX];
    size_t len;
};

static int set_all(struct trial *t, const struct words *w, int verdict)
{
    int err = 0;
    for (size_t i = 1; !err && i < w->len; i++)
        if (slice_is(w->word[i], "area") && i + 1 < w->len)
            err = set_area(t, w->word[++i], verdict);
        else
            err = set_thing(t, w->word[i], verdict);
    return err;
}

static int do_down(struct trial *t, const struct words *w)
{
    return set_all(t, w, VERDICT_FAILED);
}

static int do_up(struct trial *t, const struct words *w)
{
    return set_all(t, w, VERDICT_OK);
}

static int do_silent(struct trial *t, const struct words *w)
{
    return set_all(t, w, QUIET);
}

static int late_results(struct trial *t, uint32_t unit, enum verdict verdict, int64_t from_ms,
                        int64_t to_ms)
{
    enum world_fate fate;
    int err = 0;
    const struct trial_unit *u = unit_at(t, unit);
    for (int64_t ms = from_ms; !err && u->check != UINT32_MAX && ms < to_ms; ms += INTERVAL_MS)
        err = world_result_of(t->centre->world, u->check, wall_add(t->start, ms), verdict, t->now,
                              &fate);
    return err;
}

static int do_backlog(struct trial *t, const struct words *w)
{
    int64_t from_ms = 0;
    int64_t to_ms = 0;
    uint32_t site = w->len == 5 ? names_find(&t->centre->inventory->sites, w->word[1]) : NAMES_NONE;
    if (site == NAMES_NONE || !read_time(w->word[3], &from_ms) || !read_time(w->word[4], &to_ms))
        return wrong(t, "wanted: backlog SITE down|up FROM TO; got", w->word[0]);
    bool down = slice_is(w->word[2], "down");
    size_t n = 0;
    int err = 0;
    const uint32_t *units = inventory_site_units(t->centre->inventory, site, &n);
    for (size_t i = 0; !err && i < n; i++)
        err = late_results(t, units[i], down ? VERDICT_FAILED : VERDICT_OK, from_ms, to_ms);
    set_site(t, site, VERDICT_OK);
    return err;
}

static int do_deaf(struct trial *t, const struct words *w)
{
    (void)w;
    t->deaf = true;
    return 0;
}

static int do_hearing(struct trial *t, const struct words *w)
{
    (void)w;
    t->deaf = false;
    t->heard = t->now;
    int err = world_connected(t->centre->world, t->now);
    for (uint32_t probe = 0; !err && probe < t->centre->inventory->probes.len; probe++)
        err = world_heard(t->centre->world, probe, t->now);
    return err;
}

static int do_ack(struct trial *t, const struct words *w)
{
    uint64_t number = 0;
    if (w->len != 2 || num_parse_u64(w->word[1], &number) != 0 ||
        !pager_acknowledged(t->pager, number, t->now))
        return wrong(t, "nobody was told of", w->len > 1 ? w->word[1] : w->word[0]);
    return 0;
}

static int do_end(struct trial *t, const struct words *w)
{
    (void)w;
    t->ended = true;
    return 0;
}

static const struct {
    const char *name;
    int (*run)(struct trial *t, const struct words *w);
} VERBS[] = {{"down", do_down},       {"up", do_up},     {"silent", do_silent},
             {"backlog", do_backlog}, {"deaf", do_deaf}, {"hearing", do_hearing},
             {"ack", do_ack},         {"end", do_end}};

static int run_verb(struct trial *t, const struct words *w)
{
    for (size_t i = 0; i < sizeof VERBS / sizeof *VERBS; i++)
        if (slice_is(w->word[0], VERBS[i].name))
            return VERBS[i].run(t, w);
    return wrong(t, "nothing is called", w->word[0]);
}

static bool split(struct slice line, struct words *w)
{
    const char *at = line.at;
    const char *end = at + line.len;
    w->len = 0;
    while (at < end && *at != '#') {
        const char *from = at;
        while (at < end && *at != ' ' && *at != '\t' && *at != '#')
            at++;
        if (at > from && w->len < WORDS_MAX)
            w->word[w->len++] = (struct slice){from, (size_t)(at - from)};
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
    }
    return w->len > 0;
}

static int play_line(struct trial *t, struct slice line)
{
    struct words w;
    int64_t ms = 0;
    if (!split(line, &w))
        return 0;
    if (w.len < 3 || !slice_is(w.word[0], "at") || !read_time(w.word[1], &ms))
        return wrong(t, "wanted: at TIME WHAT ...; got", line);
    struct wall_ms until = wall_add(t->start, ms);
    if (until.ms < t->now.ms)
        return wrong(t, "earlier than the line before:", w.word[1]);
    int err = 0;
    while (!err &&
           t->now.ms + STEP_MS < until.ms) /* what happens shows in the second that ends then */
        err = second(t);
    memmove(&w.word[0], &w.word[2], (w.len - 2) * sizeof *w.word);
    w.len -= 2;
    return err ? err : run_verb(t, &w);
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
    int err = begin(&t);
    while (!err && script.len > 0 && !t.ended) {
        const char *end = memchr(script.at, '\n', script.len);
        size_t len = end ? (size_t)(end - script.at) : script.len;
        t.line++;
        err = play_line(&t, (struct slice){script.at, len});
        script.at += end ? len + 1 : len;
        script.len -= end ? len + 1 : len;
    }
    vec_done(&t.units);
    return err ? err : out->err;
}
