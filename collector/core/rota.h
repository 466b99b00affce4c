/**
 * @file
 * The rota: who is on duty in which role, for which area, from when to when, and on which phone;
 * read from `rota.csv`.
 *
 * Pages to a role go to whoever has it at that moment, and only a number that stands here may
 * answer one. Whom a rule tells is core/rules.h's.
 */
#ifndef CORE_ROTA_H
#define CORE_ROTA_H

#include "core/inventory.h"
#include "core/phone.h"

enum {
    ROTA_MAX = 4096,      /**< rows */
    ROTA_PERSON_MAX = 65, /**< bytes of a name, with the NUL */
    ROTA_ROLE_MAX = 33,   /**< of a role */
    ROTA_SCOPE_MAX = 48,  /**< of an area's id */
};

/** One turn of duty. */
struct rota_row {
    char person[ROTA_PERSON_MAX]; /**< who */
    char role[ROTA_ROLE_MAX];     /**< as what */
    char scope[ROTA_SCOPE_MAX];   /**< at or below this area; "" = everywhere */
    char phone[PHONE_MAX];        /**< as phone_read() writes it */
    struct validity span;         /**< from when to when */
};

/** All of it; storage of the caller. */
struct rota {
    struct vec rows; /**< struct rota_row, in the order of the file */
};

/** Told of every mistake: @p line and @p column from 1. */
typedef void rota_complain(void *context, size_t line, size_t column, const char *text);

/** How a rota is read. */
struct rota_reading {
    int zone_min;                /**< local time is this far east of UTC */
    const char *dial_code;       /**< of the country, for numbers with a leading 0 */
    const struct inventory *inv; /**< scopes have to be in it; NULL = they are not looked up */
    rota_complain *complain;     /**< of every mistake */
    void *context;               /**< for complain */
};

/** A rota of nobody. */
void rota_init(struct rota *r);
/** Frees it. */
void rota_done(struct rota *r);
/** Appends the rows of @p text (columns person, phone, role, scope, from, to; the last three may be
 * empty or missing): 0, ERR_SYNTAX after complaints, or ERR_NOMEM. */
int rota_read(struct rota *r, struct slice text, const struct rota_reading *reading) MUST_USE;
/** Whoever has @p phone and a turn of duty at @p now; NULL if nobody. O(rows) */
const struct rota_row *rota_find(const struct rota *r, const char *phone, struct wall_ms now);
/**
 * Phones of whoever has @p role at @p now for @p area (id; "" = the whole: then whatever the
 * scope), each once: how many, at most @p max. O(rows x depth of the tree)
 */
size_t rota_phones(const struct rota *r, const struct inventory *inv, const char *role,
                   const char *area, struct wall_ms now, char (*ret_phones)[PHONE_MAX], size_t max);
/** True if somebody ever has @p role. */
bool rota_has_role(const struct rota *r, const char *role);

#endif
