/**
 * @file
 * What the rows of each table of the inventory consist of: one description per table, from which
 * comparing, sorting, copying and storing rows all follow.
 *
 * Inner header of the inventory. It knows nothing of CSV, and of dates only where they stand.
 */
#ifndef CORE_INVENTORY_ROWS_H
#define CORE_INVENTORY_ROWS_H

#include "core/arena.h"
#include "core/inventory.h"

/** The tables in the order in which they are read: what a row names stands in a table before it or
 * in its own. */
enum inventory_table_number {
    TABLE_OPERATORS,
    TABLE_AREAS,
    TABLE_SITES,
    TABLE_UNITS,
    TABLE_SERVES,
    TABLE_DEPENDS,
    TABLE_DECLARATIONS,
    TABLE_PROBES,
    TABLE_DECLARED,
    TABLE_COUNT
};

/** The tables of names, in the order in which they are stored. */
enum inventory_names_number {
    NAMES_AREAS,
    NAMES_OPERATORS,
    NAMES_SITES,
    NAMES_SERVICES,
    NAMES_UNITS,
    NAMES_PROBES,
    NAMES_GROUPS,
    NAMES_COUNT
};

/** What a member of a row holds. */
enum inventory_member_type {
    MEMBER_NUMBER,  /**< uint32_t into a table of names, or INV_NONE */
    MEMBER_ENUM,    /**< an enum below its limit */
    MEMBER_BOOL,    /**< bool */
    MEMBER_YEAR,    /**< int */
    MEMBER_COUNT,   /**< int64_t */
    MEMBER_INSTANT, /**< struct wall_ms */
    MEMBER_F64,     /**< double, NaN = not given */
    MEMBER_TEXT,    /**< inv_text */
    MEMBER_SITES,   /**< uint32_t first, len into inventory.also */
};

/** One member of a row. */
struct inventory_member {
    size_t offset;                   /**< in the row */
    enum inventory_member_type type; /**< see above */
    unsigned of; /**< MEMBER_NUMBER: an enum inventory_names_number; MEMBER_ENUM: its limit */
};

/** One table. Each row begins with the uint32_t number of its thing and its uint32_t line. */
struct inventory_table {
    const char *name;                       /**< of the file, without ".csv" */
    size_t size;                            /**< bytes of a row */
    size_t rows;                            /**< offset of the struct vec in struct inventory */
    size_t valid;                           /**< offset of the struct validity, 0 = none */
    const struct inventory_member *members; /**< all but valid and line, the key first */
    size_t n_members;                       /**< of them */
    size_t n_keys; /**< rows with equal first n_keys members are of one key */
};

/** Description of a table. */
const struct inventory_table *inventory_table(enum inventory_table_number number);
/** Its rows in @p inv. */
struct vec *inventory_rows(const struct inventory *inv, enum inventory_table_number number);
/** A table of names of @p inv. */
struct names *inventory_names(const struct inventory *inv, enum inventory_names_number number);
/** Validity of a row of a table that has one. */
struct validity *inventory_row_valid(const struct inventory_table *table, void *row);

/** Order of the keys of two rows, as for qsort. */
int inventory_rows_compare_key(const struct inventory_table *table, const void *a, const void *b);
/** True if both rows say the same; validity, line and where `also` lies do not count. */
bool inventory_rows_equal(const struct inventory_table *table, const struct inventory *inv_a,
                          const void *a, const struct inventory *inv_b, const void *b);
/** Sorts the rows of each table by key, then by start of validity, then by line. */
void inventory_rows_sort(struct inventory *inv);
/** The same for one table. */
void inventory_rows_sort_table(struct inventory *inv, enum inventory_table_number number);
/** Appends a copy of @p row of @p from to the table in @p to: texts and `also` are copied too.
 * Returns the copy, NULL without memory. */
void *inventory_rows_adopt(struct inventory *to, enum inventory_table_number number,
                           const struct inventory *from, const void *row) MUST_USE;

/** What an inventory holds beside its public members. */
struct inventory_private {
    struct arena texts;       /**< of all rows */
    uint32_t *site_first;     /**< by site number: where its units begin in site_units; one more at
                                 the end */
    uint32_t *site_units;     /**< unit numbers by site */
    uint32_t *children_first; /**< by area number: where its children begin; one more at the end */
    uint32_t *children;       /**< indices of area_rows by parent */
};

/** Builds the indices of private anew from names, unit_ids and sorted rows. 0 or ERR_NOMEM. */
int inventory_index(struct inventory *inv) MUST_USE;
/** The rows of @p thing in a table sorted by it; *ret_len of them. O(log n) at most, and mostly as
 * good as O(1): things with as many rows each stand where their number says. */
const void *inventory_range(const struct vec *rows, uint32_t thing, size_t *ret_len);
/** Adds a unit, or finds it; its identity follows from site, service and operator. 0, ERR_NOMEM or
 * ERR_FULL. */
int inventory_add_unit(struct inventory *inv, uint32_t site, struct slice service, uint32_t op,
                       uint32_t *ret_unit) MUST_USE;
/** Gives @p to every name and identity of @p from under its number; @p to must be new. 0, ERR_NOMEM
 * or ERR_FULL. */
int inventory_continue(struct inventory *to, const struct inventory *from) MUST_USE;

#endif
