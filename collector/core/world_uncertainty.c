/* How far off a change of a unit may be (FIGURES 7.24): from the sample before it to the instant,
 * of the check that caused it; in silence from the last sample to the next one, or now. */
#include "core/world_inside.h"

/* Silent or unheard at t; the last result, while it is held, is a word. */
static bool without_word(const struct world *w, const struct check *check, int64_t t)
{
    struct read_context context = world_inside_context(w);
    const struct world_probe *probe = world_inside_probe(w, check->probe);
    enum check_status status = check_read(&context, check, &probe->signs, t).status;
    return status == CHECK_SILENT || status == CHECK_UNHEARD;
}

static struct validity stretch(int64_t from, int64_t to)
{
    return (struct validity){{from}, {to}};
}

/* Between the samples around `t`, as far as the check's line knows them; endless if the check has
 * nothing to do with a change there. */
static struct validity around(const struct world *w, const struct check *check, int64_t t)
{
    static const struct validity endless = {{0}, {WALL_NEVER_MS}};
    const struct check_line *line = &check->line;
    int index = check_line_index(line, t, -1);
    if (index < 0)
        return endless;
    struct check_span span = check_line_span(line, index);
    int64_t gap = without_word(w, check, t) ? check_read_gap(check, t) : INT64_MAX;
    if (gap == t) /* silence begins with the last sample: until the next one, or now */
        return stretch(t, span.kind == LINE_GAP ? span.to : w->now);
    if (gap != INT64_MAX) /* something else in a silence: a gasp, a parent */
        return stretch(gap, t);
    if (span.from != t || span.kind == LINE_ENDED)
        return endless;
    if (index > 0 && check_line_span(line, index - 1).kind == LINE_GAP)
        return stretch(check_line_span(line, index - 1).from, t);
    return stretch(t - span.gap_ms, t);
}

static bool speaks_for(const struct world *w, const struct check *check, uint32_t unit, int64_t t)
{
    uint32_t listed = check_listing_at(check, t).terms;
    return listed != TERMS_NONE && terms_at(&w->terms, listed)->role != ROLE_INFO &&
           terms_name(&w->terms, listed, unit);
}

struct validity world_uncertain(const struct world *w, uint32_t unit, struct wall_ms t)
{
    const struct world_unit *own = vec_at(&w->units, unit);
    struct validity least = {{0}, {WALL_NEVER_MS}};
    for (unsigned i = 0; i < own->checks_len; i++) {
        const struct check *check = check_table_at(&w->checks, world_inside_unit_checks(own)[i]);
        if (!speaks_for(w, check, unit, t.ms))
            continue;
        struct validity its = around(w, check, t.ms);
        if (validity_ms(its) < validity_ms(least))
            least = its;
    }
    return least.to.ms == WALL_NEVER_MS ? (struct validity){t, t} : least;
}

int64_t world_uncertainty_ms(const struct world *w, uint32_t unit, struct wall_ms t)
{
    return validity_ms(world_uncertain(w, unit, t));
}
