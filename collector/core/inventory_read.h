/**
 * @file
 * From CSV cells to the rows of a fresh inventory: which columns a table has, how each is read, and
 * a complaint for every cell that cannot be.
 *
 * Inner header of the inventory. It looks at one row at a time; what only shows when rows are held
 * against each other is inventory_check.h's.
 */
#ifndef CORE_INVENTORY_READ_H
#define CORE_INVENTORY_READ_H

#include "core/inventory_rows.h"

#include "base/buf.h"

/** State of a load. Storage of the caller; zeroed but for the first five members. */
struct inventory_reader {
    struct inventory *inv;          /**< gets the rows */
    int zone_min;                   /**< local time is this far east of UTC */
    struct wall_ms reload;          /**< instant of the load */
    inventory_complain *complain;   /**< told of every error */
    void *context;                  /**< for complain */
    const char *paths[TABLE_COUNT]; /**< path of each table's file, NULL = no file */
    struct vec lines[NAMES_COUNT];  /**< uint32_t by number: the line that defines a name in this
                                       load, 0 = none */
    unsigned complaints;            /**< told so far */
    unsigned suggestions;           /**< of them, with a costly search for a near name */
    bool mute;                      /**< first pass: nothing is told */
    bool failed;                    /**< the present row has an error */
    int err;                        /**< ERR_NOMEM or ERR_FULL of something that is not an error of
                                       the files */
    struct buf scratch;             /**< for normalised text */
    enum inventory_table_number table; /**< present one */
    uint32_t line;                     /**< present one */
    const char *column;                /**< present one, NULL between cells */
    uint32_t site;                     /**< key cell of the present row, as far as read */
    uint32_t op;                       /**< as above */
    struct slice service;              /**< as above */
    int64_t repeat_ms;                 /**< of a declaration: until it comes again, 0 = once */
    struct wall_ms until;              /**< from when on it does not, INT64_MIN = not said */
};

/** Prepares the reader; inv, zone_min, reload, complain and context are set already. */
void inventory_read_init(struct inventory_reader *r);
/** Frees what reading needed; not the inventory. */
void inventory_read_done(struct inventory_reader *r);
/**
 * Reads one file in two passes, names first, so that rows may name rows below them. Call it in the
 * order of enum inventory_table_number. Errors of the file are told to complain; r->err is set when
 * memory or a bound ends the load.
 */
void inventory_read_file(struct inventory_reader *r, enum inventory_table_number table,
                         const struct inventory_file *file);

/** Tells "path:line: column: text" of the present row, or of @p line of @p table. */
void inventory_read_complain(struct inventory_reader *r, const char *fmt, ...) PRINTF_LIKE(2, 3);
void inventory_read_complain_at(struct inventory_reader *r, enum inventory_table_number table,
                                uint32_t line, const char *fmt, ...)
    PRINTF_LIKE(4, 5); /**< as above */
/** Tells of an unknown @p what (a name of table @p names), with the nearest name if one is near. */
void inventory_read_unknown(struct inventory_reader *r, enum inventory_names_number names,
                            const char *what, struct slice name);
/** Line that defines a name in this load, 0 = none. */
uint32_t inventory_read_line(const struct inventory_reader *r, enum inventory_names_number names,
                             uint32_t number);
/** Notes that the present line defines a name, unless one before it does. */
void inventory_read_define(struct inventory_reader *r, enum inventory_names_number names,
                           uint32_t number);

struct inventory_column;
/** Reads a cell (never empty in a required column) into the row or the reader. */
typedef void inventory_cell_reader(struct inventory_reader *r,
                                   const struct inventory_column *column, struct slice cell,
                                   void *row);

/** One column of a table. */
struct inventory_column {
    const char *name;            /**< in the header */
    bool required;               /**< the column must be there and no cell may be empty */
    bool key;                    /**< read in the first pass too */
    inventory_cell_reader *read; /**< see above */
    size_t offset;               /**< of the member in the row */
    const char *const *words;    /**< of an enum, NULL-terminated */
};

/** How a table is read. */
struct inventory_sheet {
    const struct inventory_column *columns; /**< key columns first */
    size_t n_columns;                       /**< of them */
    void (*blank)(void *row); /**< gives a zeroed row its "not given" values; may be NULL */
    /** First pass: adds the name a row defines; NULL if rows define none. */
    void (*define)(struct inventory_reader *r, void *row);
    /** Second pass: makes the row whole once its cells are read; may be NULL. */
    void (*finish)(struct inventory_reader *r, void *row);
};

/** The sheet of a table. */
const struct inventory_sheet *inventory_sheet(enum inventory_table_number table);

#endif
