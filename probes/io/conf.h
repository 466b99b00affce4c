/**
 * @file
 * Configuration files: YAML into plain structs by the tables of base/field.h. Every mistake is
 * found in one pass and told as `file:line:column: what; did you mean "x"?`.
 *
 * A file is a mapping of sections. A section is a mapping of keys, or a list of items whose key
 * `type` picks the item's table. Nothing deeper. Secrets stand in files of their own: a key whose
 * name ends in `_file` holds the path, file_read_secret() reads it.
 */
#ifndef IO_CONF_H
#define IO_CONF_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/field.h"

#include <stdbool.h>
#include <stddef.h>

/** True if the members of @p object fit together; else a sentence in @p ret_why. */
typedef bool conf_check(const void *object, char ret_why[FIELD_WHY_MAX]);

/** What one `type:` of a list's items is made of. */
struct conf_kind {
    const char *word;           /**< value of `type`; NULL in a list whose items have no type */
    const struct field *fields; /**< its own keys, beside those of the section */
    size_t len;                 /**< rows of fields */
    size_t size;       /**< bytes of its struct, which begins with the section's common one */
    conf_check *check; /**< NULL = nothing more to check */
    const char *about; /**< one sentence for the manual */
};

/** A place in the file. Zeroed: none. */
struct conf_place {
    size_t line;   /**< from 1 */
    size_t column; /**< in that line, from 1 */
};

/** One section of the file. */
struct conf_section {
    const char *name;           /**< the key at the top of the file */
    const char *about;          /**< one sentence for the manual */
    const struct field *fields; /**< its keys; in a list, the keys common to all items */
    size_t len;                 /**< rows of fields */
    size_t offset; /**< in the configuration struct: of the section's struct, or of a conf_list */
    bool required; /**< a file without it is wrong, even if every key has a default */
    conf_check *check;             /**< of a mapping section; NULL = nothing more to check */
    const struct conf_kind *kinds; /**< NULL: a mapping; else a list of items of these kinds */
    size_t kinds_len;              /**< kinds */
    size_t max;                    /**< most items of the list */
    size_t place; /**< in the configuration struct: of the conf_place where a mapping section
                     begins; 0 = nobody asks */
};

/** One item of a list. */
struct conf_item {
    const struct conf_kind *kind; /**< its type */
    void *object;                 /**< kind->size bytes */
    size_t line;                  /**< where it begins, from 1 */
    size_t column;                /**< in that line, from 1 */
};

/** A list section as read. Zeroed: empty. */
struct conf_list {
    struct conf_item *items; /**< len items */
    size_t len;              /**< items read */
};

/** What is wrong with a file. */
struct conf_errors {
    const char *file; /**< its name as told to people */
    struct buf text;  /**< one line per mistake */
    size_t len;       /**< mistakes */
};

/** No mistakes yet in @p file, whose name the caller keeps. */
void conf_errors_init(struct conf_errors *errors, const char *file);
/** Frees the text. */
void conf_errors_done(struct conf_errors *errors);
/** Adds a mistake at @p line and @p column (from 1; line 0 = the file as a whole): for what only
 * the owner of the configuration can know, such as two checks of one name. */
void conf_error(struct conf_errors *errors, size_t line, size_t column, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/**
 * Reads the file errors->file into @p object, defaults first. Returns 0, ERR_SYNTAX if there are
 * mistakes (all in @p errors), or what file_read() returns (also told in @p errors). The lists in
 * @p object are the caller's to free with conf_done(), whatever was returned; it must be zeroed
 * before.
 */
int conf_read(const struct conf_section *sections, size_t n, void *object,
              struct conf_errors *errors) MUST_USE;
/** The same from @p text; errors->file is only a name. JSON is YAML, so a message can be read too.
 */
int conf_read_text(const struct conf_section *sections, size_t n, struct slice text, void *object,
                   struct conf_errors *errors) MUST_USE;
/** Frees the lists in @p object. */
void conf_done(const struct conf_section *sections, size_t n, void *object);

/** Appends a listing of all sections and keys for people at a terminal. */
void conf_help(const struct conf_section *sections, size_t n, struct buf *out);
/** Appends the same as troff for a manual page. */
void conf_manual(const struct conf_section *sections, size_t n, struct buf *out);

#endif
