/* From checks to units: the table of FIGURES 2, with 7.6, 7.11, 7.13, 7.14, 7.18, 7.20 to 7.22. */
#include "reference_inside.h"

/** Place of a cause in the order power, transport, then the list's order (7.13). */
static int place(enum cause cause)
{
    if (cause == CAUSE_POWER)
        return -2;
    if (cause == CAUSE_TRANSPORT)
        return -1;
    return (int)cause;
}

enum cause ref_first_cause(enum cause a, enum cause b)
{
    return place(a) <= place(b) ? a : b;
}

/** What the checks of one voice (L, or one R probe) say of a unit. */
struct tally {
    bool spoken, silent, unheard, cannot, awaiting;
    unsigned required;          /**< that have spoken */
    unsigned required_evidence; /**< of those: with evidence */
    bool required_weak;         /**< one of those is silent or cannot tell */
    enum verdict required_worst;
    enum cause cause; /**< of the failed required ones */
    bool optional_evidence;
    enum verdict optional_worst;
};

/** A voice's word. */
struct word {
    bool speaks;
    enum unit_state state;
    enum cause cause;
    bool told; /**< an operator's feed says so, nobody else */
};

static bool names_unit(const struct history_entry *entry, uint32_t unit)
{
    for (size_t i = 0; i < entry->n_units; i++)
        if (entry->units[i] == unit)
            return true;
    return false;
}

static void count(struct tally *tally, const struct history_entry *entry,
                  const struct ref_saying *says)
{
    bool evidence = says->status == REF_EVIDENCE;
    tally->spoken = true;
    tally->silent |= says->status == REF_SILENT;
    tally->unheard |= says->status == REF_UNHEARD;
    tally->cannot |= says->status == REF_CANNOT;
    tally->awaiting |= says->awaiting;
    if (entry->role == ROLE_OPTIONAL) {
        tally->optional_evidence |= evidence;
        if (evidence && says->verdict > tally->optional_worst)
            tally->optional_worst = says->verdict;
        return;
    }
    tally->required++;
    tally->required_evidence += evidence;
    tally->required_weak |= says->status == REF_SILENT || says->status == REF_CANNOT;
    if (evidence && says->verdict > tally->required_worst)
        tally->required_worst = says->verdict;
    if (evidence && says->verdict == VERDICT_FAILED)
        tally->cause = ref_first_cause(tally->cause, entry->cause);
}

/** Adds the checks of @p probe that name @p unit at @p t and have spoken. Role info never enters
 * (7.3). */
static void count_probe(const struct reference *r, struct tally *tally, uint32_t probe,
                        uint32_t unit, struct wall_ms t)
{
    for (size_t i = 0; i < r->checks.len; i++) {
        const struct ref_check *c = vec_at(&r->checks, i);
        if (c->probe != probe || c->site != inventory_unit_id(r->inv, unit)->site)
            continue;
        const struct history_entry *entry = ref_entry_at(r, c, t);
        if (!entry || entry->role == ROLE_INFO || !names_unit(entry, unit))
            continue;
        struct ref_saying says = ref_check_at(r, c, t);
        if (says.status != REF_ABSENT)
            count(tally, entry, &says);
    }
}

static struct word judge(const struct tally *tally)
{
    static const enum unit_state by_verdict[] = {STATE_UP, STATE_DEGRADED, STATE_DOWN};
    struct word word = {.speaks = true, .state = STATE_DEGRADED, .cause = CAUSE_NONE};
    if (tally->required_evidence) {
        word.state = by_verdict[tally->required_worst];
        if (word.state == STATE_UP && (tally->required_weak || tally->optional_worst))
            word.state = STATE_DEGRADED; /* 7.6 */
        if (word.state == STATE_DOWN)
            word.cause = tally->cause; /* 7.11 */
    } else if (!tally->optional_evidence) {
        word.speaks = false;
    } else if (!tally->required && !tally->optional_worst) {
        word.state = STATE_UP; /* 7.6: optional checks only; else 7.18 and "only degrade" */
    }
    return word;
}

static struct tally tally_new(void)
{
    return (struct tally){.cause = CAUSE_NONE};
}

/** Several R: the best word counts (7.13). */
static struct word word_of_others(const struct reference *r, uint32_t unit, struct wall_ms t)
{
    static const int goodness[] = {[STATE_UP] = 2, [STATE_DEGRADED] = 1, [STATE_DOWN] = 0};
    uint32_t site = inventory_unit_id(r->inv, unit)->site;
    struct word best = {.speaks = false, .cause = CAUSE_NONE};
    for (uint32_t probe = 0; probe < r->inv->probes.len; probe++) {
        bool own = false;
        if (!inventory_may_speak(r->inv, probe, site, t, &own) || own)
            continue;
        struct tally tally = tally_new();
        count_probe(r, &tally, probe, unit, t);
        struct word word = judge(&tally);
        if (!word.speaks)
            continue;
        word.told = inventory_probe(r->inv, probe, t)->feed != INV_NONE;
        bool equal = best.speaks && word.state == best.state;
        if (equal && !word.told)
            best.told = false; /* 19 */
        if (!best.speaks || goodness[word.state] > goodness[best.state])
            best = word;
        else if (word.state == STATE_DOWN && best.state == STATE_DOWN)
            best.cause = ref_first_cause(best.cause, word.cause);
    }
    return best;
}

/** L is every own probe of the site, taken together. */
static struct tally tally_of_own(const struct reference *r, uint32_t unit, struct wall_ms t,
                                 bool *ret_gasp)
{
    uint32_t site = inventory_unit_id(r->inv, unit)->site;
    struct tally tally = tally_new();
    *ret_gasp = false;
    for (uint32_t probe = 0; probe < r->inv->probes.len; probe++) {
        bool own = false;
        if (!inventory_may_speak(r->inv, probe, site, t, &own) || !own)
            continue;
        count_probe(r, &tally, probe, unit, t);
        *ret_gasp |= ref_gasping(r, probe, t);
    }
    return tally;
}

bool ref_exists(const struct reference *r, uint32_t unit, struct wall_ms t)
{
    const struct unit_row *row = inventory_unit(r->inv, unit, t);
    return row && row->commissioned.ms <= t.ms && t.ms < row->decommissioned.ms;
}

static bool is_down(const struct reference *r, uint32_t unit, struct wall_ms t)
{
    enum cause cause;
    bool awaiting, told;
    return ref_beneath(r, unit, t, &cause, &awaiting, &told) == STATE_DOWN;
}

/** 7.13: what is depended on is down when all units of the site named are, or the one unit named.
 */
static bool member_down(const struct reference *r, const struct depends_row *row, struct wall_ms t)
{
    if (row->on_unit != INV_NONE)
        return ref_exists(r, row->on_unit, t) && is_down(r, row->on_unit, t);
    bool any = false;
    for (uint32_t unit = 0; unit < r->inv->units.len; unit++) {
        if (inventory_unit_id(r->inv, unit)->site != row->on_site || !ref_exists(r, unit, t))
            continue;
        if (!is_down(r, unit, t))
            return false;
        any = true;
    }
    return any;
}

static bool valid_at(struct validity valid, struct wall_ms t)
{
    return valid.from.ms <= t.ms && t.ms < valid.to.ms;
}

static const struct depends_row *depends_at(const struct reference *r, size_t i, uint32_t child,
                                            struct wall_ms t)
{
    const struct depends_row *row = vec_at(&r->inv->depends_rows, i);
    return row->child == child && valid_at(row->valid, t) ? row : NULL;
}

/** 7.21: a group is out while all of its members are. */
static bool group_out(const struct reference *r, const struct depends_row *of, struct wall_ms t)
{
    for (size_t i = 0; i < r->inv->depends_rows.len; i++) {
        const struct depends_row *row = depends_at(r, i, of->child, t);
        if (row && row->group == of->group && !member_down(r, row, t))
            return false;
    }
    return true;
}

/** The cause that an out dependence of @p site gives at @p t: the kind of the child's own row;
 * CAUSE_NONE if none is out. */
static enum cause dependence_out(const struct reference *r, uint32_t site, struct wall_ms t)
{
    enum cause cause = CAUSE_NONE;
    for (size_t i = 0; i < r->inv->depends_rows.len; i++) {
        const struct depends_row *row = depends_at(r, i, site, t);
        if (row && group_out(r, row, t))
            cause =
                ref_first_cause(cause, row->kind == DEPEND_POWER ? CAUSE_POWER : CAUSE_TRANSPORT);
    }
    return cause;
}

/** The rows of the table in which L does not speak, but has checks that have spoken (READINGS 15).
 */
static enum unit_state without_l(const struct reference *r, uint32_t unit, struct wall_ms t,
                                 const struct tally *l, bool gasp, enum cause *ret_cause,
                                 bool *ret_told)
{
    struct word others = word_of_others(r, unit, t);
    if (others.speaks && others.state != STATE_DOWN) {
        *ret_cause = CAUSE_PROBE;
        return STATE_UNOBSERVED;
    }
    if (others.speaks) {
        *ret_cause = others.cause; /* 7.20: it keeps its own cause */
        *ret_told = others.told;
        return STATE_DOWN;
    }
    if (!l->silent && l->unheard) {
        *ret_cause = CAUSE_UNKNOWN; /* gasp and dependence do not hold in unlistened time */
        return STATE_UNOBSERVED;
    }
    enum cause cause = dependence_out(r, inventory_unit_id(r->inv, unit)->site, t);
    if (gasp)
        cause = ref_first_cause(cause, CAUSE_POWER);
    *ret_cause = cause != CAUSE_NONE ? cause : l->silent ? CAUSE_UNKNOWN : CAUSE_PROBE;
    if (cause != CAUSE_NONE)
        return STATE_DOWN;
    return l->silent ? STATE_SILENT : STATE_UNOBSERVED;
}

/** The table of section 2, without the anchor. */
static enum unit_state by_table(const struct reference *r, uint32_t unit, struct wall_ms t,
                                enum cause *ret_cause, bool *ret_awaiting, bool *ret_told)
{
    bool gasp = false;
    *ret_told = false;
    struct tally l = tally_of_own(r, unit, t, &gasp);
    *ret_awaiting = l.awaiting;
    struct word word = judge(&l);
    if (!l.spoken) { /* "a unit that no list names at t, or none of whose checks ever spoke" */
        word = word_of_others(r, unit, t);
        *ret_told = word.speaks && word.told;
        *ret_cause = word.speaks ? word.cause : CAUSE_UNKNOWN;
        return word.speaks ? word.state : STATE_UNOBSERVED;
    }
    if (!word.speaks)
        return without_l(r, unit, t, &l, gasp, ret_cause, ret_told);
    *ret_cause = word.cause;
    return word.state;
}

enum unit_state ref_beneath(const struct reference *r, uint32_t unit, struct wall_ms t,
                            enum cause *ret_cause, bool *ret_awaiting, bool *ret_told)
{
    enum unit_state state = by_table(r, unit, t, ret_cause, ret_awaiting, ret_told);
    const struct unit_row *row = inventory_unit(r->inv, unit, t);
    if (!row || row->anchor == INV_NONE || !ref_exists(r, row->anchor, t))
        return state;
    enum cause cause;
    bool awaiting, told;
    if (ref_beneath(r, row->anchor, t, &cause, &awaiting, &told) != STATE_DOWN)
        return state;
    *ret_cause = cause; /* 7.13: it takes the anchor's cause */
    return STATE_DOWN;
}

/** Maintenance counts only if registered before it starts (3, 7.23); one declared in retrospect and
 * not withdrawn counts where the figure with it is asked for. */
static bool counts(const struct reference *r, const struct declaration *d)
{
    if (d->kind == DECLARATION_ASLEEP || d->registered.ms < d->span.from.ms)
        return true;
    return r->with_retroactive && d->retroactive && d->withdrawn.ms == 0;
}

/** A declaration of @p kind in force for @p unit at @p t. */
static bool declared(const struct reference *r, uint32_t unit, struct wall_ms t,
                     enum declaration_kind kind)
{
    for (size_t i = 0; i < r->inv->declarations.len; i++) {
        const struct declaration *d = vec_at(&r->inv->declarations, i);
        if (d->kind != kind || d->site != inventory_unit_id(r->inv, unit)->site ||
            (d->unit != INV_NONE && d->unit != unit) || !valid_at(d->span, t))
            continue;
        if (counts(r, d))
            return true;
    }
    return false;
}

struct unit_view reference_unit_at(const struct reference *r, uint32_t unit, struct wall_ms t)
{
    struct unit_view view = {.provenance = PROVENANCE_MEASURED};
    bool told;
    view.beneath = ref_beneath(r, unit, t, &view.beneath_cause, &view.awaiting, &told);
    if (told)
        view.provenance = PROVENANCE_OPERATOR;
    view.state = view.beneath;
    view.cause = view.beneath_cause;
    if (!ref_exists(r, unit, t)) {
        view.state = STATE_PLANNED; /* the overlays in their order: the first one shows (7.13) */
        view.cause = CAUSE_NONE;    /* 7.22 */
    } else if (declared(r, unit, t, DECLARATION_MAINTENANCE)) {
        view.state = STATE_MAINTENANCE;
        view.cause = CAUSE_MANUAL;
    } else if (declared(r, unit, t, DECLARATION_ASLEEP)) {
        view.state = STATE_ASLEEP;
        view.cause = CAUSE_ENERGY_SAVING;
    }
    if (view.state != view.beneath)
        view.provenance = PROVENANCE_DECLARED;
    return view;
}
