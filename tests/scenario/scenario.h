/**
 * @file
 * What runs a script: the world that plays its events, and the kinds of expectations.
 *
 * Every expectation is asked of the reference and of the fast code, so a script fails when either
 * is wrong.
 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "memory_rows.h"
#include "reference.h"
#include "script.h"

#include "core/annals.h"

/** The fast side of a script while it runs. */
struct scenario {
    struct world *w;
    struct annals *a;
    struct memory_rows rows; /**< what a stores */
    size_t played;           /**< events of the script that w has seen */
};

/** One kind of expectation: `expect NAME ...`. */
struct scenario_kind {
    const char *name;
    bool (*holds)(struct script *s, struct scenario *sc, struct reference *r,
                  const struct slice *words, size_t n); /**< words after the name */
};

/** `unit U STATE [CAUSE] [beneath STATE [CAUSE]] [awaiting] at T | from T to T | now` */
bool scenario_unit(struct script *s, struct scenario *sc, struct reference *r,
                   const struct slice *words, size_t n);
/** `same`: world and reference agree at every instant that matters, for every unit. */
bool scenario_same(struct script *s, struct scenario *sc, struct reference *r,
                   const struct slice *words, size_t n);

/** `coverage area=A tech=T [who=any|all|OP] [total=N] [nominal=N] [live=N] [unknown=N] now|at T` */
bool scenario_coverage(struct script *s, struct scenario *sc, struct reference *r,
                       const struct slice *words, size_t n);
/** `outage U from T to T|open [silent | down CAUSE] [root U]` */
bool scenario_outage(struct script *s, struct scenario *sc, struct reference *r,
                     const struct slice *words, size_t n);
/** `outages U COUNT` */
bool scenario_outages(struct script *s, struct scenario *sc, struct reference *r,
                      const struct slice *words, size_t n);
/** `impact U at T [exposed=N] [down=N] [silent=N]`, of the outage that holds T */
bool scenario_impact(struct script *s, struct scenario *sc, struct reference *r,
                     const struct slice *words, size_t n);
/** `availability U | area=A kind=K [op=O] from T to T|now KEY=VALUE...` */
bool scenario_availability(struct script *s, struct scenario *sc, struct reference *r,
                           const struct slice *words, size_t n);
/** `uncertainty U at T DURATION`, of the fast code only */
bool scenario_uncertainty(struct script *s, struct scenario *sc, struct reference *r,
                          const struct slice *words, size_t n);

/** `period U PERIOD revision N|last known T KEY=VALUE...` */
bool scenario_period(struct script *s, struct scenario *sc, struct reference *r,
                     const struct slice *words, size_t n);

/** True if @p word is @p text. */
static inline bool scenario_is(struct slice word, const char *text)
{
    return slice_equal(word, slice_of(text));
}

#endif
