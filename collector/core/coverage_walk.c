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

static void walk_technology(const struct coverage *c, const struct inventory *inv, uint32_t area,
                            enum technology technology, coverage_visit *visit, void *context)
{
    for (uint32_t i = 0; i < inv->operators.len + 2; i++) {
        struct coverage_line line = {.technology = technology};
        line.who = i == 0 ? COVERAGE_ANY : i == 1 ? COVERAGE_ALL : i - 2;
        line.figure = coverage_figure(c, area, technology, line.who);
        if (line.figure.nominal.villages > 0)
            visit(context, &line);
    }
}

void coverage_walk(const struct coverage *c, const struct inventory *inv, uint32_t area,
                   coverage_visit *visit, void *context)
{
    for (int t = 0; t < TECHNOLOGY_COUNT; t++)
        if (some_unit_has(inv, (enum technology)t))
            walk_technology(c, inv, area, (enum technology)t, visit, context);
}
