#include "core/measured_own.h"

#include "base/buf.h"
#include "base/err.h"
#include "core/inventory_tree.h"

#include <math.h>
#include <stdlib.h>

enum { KEY_MAX = 256, SLOTS_MAX = 1 << 22, AHEAD_MS = 60 * 1000 };

/* Counters of one area, technology and column. */
struct cell {
    int64_t points;
    int64_t good; /* of a village: points at or above the threshold */
    struct coverage_count covered;
};

/* One area that has points at or below it. */
struct measured_slot {
    struct coverage_count own; /* of a village */
    struct cell cells[];       /* [technology][column] */
};

static const char *const class_words[] = {
#define WORD(name, value, word) [value] = (word),
    SIGNAL_MAP(WORD)
#undef WORD
};

struct measured_options measured_options_default(void)
{
    static const double above_dbm[SIGNAL_NONE] = {-70, -85, -95, -105, -115};

    struct measured_options options = {.threshold = SIGNAL_WEAK,
                                       .valid_ms = INT64_C(24) * 60 * 60 * 1000};
    for (int i = 0; i < TECHNOLOGY_COUNT; i++)
        memcpy(options.above_dbm[i], above_dbm, sizeof above_dbm);
    return options;
}

const char *measured_class_word(int signal)
{
    return signal >= 0 && signal < SIGNAL_CLASSES ? class_words[signal] : "";
}

enum signal_class measured_class(const struct measured_options *options, enum technology technology,
                                 double rsrp_dbm)
{
    int signal = 0;
    while (signal < SIGNAL_NONE && !(rsrp_dbm > options->above_dbm[technology][signal]))
        signal++;
    return (enum signal_class)signal;
}

struct measured *measured_new(const struct measured_options *options)
{
    struct measured *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->options = *options;
    names_init(&m->keys, MEASURED_POINTS_MAX);
    vec_init(&m->points, sizeof(struct measured_point), MEASURED_POINTS_MAX);
    due_init(&m->ends, MEASURED_POINTS_MAX);
    dirty_init(&m->unsaved, MEASURED_POINTS_MAX);
    vec_init(&m->slots, sizeof(struct measured_slot), SLOTS_MAX);
    return m;
}

void measured_free(struct measured *m)
{
    if (!m)
        return;
    names_done(&m->keys);
    vec_done(&m->points);
    due_done(&m->ends);
    dirty_done(&m->unsaved);
    vec_done(&m->slots);
    free(m->slot_of);
    free(m);
}

/* ---- places ---- */

static struct measured_slot *slot_at(const struct measured *m, uint32_t area)
{
    return vec_at(&m->slots, m->slot_of[area] - 1);
}

static uint32_t column_of(const struct measured *m, uint32_t who)
{
    if (who == COVERAGE_ANY || who == COVERAGE_ALL)
        return m->n_operators + (who == COVERAGE_ANY ? 1 : 2);
    return who == INV_NONE ? m->n_operators : who;
}

static struct cell *cell_at(struct measured_slot *slot, const struct measured *m,
                            enum technology technology, uint32_t column)
{
    return &slot->cells[(unsigned)technology * (m->n_operators + 3) + column];
}

static uint32_t parent_of(const struct measured *m, uint32_t area)
{
    const struct area_row *row = inventory_area(m->inv, area, m->at);
    return row ? row->parent : INV_NONE;
}

static int64_t at_least_0(int64_t figure)
{
    return figure > 0 ? figure : 0;
}

/* Slots of the village and of all above it. */
static int make_slots(struct measured *m, uint32_t area)
{
    for (int depth = 0; area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        const struct area_row *row = inventory_area(m->inv, area, m->at);
        if (m->slot_of[area] == 0) {
            struct measured_slot *slot = vec_push(&m->slots);
            if (!slot)
                return ERR_NOMEM;
            m->slot_of[area] = (uint32_t)m->slots.len;
            if (row && row->village)
                slot->own = (struct coverage_count){1, at_least_0(row->households),
                                                    at_least_0(row->population)};
        }
        area = row ? row->parent : INV_NONE;
    }
    return 0;
}

/* The village in which the site lies, INV_NONE if it lies in none. */
static uint32_t village_of(const struct measured *m, uint32_t site)
{
    const struct site_row *row =
        site < m->inv->sites.len ? inventory_site(m->inv, site, m->at) : NULL;
    const struct area_row *area = row ? inventory_area(m->inv, row->area, m->at) : NULL;
    return area && area->village ? row->area : INV_NONE;
}

/* ---- counting ---- */

/* FIGURES 7.25: every operator that exists hears it there. */
static bool all_good(const struct measured *m, struct measured_slot *village,
                     enum technology technology)
{
    bool any = false;
    for (uint32_t op = 0; op < m->n_operators; op++) {
        if (!coverage_in_all(m->coverage, op, FAMILY_MOBILE))
            continue;
        if (cell_at(village, m, technology, op)->good == 0)
            return false;
        any = true;
    }
    return any;
}

static bool covered(const struct measured *m, struct measured_slot *village,
                    enum technology technology, uint32_t column)
{
    if (column == column_of(m, COVERAGE_ALL))
        return all_good(m, village, technology);
    return cell_at(village, m, technology, column)->good > 0;
}

/* A point more or less in a column, for the village and all above it. */
static void count_above(struct measured *m, uint32_t area, enum technology technology,
                        uint32_t column, int sign, int turned)
{
    struct coverage_count own = slot_at(m, area)->own;
    for (int depth = 0; area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        struct cell *cell = cell_at(slot_at(m, area), m, technology, column);
        cell->points += sign;
        cell->covered.villages += turned * own.villages;
        cell->covered.households += turned * own.households;
        cell->covered.population += turned * own.population;
        m->touched++;
        area = parent_of(m, area);
    }
}

static void count_technology(struct measured *m, const struct measured_point *p,
                             enum technology technology, int sign)
{
    const uint32_t columns[] = {column_of(m, p->op), column_of(m, COVERAGE_ANY),
                                column_of(m, COVERAGE_ALL)};
    struct measured_slot *village = slot_at(m, p->village);
    int good =
        measured_class(&m->options, p->technology, p->rsrp_dbm) <= m->options.threshold ? sign : 0;
    bool before[3];
    for (int i = 0; i < 3; i++)
        before[i] = covered(m, village, technology, columns[i]);
    cell_at(village, m, technology, columns[0])->good += good;
    cell_at(village, m, technology, columns[1])->good += good;
    for (int i = 0; i < 3; i++)
        count_above(m, p->village, technology, columns[i], sign,
                    (int)covered(m, village, technology, columns[i]) - (int)before[i]);
}

/* Takes the point out of the counters it is in, if any. */
static void leave(struct measured *m, struct measured_point *p)
{
    if (p->village == INV_NONE)
        return;
    count_technology(m, p, p->technology, -1);
    count_technology(m, p, TECHNOLOGY_MOBILE, -1);
    p->village = INV_NONE;
}

/* Puts the point into the counters of the village where its site lies, if its run counts. */
static int enter(struct measured *m, struct measured_point *p)
{
    uint32_t village = p->holds ? village_of(m, p->site) : INV_NONE;
    int err = make_slots(m, village);
    if (err || village == INV_NONE)
        return err;
    if (p->op != INV_NONE && p->op >= m->n_operators)
        p->op = INV_NONE;
    p->village = village;
    count_technology(m, p, p->technology, 1);
    count_technology(m, p, TECHNOLOGY_MOBILE, 1);
    return 0;
}

int measured_build(struct measured *m, const struct inventory *inv, const struct coverage *c,
                   struct wall_ms t)
{
    uint32_t *slot_of = calloc((size_t)inv->areas.len + 1, sizeof *slot_of);
    if (!slot_of)
        return ERR_NOMEM;
    free(m->slot_of);
    vec_done(&m->slots);
    m->slot_of = slot_of;
    m->inv = inv;
    m->coverage = c;
    m->at = t;
    m->n_operators = inv->operators.len;
    size_t cells = (size_t)TECHNOLOGY_COUNT * (m->n_operators + 3);
    vec_init(&m->slots, sizeof(struct measured_slot) + cells * sizeof(struct cell), SLOTS_MAX);
    int err = 0;
    for (size_t i = 0; i < m->points.len; i++)
        ((struct measured_point *)vec_at(&m->points, i))->village = INV_NONE;
    for (size_t i = 0; !err && i < m->points.len; i++)
        err = enter(m, vec_at(&m->points, i));
    return err;
}

void measured_set_same(struct measured *m, const struct inventory *inv)
{
    m->inv = inv;
}

/* ---- runs ---- */

int measured_point(struct measured *m, struct slice key, uint32_t *ret_number)
{
    uint32_t number = 0;
    int err = names_add(&m->keys, key, &number);
    if (err)
        return err;
    while (m->points.len <= number) {
        struct measured_point *p = vec_push(&m->points);
        if (!p)
            return ERR_NOMEM;
        *p = (struct measured_point){.t = INT64_MIN, .village = INV_NONE, .op = INV_NONE};
    }
    *ret_number = number;
    return 0;
}

int measured_await(struct measured *m, uint32_t number)
{
    struct measured_point *p = vec_at(&m->points, number);
    if (p->awaited)
        return 0;
    int err = due_push(&m->ends, (struct due){.key = p->t + m->options.valid_ms, .id = number});
    p->awaited = err == 0;
    return err;
}

static int point_of(struct measured *m, const struct measured_run *run, uint32_t *ret_number)
{
    struct buf key;
    buf_init(&key, KEY_MAX);
    buf_put(&key, run->source.at, run->source.len);
    buf_char(&key, '/');
    buf_str(&key, names_text(&m->inv->sites, run->site));
    buf_char(&key, '/');
    buf_put(&key, run->check.at, run->check.len);
    int err = key.err ? ERR_FULL : measured_point(m, (struct slice){key.data, key.len}, ret_number);
    buf_done(&key);
    return err;
}

int measured_take(struct measured *m, const struct measured_run *run, struct wall_ms now)
{
    uint32_t number = 0;
    if (run->t.ms + m->options.valid_ms <= now.ms || run->t.ms > now.ms + AHEAD_MS)
        return 0;
    int err = point_of(m, run, &number);
    if (err)
        return err == ERR_FULL ? 0 : err;
    struct measured_point *p = vec_at(&m->points, number);
    if (run->t.ms <= p->t)
        return 0;
    err = dirty_add(&m->unsaved, number);
    if (err)
        return err;
    leave(m, p);
    p->t = run->t.ms;
    p->rsrp_dbm = run->rsrp_dbm;
    p->site = run->site;
    p->op = run->op;
    p->technology = run->technology;
    p->holds = true;
    err = enter(m, p);
    return err ? err : measured_await(m, number);
}

int measured_advance(struct measured *m, struct wall_ms now)
{
    struct due item;
    int err = 0;
    while (!err && due_pop(&m->ends, now.ms, &item)) {
        struct measured_point *p = vec_at(&m->points, item.id);
        p->awaited = false;
        if (p->t + m->options.valid_ms > now.ms) {
            err = measured_await(m, item.id);
            continue;
        }
        leave(m, p);
        p->holds = false;
        err = dirty_add(&m->unsaved, item.id);
    }
    return err;
}

bool measured_figure(const struct measured *m, uint32_t area, enum technology technology,
                     uint32_t who, struct measured_figure *ret_figure)
{
    bool known = who == COVERAGE_ANY || who == COVERAGE_ALL || who == INV_NONE;
    if (!m->inv || area >= m->inv->areas.len || m->slot_of[area] == 0 ||
        (!known && who >= m->n_operators))
        return false;
    const struct cell *cell = cell_at(slot_at(m, area), m, technology, column_of(m, who));
    *ret_figure = (struct measured_figure){cell->points, cell->covered};
    return cell->points > 0;
}

uint64_t measured_touched(const struct measured *m)
{
    return m->touched;
}
