#include "core/coverage_walk.h"

const char *coverage_walk_who(const struct inventory *inv, uint32_t who)
{
    if (who == COVERAGE_ANY)
        return "any";
    return who == COVERAGE_ALL ? "all" : names_text(&inv->operators, who);
}

/* The family is nobody's service by name: its generations are. */
static bool some_unit_has(const struct inventory *inv, enum technology technology)
{
    struct slice word = slice_of(coverage_technology_word((int)technology));
    return technology == TECHNOLOGY_MOBILE || names_find(&inv->services, word) != NAMES_NONE;
}

/* What every line of a walk shares. */
struct walk {
    const struct coverage *coverage;
    const struct measured *measured;
    const struct inventory *inv;
    uint32_t area;
};

static bool look(const struct walk *w, struct coverage_line *line)
{
    line->figure = coverage_figure(w->coverage, w->area, line->technology, line->who);
    line->is_measured = w->measured && measured_figure(w->measured, w->area, line->technology,
                                                       line->who, &line->measured);
    return line->is_measured ||
           (line->figure.nominal.villages > 0 && some_unit_has(w->inv, line->technology));
}

void coverage_walk(const struct coverage *c, const struct measured *measured,
                   const struct inventory *inv, uint32_t area, coverage_visit *visit, void *context)
{
    struct walk walk = {c, measured, inv, area};
    for (int t = 0; t < TECHNOLOGY_COUNT; t++)
        for (uint32_t i = 0; i < inv->operators.len + 2; i++) {
            struct coverage_line line = {.technology = (enum technology)t};
            line.who = i == 0 ? COVERAGE_ANY : i == 1 ? COVERAGE_ALL : i - 2;
            if (look(&walk, &line))
                visit(context, &line);
        }
}
