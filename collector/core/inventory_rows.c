#include "core/inventory_rows.h"

#include <stdlib.h>

/* Members that tables write often. */
#define NUMBER(row, member, names)                            \
    {                                                         \
        offsetof(struct row, member), MEMBER_NUMBER, (names), \
    }
#define MEMBER(type, row, member)               \
    {                                           \
        offsetof(struct row, member), (type), 0 \
    }
#define ENUM(row, member, limit)                            \
    {                                                       \
        offsetof(struct row, member), MEMBER_ENUM, (limit), \
    }

static const struct inventory_member operator_members[] = {
    NUMBER(operator_row, op, NAMES_OPERATORS),
    MEMBER(MEMBER_TEXT, operator_row, name),
    MEMBER(MEMBER_TEXT, operator_row, noc_phone),
    MEMBER(MEMBER_TEXT, operator_row, contact),
};

static const struct inventory_member area_members[] = {
    NUMBER(area_row, area, NAMES_AREAS),        NUMBER(area_row, parent, NAMES_AREAS),
    NUMBER(area_row, successor, NAMES_AREAS),   MEMBER(MEMBER_BOOL, area_row, village),
    MEMBER(MEMBER_TEXT, area_row, level),       MEMBER(MEMBER_TEXT, area_row, name),
    MEMBER(MEMBER_COUNT, area_row, population), MEMBER(MEMBER_COUNT, area_row, households),
    MEMBER(MEMBER_YEAR, area_row, year),        MEMBER(MEMBER_F64, area_row, lat),
    MEMBER(MEMBER_F64, area_row, lon),
};

static const struct inventory_member site_members[] = {
    NUMBER(site_row, site, NAMES_SITES),    NUMBER(site_row, area, NAMES_AREAS),
    ENUM(site_row, kind, SITE_FEEDER + 1),  ENUM(site_row, visibility, VISIBILITY_RESTRICTED + 1),
    MEMBER(MEMBER_F64, site_row, lat),      MEMBER(MEMBER_F64, site_row, lon),
    MEMBER(MEMBER_TEXT, site_row, code),    MEMBER(MEMBER_TEXT, site_row, name),
    MEMBER(MEMBER_TEXT, site_row, address), MEMBER(MEMBER_TEXT, site_row, criticality),
    MEMBER(MEMBER_TEXT, site_row, aliases), MEMBER(MEMBER_TEXT, site_row, note),
};

static const struct inventory_member unit_members[] = {
    NUMBER(unit_row, unit, NAMES_UNITS),
    MEMBER(MEMBER_INSTANT, unit_row, commissioned),
    MEMBER(MEMBER_INSTANT, unit_row, decommissioned),
    NUMBER(unit_row, anchor, NAMES_UNITS),
    MEMBER(MEMBER_BOOL, unit_row, awaits),
};

static const struct inventory_member serves_members[] = {
    NUMBER(serves_row, unit, NAMES_UNITS),
    NUMBER(serves_row, area, NAMES_AREAS),
    MEMBER(MEMBER_TEXT, serves_row, by),
    MEMBER(MEMBER_TEXT, serves_row, reason),
};

static const struct inventory_member depends_members[] = {
    NUMBER(depends_row, child, NAMES_SITES),       NUMBER(depends_row, group, NAMES_GROUPS),
    NUMBER(depends_row, on_site, NAMES_SITES),     NUMBER(depends_row, on_unit, NAMES_UNITS),
    ENUM(depends_row, kind, DEPEND_TRANSPORT + 1),
};

static const struct inventory_member declaration_members[] = {
    NUMBER(declaration, site, NAMES_SITES),
    NUMBER(declaration, unit, NAMES_UNITS),
    ENUM(declaration, kind, DECLARATION_ASLEEP + 1),
    MEMBER(MEMBER_INSTANT, declaration, registered),
    MEMBER(MEMBER_BOOL, declaration, retroactive),
    MEMBER(MEMBER_TEXT, declaration, reason),
    MEMBER(MEMBER_COUNT, declaration, number),
    MEMBER(MEMBER_TEXT, declaration, by),
    MEMBER(MEMBER_INSTANT, declaration, withdrawn),
};

static const struct inventory_member probe_members[] = {
    NUMBER(probe_row, probe, NAMES_PROBES),
    NUMBER(probe_row, site, NAMES_SITES),
    MEMBER(MEMBER_SITES, probe_row, also_first),
    NUMBER(probe_row, feed, NAMES_OPERATORS),
};

static const struct inventory_member declared_members[] = {
    NUMBER(declared_row, area, NAMES_AREAS),     MEMBER(MEMBER_TEXT, declared_row, indicator),
    MEMBER(MEMBER_TEXT, declared_row, as_of),    MEMBER(MEMBER_TEXT, declared_row, source),
    MEMBER(MEMBER_F64, declared_row, numerator), MEMBER(MEMBER_F64, declared_row, denominator),
};

#define TABLE(word, row, vec, valid_offset, table_members, keys)                     \
    {                                                                                \
        (word), sizeof(struct row), offsetof(struct inventory, vec), (valid_offset), \
            (table_members), sizeof(table_members) / sizeof *(table_members), (keys) \
    }
#define VALID(row) offsetof(struct row, valid)

static const struct inventory_table tables[TABLE_COUNT] = {
    [TABLE_OPERATORS] = TABLE("operators", operator_row, operator_rows, 0, operator_members, 1),
    [TABLE_AREAS] = TABLE("areas", area_row, area_rows, VALID(area_row), area_members, 1),
    [TABLE_SITES] = TABLE("sites", site_row, site_rows, VALID(site_row), site_members, 1),
    [TABLE_UNITS] = TABLE("units", unit_row, unit_rows, VALID(unit_row), unit_members, 1),
    [TABLE_SERVES] = TABLE("serves", serves_row, serves_rows, VALID(serves_row), serves_members, 3),
    [TABLE_DEPENDS] =
        TABLE("depends", depends_row, depends_rows, VALID(depends_row), depends_members, 5),
    [TABLE_DECLARATIONS] = TABLE("declarations", declaration, declarations,
                                 offsetof(struct declaration, span), declaration_members, 1),
    [TABLE_PROBES] = TABLE("probes", probe_row, probe_rows, VALID(probe_row), probe_members, 1),
    [TABLE_DECLARED] = TABLE("declared", declared_row, declared_rows, 0, declared_members, 3),
};

const struct inventory_table *inventory_table(enum inventory_table_number number)
{
    return &tables[number];
}

struct vec *inventory_rows(const struct inventory *inv, enum inventory_table_number number)
{
    return (struct vec *)((uintptr_t)inv + tables[number].rows);
}

struct names *inventory_names(const struct inventory *inv, enum inventory_names_number number)
{
    static const size_t offsets[NAMES_COUNT] = {
        [NAMES_AREAS] = offsetof(struct inventory, areas),
        [NAMES_OPERATORS] = offsetof(struct inventory, operators),
        [NAMES_SITES] = offsetof(struct inventory, sites),
        [NAMES_SERVICES] = offsetof(struct inventory, services),
        [NAMES_UNITS] = offsetof(struct inventory, units),
        [NAMES_PROBES] = offsetof(struct inventory, probes),
        [NAMES_GROUPS] = offsetof(struct inventory, groups),
    };
    return (struct names *)((uintptr_t)inv + offsets[number]);
}

struct validity *inventory_row_valid(const struct inventory_table *table, void *row)
{
    return (struct validity *)((char *)row + table->valid);
}

static int order_u32(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static int order_i64(const void *a, const void *b)
{
    int64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static int order_text(const void *a, const void *b)
{
    inv_text x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return strcmp(x, y);
}

static int order_f64(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    if (x != x || y != y)
        return (x != x) - (y != y);
    return (x > y) - (x < y);
}

static int order_bool(const void *a, const void *b)
{
    return *(const bool *)a - *(const bool *)b;
}

/* MEMBER_SITES needs its inventory and is no key. Enums have the size of unsigned here. */
static int order_member(const struct inventory_member *member, const void *a, const void *b)
{
    static int (*const order[])(const void *, const void *) = {
        [MEMBER_NUMBER] = order_u32, [MEMBER_ENUM] = order_u32,  [MEMBER_BOOL] = order_bool,
        [MEMBER_YEAR] = order_u32,   [MEMBER_COUNT] = order_i64, [MEMBER_INSTANT] = order_i64,
        [MEMBER_F64] = order_f64,    [MEMBER_TEXT] = order_text,
    };
    return order[member->type]((const char *)a + member->offset, (const char *)b + member->offset);
}

int inventory_rows_compare_key(const struct inventory_table *table, const void *a, const void *b)
{
    for (size_t i = 0; i < table->n_keys; i++) {
        int order = order_member(&table->members[i], a, b);
        if (order != 0)
            return order;
    }
    return 0;
}

static bool same_sites(const struct inventory *inv_a, const struct probe_row *a,
                       const struct inventory *inv_b, const struct probe_row *b)
{
    if (a->also_len != b->also_len)
        return false;
    return a->also_len == 0 || memcmp((const uint32_t *)inv_a->also.items + a->also_first,
                                      (const uint32_t *)inv_b->also.items + b->also_first,
                                      a->also_len * sizeof(uint32_t)) == 0;
}

bool inventory_rows_equal(const struct inventory_table *table, const struct inventory *inv_a,
                          const void *a, const struct inventory *inv_b, const void *b)
{
    for (size_t i = 0; i < table->n_members; i++) {
        const struct inventory_member *member = &table->members[i];
        bool same = member->type == MEMBER_SITES ? same_sites(inv_a, a, inv_b, b)
                                                 : order_member(member, a, b) == 0;
        if (!same)
            return false;
    }
    return true;
}

/* For qsort_r; the context is the table. */
static int order_rows(const void *a, const void *b, void *context)
{
    const struct inventory_table *table = context;
    int order = inventory_rows_compare_key(table, a, b);
    if (order == 0 && table->valid)
        order = order_i64((const char *)a + table->valid, (const char *)b + table->valid);
    if (order == 0)
        order = order_u32((const char *)a + sizeof(uint32_t), (const char *)b + sizeof(uint32_t));
    return order;
}

void inventory_rows_sort_table(struct inventory *inv, enum inventory_table_number number)
{
    struct vec *rows = inventory_rows(inv, number);
    struct inventory_table table = tables[number];
    if (rows->len > 1)
        qsort_r(rows->items, rows->len, rows->size, order_rows, &table);
}

void inventory_rows_sort(struct inventory *inv)
{
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        inventory_rows_sort_table(inv, i);
}

static int adopt_sites(struct inventory *to, const struct inventory *from, struct probe_row *row)
{
    uint32_t first = (uint32_t)to->also.len;
    for (uint32_t i = 0; i < row->also_len; i++) {
        uint32_t *site = vec_push(&to->also);
        if (!site)
            return -1;
        *site = *(uint32_t *)vec_at(&from->also, row->also_first + i);
    }
    row->also_first = first;
    return 0;
}

static int adopt_text(struct inventory *to, inv_text *text)
{
    *text = arena_text(&to->own->texts, slice_of(*text));
    return *text ? 0 : -1;
}

void *inventory_rows_adopt(struct inventory *to, enum inventory_table_number number,
                           const struct inventory *from, const void *row)
{
    const struct inventory_table *table = &tables[number];
    char *copy = vec_push(inventory_rows(to, number));
    if (!copy)
        return NULL;
    memcpy(copy, row, table->size);
    for (size_t i = 0; i < table->n_members; i++) {
        const struct inventory_member *member = &table->members[i];
        int err = 0;
        if (member->type == MEMBER_TEXT)
            err = adopt_text(to, (inv_text *)(void *)(copy + member->offset));
        else if (member->type == MEMBER_SITES)
            err = adopt_sites(to, from, (struct probe_row *)(void *)copy);
        if (err != 0)
            return NULL;
    }
    return copy;
}
