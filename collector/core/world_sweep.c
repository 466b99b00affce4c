/* One unit at one instant, and until when that holds: FIGURES section 2 with inventory,
 * dependence, anchors and overlays (readings 13 to 20). */
#include "core/world_inside.h"
#include "core/world_words.h"

#include "base/err.h"

#include <stdlib.h>

struct sweep {
    const struct world *w;
    struct world_memory *memory;
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

/* May the probe speak for the site, is it the site's own, is it an operator's feed? (readings 1) */
static bool may_speak(struct sweep *s, uint32_t probe, bool *ret_own, bool *ret_feed)
{
    size_t n;
    bool may = false;
    const struct probe_row *rows = inventory_probe_rows(s->w->inv, probe, &n);
    for (size_t i = 0; i < n; i++) {
        if (!holds(s, rows[i].valid))
            continue;
        *ret_own = false;
        *ret_feed = rows[i].feed != INV_NONE;
        may = inventory_row_speaks(s->w->inv, &rows[i], s->site, ret_own);
    }
    return may;
}

/* What the check of a link is to the unit from t on, as long as that stays the same. */
static void look(struct sweep *s, uint32_t number, struct world_link *link)
{
    const struct check *check = check_table_at(&s->w->checks, number);
    struct sweep own = {s->w, NULL, s->unit, s->site, s->t, INT64_MAX};
    uint32_t listed = check_listing_at(check, s->t).terms;
    limit(&own, check_listing_until(check, s->t));
    link->own = link->feed = false;
    link->named = listed != TERMS_NONE && terms_name(&s->w->terms, listed, s->unit) &&
                  may_speak(&own, check->probe, &link->own, &link->feed);
    if (link->named) {
        const struct terms *terms = terms_at(&s->w->terms, listed);
        struct read_context context = world_inside_context(s->w);
        const struct world_probe *probe = world_inside_probe(s->w, check->probe);
        link->role = (enum role)terms->role;
        link->cause = (enum cause)terms->cause;
        link->saying = check_read(&context, check, &probe->signs, s->t);
        limit(&own, link->saying.until);
    } else if (listed != TERMS_NONE) {
        bool ignored;
        (void)may_speak(&own, check->probe, &ignored, &ignored);
    }
    link->probe = check->probe;
    link->until = own.until;
}

static void look_at_links(struct sweep *s, const struct world_unit *unit)
{
    for (unsigned i = 0; i < unit->checks_len; i++) {
        if (s->memory->links[i].until <= s->t)
            look(s, world_inside_unit_checks(unit)[i], &s->memory->links[i]);
        limit(s, s->memory->links[i].until);
    }
}

/* L: all own probes together. */
static struct unit_voice own_voice(const struct sweep *s, const struct world_unit *unit)
{
    struct unit_voice voice = unit_voice_new();
    for (unsigned i = 0; i < unit->checks_len; i++) {
        const struct world_link *link = &s->memory->links[i];
        if (link->named && link->own)
            unit_voice_add(&voice, link->role, link->cause, &link->saying);
    }
    return voice;
}

/* R: every other probe makes its own word, the best counts; of the feeds alone if only what they
 * tell is wanted. Links stand in order of probes. */
static struct unit_word others_word(const struct sweep *s, const struct world_unit *unit,
                                    bool only_told)
{
    struct unit_word best = {.speaks = false, .state = STATE_UNOBSERVED, .cause = CAUSE_NONE};
    for (unsigned i = 0; i < unit->checks_len;) {
        uint32_t probe = s->memory->links[i].probe;
        struct unit_voice voice = unit_voice_new();
        bool told = false;
        for (; i < unit->checks_len && s->memory->links[i].probe == probe; i++)
            if (s->memory->links[i].named && !s->memory->links[i].own) {
                unit_voice_add(&voice, s->memory->links[i].role, s->memory->links[i].cause,
                               &s->memory->links[i].saying);
                told |= s->memory->links[i].feed;
            }
        struct unit_word word = unit_voice_word(&voice);
        word.told = told;
        if (told || !only_told)
            best = unit_best_word(best, word);
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
        bool own = false, feed = false;
        if (signs->gasps_len == 0 || !may_speak(s, probes[i], &own, &feed) || !own)
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
    look_at_links(s, unit);
    struct unit_voice own = own_voice(s, unit);
    struct unit_word word = unit_voice_word(&own);
    struct unit_word others = {.speaks = false, .cause = CAUSE_NONE};
    if (!word.speaks)
        others = others_word(s, unit, false);
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

/* Maintenance counts only if registered strictly before its start; one declared in retrospect is
 * availability_with_retroactive()'s alone. */
static bool counts(const struct sweep *s, const struct declaration *d)
{
    bool in_time = d->kind == DECLARATION_ASLEEP || d->registered.ms < d->span.from.ms;
    return in_time && (d->unit == INV_NONE || d->unit == s->unit);
}

/* Takes up what has begun by now. Instants only rise, so each row is looked at once, however many
 * there are: people may declare years of them. */
static void look_at_declared(struct sweep *s, struct world_memory *memory)
{
    if (memory->until == INT64_MIN) {
        memory->declared = inventory_declarations(s->w->inv, s->site, &memory->declared_len);
        memory->declared_end[DECLARATION_MAINTENANCE] = INT64_MIN;
        memory->declared_end[DECLARATION_ASLEEP] = INT64_MIN;
    }
    const struct declaration *rows = memory->declared;
    for (; memory->begun < memory->declared_len; memory->begun++) {
        const struct declaration *d = &rows[memory->begun];
        int64_t *end = &memory->declared_end[d->kind];
        if (d->span.from.ms > s->t) {
            limit(s, d->span.from.ms);
            break;
        }
        if (counts(s, d) && d->span.to.ms > *end)
            *end = d->span.to.ms;
    }
    limit(s, memory->declared_end[DECLARATION_MAINTENANCE]);
    limit(s, memory->declared_end[DECLARATION_ASLEEP]);
}

static bool declared(const struct sweep *s, const struct world_memory *memory,
                     enum declaration_kind kind)
{
    return memory->declared_end[kind] > s->t;
}

/* The unit's row and the overlay that shows, from t on, as long as they stay the same. */
static void look_at_overlays(struct sweep *s)
{
    struct world_memory *memory = s->memory;
    if (memory->until <= s->t) {
        struct sweep own = {s->w, NULL, s->unit, s->site, s->t, INT64_MAX};
        memory->row = row_at(&own, s->unit);
        memory->overlay = STATE_COUNT;
        look_at_declared(&own, memory);
        if (!exists(&own, memory->row))
            memory->overlay = STATE_PLANNED;
        else if (declared(&own, memory, DECLARATION_MAINTENANCE))
            memory->overlay = STATE_MAINTENANCE;
        else if (declared(&own, memory, DECLARATION_ASLEEP))
            memory->overlay = STATE_ASLEEP;
        memory->until = own.until;
    }
    limit(s, memory->until);
}

static void apply_overlay(enum unit_state overlay, struct unit_view *view)
{
    static const enum cause causes[STATE_COUNT] = {
        [STATE_PLANNED] = CAUSE_NONE,
        [STATE_MAINTENANCE] = CAUSE_MANUAL,
        [STATE_ASLEEP] = CAUSE_ENERGY_SAVING,
    };

    view->state = view->beneath;
    view->cause = view->beneath_cause;
    if (overlay == STATE_COUNT)
        return;
    view->state = overlay;
    view->cause = causes[overlay];
    view->provenance = PROVENANCE_DECLARED;
}

uint16_t world_inside_code(const struct world *w, uint32_t unit, struct world_memory *memory,
                           int64_t t, int64_t *ret_until)
{
    struct sweep s = {w, memory, unit, inventory_unit_id(w->inv, unit)->site, t, INT64_MAX};
    struct unit_view view = by_evidence(&s);
    look_at_overlays(&s);
    apply_anchor(&s, memory->row, &view);
    apply_overlay(memory->overlay, &view);
    *ret_until = s.until;
    return state_pack(&view);
}

/* Since when the newest of the checks of one voice says what it says, and the time of its last
 * result. */
static void look_at_times(const struct sweep *s, const struct world_unit *unit, bool told,
                          int64_t *ret_since, int64_t *ret_at)
{
    *ret_since = *ret_at = INT64_MIN;
    for (unsigned i = 0; i < unit->checks_len; i++) {
        const struct world_link *link = &s->memory->links[i];
        if (!link->named || link->feed != told || (!told && !link->own) ||
            link->saying.status != CHECK_EVIDENCE)
            continue;
        const struct check_line *line =
            &check_table_at(&s->w->checks, world_inside_unit_checks(unit)[i])->line;
        int index = check_line_index(line, s->t, line->len - 1);
        int64_t since = index < 0 ? INT64_MIN : check_line_span(line, index).from;
        *ret_since = since > *ret_since ? since : *ret_since;
        *ret_at = line->last_ms > *ret_at ? line->last_ms : *ret_at;
    }
}

int world_words(const struct world *w, uint32_t unit, struct world_words *ret_words)
{
    const struct world_unit *known = vec_at(&w->units, unit);
    struct world_link *links = calloc(known->checks_len + 1U, sizeof *links);
    if (!links)
        return ERR_NOMEM;
    for (unsigned i = 0; i < known->checks_len; i++)
        links[i].until = INT64_MIN;
    struct world_memory memory = {.links = links};
    uint32_t site = inventory_unit_id(w->inv, unit)->site;
    struct sweep s = {w, &memory, unit, site, w->now, INT64_MAX};
    look_at_links(&s, known);
    struct unit_voice own = own_voice(&s, known);
    int64_t ignored;
    ret_words->own = unit_voice_word(&own);
    ret_words->told = others_word(&s, known, true);
    look_at_times(&s, known, false, &ret_words->own_since, &ignored);
    look_at_times(&s, known, true, &ret_words->told_since, &ret_words->told_at);
    free(links);
    return 0;
}

bool world_words_differ(const struct world_words *words)
{
    bool own_down = words->own.state == STATE_DOWN, told_down = words->told.state == STATE_DOWN;
    return words->own.speaks && words->told.speaks && own_down != told_down &&
           words->told_at >= words->own_since;
}
