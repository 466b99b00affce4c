/* One unit at one instant, and until when that holds: FIGURES section 2 with inventory,
 * dependence, anchors and overlays (readings 13 to 20). */
#include "core/world_inside.h"

struct sweep {
    const struct world *w;
    uint32_t unit;
    uint32_t site;
    int64_t t;
    int64_t until; /* first instant after t at which anything looked at may differ */
};

static void limit(struct sweep *s, int64_t instant)
{
    if (instant > s->t && instant < s->until)
        s->until = instant;
}

static bool holds(struct sweep *s, struct validity valid)
{
    limit(s, valid.from.ms);
    limit(s, valid.to.ms);
    return valid.from.ms <= s->t && s->t < valid.to.ms;
}

/* May the probe speak for the site, and is it the site's own? (readings 1) */
static bool may_speak(struct sweep *s, uint32_t probe, bool *ret_own)
{
    size_t n;
    bool may = false;
    const struct probe_row *rows = inventory_probe_rows(s->w->inv, probe, &n);
    for (size_t i = 0; i < n; i++) {
        if (!holds(s, rows[i].valid))
            continue;
        const uint32_t *also = (const uint32_t *)s->w->inv->also.items;
        *ret_own = may = rows[i].site == s->site;
        for (uint32_t k = 0; !may && k < rows[i].also_len; k++)
            may = also[rows[i].also_first + k] == s->site;
    }
    return may;
}

static void add_check(struct sweep *s, uint32_t number, struct unit_voice *voice)
{
    const struct check *check = check_table_at(&s->w->checks, number);
    limit(s, check_listing_until(check, s->t));
    uint32_t listed = check_listing_at(check, s->t).terms;
    if (listed == TERMS_NONE || !terms_name(&s->w->terms, listed, s->unit))
        return;
    const struct terms *terms = terms_at(&s->w->terms, listed);
    struct read_context context = world_inside_context(s->w);
    const struct world_probe *probe = world_inside_probe(s->w, check->probe);
    struct check_saying saying = check_read(&context, check, &probe->signs, s->t);
    limit(s, saying.until);
    unit_voice_add(voice, (enum role)terms->role, (enum cause)terms->cause, &saying);
}

/* L: all own probes together. Links of a unit stand in order of their probes. */
static struct unit_voice own_voice(struct sweep *s, const struct world_unit *unit)
{
    struct unit_voice voice = unit_voice_new();
    uint32_t asked = INV_NONE;
    bool own = false;
    for (unsigned i = 0; i < unit->checks_len; i++) {
        uint32_t probe = check_table_at(&s->w->checks, unit->checks[i])->probe;
        if (probe != asked) {
            asked = probe;
            bool may = may_speak(s, probe, &own);
            own = may && own;
        }
        if (own)
            add_check(s, unit->checks[i], &voice);
    }
    return voice;
}

/* R: every other probe makes its own word, the best counts. */
static struct unit_word others_word(struct sweep *s, const struct world_unit *unit)
{
    struct unit_word best = {.speaks = false, .state = STATE_UNOBSERVED, .cause = CAUSE_NONE};
    for (unsigned i = 0; i < unit->checks_len;) {
        uint32_t probe = check_table_at(&s->w->checks, unit->checks[i])->probe;
        bool own = false;
        bool other = may_speak(s, probe, &own) && !own;
        struct unit_voice voice = unit_voice_new();
        for (; i < unit->checks_len; i++) {
            if (check_table_at(&s->w->checks, unit->checks[i])->probe != probe)
                break;
            if (other)
                add_check(s, unit->checks[i], &voice);
        }
        best = unit_best_word(best, unit_voice_word(&voice));
    }
    return best;
}

static bool gasping(struct sweep *s)
{
    size_t n;
    const uint32_t *probes = world_graph_list(&s->w->graph.own_probes, s->site, &n);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        const struct signs *signs = &world_inside_probe(s->w, probes[i])->signs;
        bool own = false;
        if (signs->gasps_len == 0 || !may_speak(s, probes[i], &own) || !own)
            continue;
        struct gasp_stretch stretch = signs_gasping(signs, s->t);
        limit(s, stretch.until);
        any |= stretch.gasping;
    }
    return any;
}

static const struct unit_row *row_at(struct sweep *s, uint32_t unit)
{
    size_t n;
    const struct unit_row *found = NULL;
    const struct unit_row *rows = inventory_unit_rows(s->w->inv, unit, &n);
    for (size_t i = 0; i < n; i++)
        if (holds(s, rows[i].valid))
            found = &rows[i];
    return found;
}

static bool exists(struct sweep *s, const struct unit_row *row)
{
    return row && holds(s, (struct validity){row->commissioned, row->decommissioned});
}

static bool down_beneath(struct sweep *s, uint32_t unit, enum cause *ret_cause)
{
    const struct timeline *states = world_unit_timeline(s->w, unit);
    int64_t index = timeline_index(states, (struct wall_ms){s->t});
    struct timeline_span span = timeline_span_at(states, index);
    limit(s, span.to.ms);
    struct unit_view view = state_unpack(span.code);
    *ret_cause = view.beneath_cause;
    return span.code != TIMELINE_NOTHING && view.beneath == STATE_DOWN;
}

/* FIGURES 7.13: what is depended on is down when all units of the site named, or the one unit
 * named, are down; units that do not exist do not count. */
static bool member_down(struct sweep *s, const struct depends_row *row)
{
    size_t n = 1;
    const uint32_t *units = &row->on_unit;
    if (row->on_unit == INV_NONE)
        units = inventory_site_units(s->w->inv, row->on_site, &n);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        enum cause cause;
        if (!exists(s, row_at(s, units[i])))
            continue;
        if (!down_beneath(s, units[i], &cause))
            return false;
        any = true;
    }
    return any;
}

/* FIGURES 7.21: a group is out while all of its members are; the cause is the kind of the rows. */
static enum cause dependence_out(struct sweep *s)
{
    static const enum cause causes[] = {
        [DEPEND_POWER] = CAUSE_POWER, [DEPEND_TRANSPORT] = CAUSE_TRANSPORT};

    size_t n;
    const struct depends_row *rows = inventory_depends(s->w->inv, s->site, &n);
    enum cause out = CAUSE_NONE;
    for (size_t i = 0; i < n;) {
        uint32_t group = rows[i].group;
        enum cause cause = CAUSE_NONE;
        bool standing = false;
        for (; i < n && rows[i].group == group; i++) {
            if (standing || !holds(s, rows[i].valid))
                continue;
            standing = !member_down(s, &rows[i]);
            cause = unit_cause(cause, causes[rows[i].kind]);
        }
        if (!standing)
            out = unit_cause(out, cause);
    }
    return out;
}

static struct unit_view by_evidence(struct sweep *s)
{
    const struct world_unit *unit = vec_at(&s->w->units, s->unit);
    struct unit_voice own = own_voice(s, unit);
    struct unit_word word = unit_voice_word(&own);
    struct unit_word others = {.speaks = false, .cause = CAUSE_NONE};
    if (!word.speaks)
        others = others_word(s, unit);
    enum cause out = CAUSE_NONE;
    if (unit_asks_parents(&own, &word, &others)) {
        out = dependence_out(s);
        if (gasping(s))
            out = unit_cause(out, CAUSE_POWER);
    }
    return unit_by_table(&own, &word, &others, out);
}

/* A non-standalone unit is down when its anchor is, before overlays (FIGURES 7.13). */
static void apply_anchor(struct sweep *s, const struct unit_row *row, struct unit_view *view)
{
    enum cause cause;
    if (!row || row->anchor == INV_NONE || !exists(s, row_at(s, row->anchor)) ||
        !down_beneath(s, row->anchor, &cause))
        return;
    view->beneath = STATE_DOWN;
    view->beneath_cause = cause;
}

/* Maintenance counts only if registered strictly before its start, or admitted by an admin. */
static bool declared(struct sweep *s, enum declaration_kind kind)
{
    size_t n;
    const struct declaration *rows = inventory_declarations(s->w->inv, s->site, &n);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        const struct declaration *d = &rows[i];
        bool counts =
            kind == DECLARATION_ASLEEP || d->retroactive || d->registered.ms < d->span.from.ms;
        bool meant = d->unit == INV_NONE || d->unit == s->unit;
        any |= d->kind == kind && counts && meant && holds(s, d->span);
    }
    return any;
}

static void apply_overlays(struct sweep *s, const struct unit_row *row, struct unit_view *view)
{
    view->state = view->beneath;
    view->cause = view->beneath_cause;
    if (!exists(s, row)) {
        view->state = STATE_PLANNED;
        view->cause = CAUSE_NONE;
    } else if (declared(s, DECLARATION_MAINTENANCE)) {
        view->state = STATE_MAINTENANCE;
        view->cause = CAUSE_MANUAL;
    } else if (declared(s, DECLARATION_ASLEEP)) {
        view->state = STATE_ASLEEP;
        view->cause = CAUSE_ENERGY_SAVING;
    }
    if (view->state != view->beneath)
        view->provenance = PROVENANCE_DECLARED;
}

uint16_t world_inside_code(const struct world *w, uint32_t unit, int64_t t, int64_t *ret_until)
{
    struct sweep s = {w, unit, inventory_unit_id(w->inv, unit)->site, t, INT64_MAX};
    struct unit_view view = by_evidence(&s);
    const struct unit_row *row = row_at(&s, unit);
    apply_anchor(&s, row, &view);
    apply_overlays(&s, row, &view);
    *ret_until = s.until;
    return state_pack(&view);
}
