/* Results: who is admitted (readings 2 and 5), what waits until now reaches it, and what a result
 * does to its check's line. */
#include "core/world_inside.h"

#include "base/err.h"
#include "base/num.h"

/* How results count at `t`, given the one before (FIGURES 7.7: hysteresis by kind of site). */
static struct line_rules rules_at(const struct world *w, const struct check *check, int64_t before,
                                  int64_t t)
{
    struct read_context context = world_inside_context(w);
    struct line_rules rules = {check_read_ttl(&context, check, before), 1, 1};
    if (w->steady)
        return rules;
    const struct site_row *site = inventory_site(w->inv, check->site, (struct wall_ms){t});
    if (site) {
        rules.bad = w->options.hysteresis[site->kind].bad;
        rules.good = w->options.hysteresis[site->kind].good;
    }
    return rules;
}

struct asking {
    const struct world *w;
    uint32_t check;
};

static struct line_rules tail_rules_at(void *context, int64_t before, int64_t t)
{
    const struct asking *asking = context;
    return rules_at(asking->w, check_table_at(&asking->w->checks, asking->check), before, t);
}

static struct line_rules next_rules(const struct world *w, const struct check *check, int64_t t)
{
    return rules_at(w, check, check_line_alive(&check->line) ? check->line.last_ms : t, t);
}

/* A list may end a check earlier than results that are there already. */
static struct line_rules end_rules(const struct world *w, const struct check *check, int64_t t)
{
    const struct check_line *line = &check->line;
    if (check_line_only_after(line, t))
        return rules_at(w, check, line->last_ms - line->prev_gap_ms, t);
    int64_t gap = check_read_gap(check, t);
    return rules_at(w, check, gap != INT64_MAX ? gap : line->last_ms, t);
}

int world_inside_settle_tail(struct world *w, uint32_t number)
{
    struct check *check = check_table_at(&w->checks, number);
    struct asking asking = {w, number};
    struct tail_rules rules = {tail_rules_at, &asking};
    return check_rest(check)->tail ? check_tail_settle(&check->rest->tail, &check->line, &rules)
                                   : 0;
}

/* From where the stretch after the last result may have been read otherwise than held: its hold
 * ended, or a will or gasp had its say. A result within ttl makes it evidence again. */
static int64_t doubted(const struct world *w, const struct check *check)
{
    const struct signs *signs = &world_inside_probe(w, check->probe)->signs;
    int64_t last = check->line.last_ms;
    struct read_context context = world_inside_context(w);
    if (!check_line_alive(&check->line))
        return CHECK_LINE_NEVER;
    bool hold_ended = last + check_read_ttl(&context, check, last) + w->options.late_ms < w->edge;
    bool sign = signs->gasps_len || signs_will_in(signs, last, INT64_MAX);
    return hold_ended || sign ? last : CHECK_LINE_NEVER;
}

/* Adds what the stream brought, beneath the tail if there is one. */
static int stream(struct world *w, uint32_t number, int64_t t, bool end, enum verdict verdict,
                  int64_t *ret_changed)
{
    struct check *check = check_table_at(&w->checks, number);
    struct asking asking = {w, number};
    struct tail_rules tail = {tail_rules_at, &asking};
    int64_t lifted = CHECK_LINE_NEVER;
    int64_t doubt = doubted(w, check);
    struct check_tail **own = check_rest(check)->tail ? &check->rest->tail : NULL;
    if (own)
        check_tail_lift(*own, &check->line, end ? INT64_MAX : t, &lifted);
    struct line_rules rules = end ? end_rules(w, check, t) : next_rules(w, check, t);
    int err = end ? check_line_end(&check->line, t, &rules, ret_changed)
                  : check_line_add(&check->line, t, verdict, &rules, ret_changed);
    if (!err && own)
        err = check_tail_settle(own, &check->line, &tail);
    *ret_changed = num_min(*ret_changed, num_min(lifted, doubt));
    return err;
}

/* A full line forgets its oldest changes once the units have them. */
static int bound(struct world *w, uint32_t number)
{
    enum { KEPT = CHECK_LINE_MAX - CHECK_LINE_DROP };

    struct check_line *line = &check_table_at(&w->checks, number)->line;
    if (check_rest(check_table_at(&w->checks, number))->tail || line->len <= CHECK_LINE_MAX)
        return 0;
    int err = world_inside_settle_check(w, number, check_line_span(line, line->len - KEPT).from);
    if (!err)
        check_line_trim(line, INT64_MIN, KEPT);
    return err;
}

/* The line reads otherwise from `changed` on. */
static int follow(struct world *w, uint32_t number, int64_t t, int64_t changed, bool streamed)
{
    const struct check *check = check_table_at(&w->checks, number);
    struct world_probe *probe = world_inside_probe(w, check->probe);
    probe->unsaved |= PART_TAILS;
    int err = 0;
    if (probe->signs.gasps_len)
        err = world_inside_ends_gasp(w, check->probe, t, streamed);
    if (!err)
        err = world_inside_arm(w, number, changed);
    if (err || changed == CHECK_LINE_NEVER)
        return err;
    probe->unsaved |= PART_LINES;
    return world_inside_mark_check(w, number, changed);
}

int world_inside_result(struct world *w, uint32_t number, int64_t t, enum verdict verdict)
{
    int64_t changed = CHECK_LINE_NEVER;
    int err = stream(w, number, t, false, verdict, &changed);
    if (!err)
        err = follow(w, number, t, changed, true);
    return err ? err : bound(w, number);
}

int world_inside_end(struct world *w, uint32_t number, int64_t t)
{
    int64_t changed = CHECK_LINE_NEVER;
    int err = stream(w, number, t, true, VERDICT_UNKNOWN, &changed);
    if (err || changed == CHECK_LINE_NEVER)
        return err;
    world_inside_probe(w, check_table_at(&w->checks, number)->probe)->unsaved |=
        PART_TAILS | PART_LINES;
    err = world_inside_arm(w, number, changed);
    if (!err) /* a summary that ended a gasp may be forgotten now */
        err =
            world_inside_ends_gasp(w, check_table_at(&w->checks, number)->probe, INT64_MIN, false);
    return err ? err : world_inside_mark_check(w, number, changed);
}

int world_inside_summary(struct world *w, uint32_t number, int64_t t, enum verdict verdict)
{
    struct check *check = check_table_at(&w->checks, number);
    struct asking asking = {w, number};
    struct tail_rules rules = {tail_rules_at, &asking};
    /* It was admitted when it came; since then the stream, or a list, may have overtaken it. */
    if (t <= check->admitted || t < check_rest(check)->ended)
        return 0;
    struct check_rest *rest = check_rest_own(check);
    if (!rest)
        return ERR_NOMEM;
    int64_t changed = CHECK_LINE_NEVER;
    int64_t doubt = doubted(w, check);
    int err = check_tail_add(&rest->tail, &check->line, t, verdict, &rules, &changed);
    return err ? err : follow(w, number, t, num_min(changed, doubt), false);
}

/* Common conditions of all results; the check must be known. */
static enum world_fate admit(const struct world *w, const struct check *check, int64_t t,
                             int64_t received)
{
    if (t - received > w->options.future_ms || t >= CHECK_LINE_TIME_END)
        return WORLD_AHEAD;
    if (received - t > w->options.keep_ms)
        return WORLD_OLD;
    if (check_listing_at(check, t).terms == TERMS_NONE)
        return WORLD_UNLISTED;
    return t < 0 || t < check_rest(check)->ended ? WORLD_NOT_LATER : WORLD_TAKEN;
}

/* The stream has reached t, though now has not: summaries up to t are forgotten already. */
int world_inside_forget(struct world *w, uint32_t number, int64_t t)
{
    struct check *check = check_table_at(&w->checks, number);
    int64_t changed = CHECK_LINE_NEVER;
    struct check_tail *tail = check_rest(check)->tail;
    if (!tail)
        return 0;
    check_tail_lift(tail, &check->line, t, &changed);
    int err = world_inside_settle_tail(w, number);
    return err ? err : follow(w, number, INT64_MIN, changed, false);
}

/* What lies ahead of now waits until now reaches it (FIGURES 7.1). */
static int await(struct world *w, uint32_t number, int64_t t, enum verdict verdict, int kind)
{
    uint32_t probe = check_table_at(&w->checks, number)->probe;
    int err = world_inside_await(w, probe,
                                 (struct due){.key = t,
                                              .id = number,
                                              .kind = (unsigned)kind & DUE_KIND_MAX,
                                              .extra = (unsigned)verdict & DUE_KIND_MAX});
    world_inside_probe(w, probe)->unsaved |= PART_TAILS;
    return !err && kind == PENDING_RESULT ? world_inside_forget(w, number, t) : err;
}

static int take(struct world *w, uint32_t number, int64_t t, enum verdict verdict, int kind)
{
    if (t > w->now)
        return await(w, number, t, verdict, kind);
    return kind == PENDING_RESULT ? world_inside_result(w, number, t, verdict)
                                  : world_inside_summary(w, number, t, verdict);
}

uint32_t world_check(const struct world *w, uint32_t probe, uint32_t site, struct slice name)
{
    return check_table_find(&w->checks, probe, site, name);
}

/* A result that says what the last one said, in time, while nothing else has a say: nothing can
 * change but the end of the line. Every other result takes the long way. */
static bool repeats(struct world *w, struct check *check, int64_t t, enum verdict verdict,
                    int64_t received)
{
    struct world_probe *probe = vec_at(&w->probes, check->probe);
    int64_t last = check->line.last_ms;
    if (check_rest(check)->tail || check->hold == INT64_MAX || check->newest_terms == TERMS_NONE ||
        check->newest_from > last || t <= check->admitted || t > w->now ||
        t - received > w->options.future_ms || received - t > w->options.keep_ms ||
        probe->signs.gasps_len || probe->signs.wills.len)
        return false;
    int64_t ttl = terms_at(&w->terms, check->newest_terms)->ttl_ms;
    if (last + ttl + w->options.late_ms < w->edge ||
        !check_line_repeat(&check->line, t, verdict, ttl))
        return false;
    check->admitted = t;
    probe->unsaved |= PART_TAILS;
    return true;
}

int world_result_of(struct world *w, uint32_t number, struct wall_ms t, enum verdict verdict,
                    struct wall_ms received, enum world_fate *ret_fate)
{
    if (number >= w->checks.checks.len) {
        *ret_fate = WORLD_UNLISTED;
        return 0;
    }
    struct check *check = check_table_at(&w->checks, number);
    if (repeats(w, check, t.ms, verdict, received.ms)) {
        *ret_fate = WORLD_TAKEN;
        return 0;
    }
    enum world_fate fate = admit(w, check, t.ms, received.ms);
    if (fate == WORLD_TAKEN && t.ms < check->admitted)
        fate = WORLD_NOT_LATER;
    int err = 0;
    if (fate == WORLD_TAKEN) {
        err = take(w, number, t.ms, verdict, PENDING_RESULT);
        if (err == ERR_FULL) /* the bound of what waits ahead of now */
            fate = WORLD_AHEAD;
        else if (!err)
            check->admitted = t.ms;
    }
    if (!err || err == ERR_FULL)
        *ret_fate = fate;
    return err == ERR_FULL ? 0 : err;
}

int world_result(struct world *w, uint32_t probe, uint32_t site, struct slice name,
                 struct wall_ms t, enum verdict verdict, struct wall_ms received,
                 enum world_fate *ret_fate)
{
    return world_result_of(w, world_check(w, probe, site, name), t, verdict, received, ret_fate);
}

int world_summary(struct world *w, uint32_t probe, uint32_t site, struct slice name,
                  struct wall_ms t, enum verdict verdict, struct wall_ms received,
                  enum world_fate *ret_fate)
{
    uint32_t number = world_check(w, probe, site, name);
    if (number == CHECK_NONE) {
        *ret_fate = WORLD_UNLISTED;
        return 0;
    }
    struct check *check = check_table_at(&w->checks, number);
    enum world_fate fate = admit(w, check, t.ms, received.ms);
    if (fate == WORLD_TAKEN && (t.ms <= check->admitted || t.ms < check_rest(check)->summarized))
        fate = WORLD_NOT_LATER;
    int err = fate == WORLD_TAKEN ? take(w, number, t.ms, verdict, PENDING_SUMMARY) : 0;
    if (err == ERR_FULL) {
        err = 0;
        fate = WORLD_AHEAD;
    } else if (!err && fate == WORLD_TAKEN) {
        err = check_rest_summarized(check, t.ms);
    }
    if (!err)
        *ret_fate = fate;
    return err;
}
