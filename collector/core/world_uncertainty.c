/* How far off a change of a unit may be (FIGURES 7.24): from the sample before it to the instant,
 * of the check that caused it; in silence from the last sample to the next one, or now. */
#include "core/world_inside.h"

#include "base/num.h"

/* Silent or unheard at t; the last result, while it is held, is a word. */
static bool without_word(const struct world *w, const struct check *check, int64_t t)
{
    struct read_context context = world_inside_context(w);
    const struct world_probe *probe = world_inside_probe(w, check->probe);
    enum check_status status = check_read(&context, check, &probe->signs, t).status;
    return status == CHECK_SILENT || status == CHECK_UNHEARD;
}

/* Distance of the samples around `t`, as far as the check's line knows them; INT64_MAX if the check
 * has nothing to do with a change there. */
static int64_t around(const struct world *w, const struct check *check, int64_t t)
{
    const struct check_line *line = &check->line;
    int index = check_line_index(line, t, -1);
    if (index < 0)
        return INT64_MAX;
    struct check_span span = check_line_span(line, index);
    int64_t gap = without_word(w, check, t) ? check_read_gap(check, t) : INT64_MAX;
    if (gap == t) /* silence begins with the last sample: until the next one, or now */
        return (span.kind == LINE_GAP ? span.to : w->now) - t;
    if (gap != INT64_MAX) /* something else in a silence: a gasp, a parent */
        return t - gap;
    if (span.from != t || span.kind == LINE_ENDED)
        return INT64_MAX;
    if (index > 0 && check_line_span(line, index - 1).kind == LINE_GAP)
        return t - check_line_span(line, index - 1).from;
    return span.gap_ms;
}

static bool speaks_for(const struct world *w, const struct check *check, uint32_t unit, int64_t t)
{
    uint32_t listed = check_listing_at(check, t).terms;
    return listed != TERMS_NONE && terms_at(&w->terms, listed)->role != ROLE_INFO &&
           terms_name(&w->terms, listed, unit);
}

int64_t world_uncertainty_ms(const struct world *w, uint32_t unit, struct wall_ms t)
{
    const struct world_unit *own = vec_at(&w->units, unit);
    int64_t least = INT64_MAX;
    for (unsigned i = 0; i < own->checks_len; i++) {
        const struct check *check = check_table_at(&w->checks, world_inside_unit_checks(own)[i]);
        if (speaks_for(w, check, unit, t.ms))
            least = num_min(least, around(w, check, t.ms));
    }
    return least == INT64_MAX ? 0 : least;
}
