#include "core/state.h"

/* An overlay fixes state, cause and provenance (FIGURES 7.22), so a code needs only which overlay
 * shows and what lies beneath: overlay 2 bits, beneath 3, its cause 4, provenance 2, awaiting 1. */
enum overlay { OVERLAY_NONE, OVERLAY_PLANNED, OVERLAY_MAINTENANCE, OVERLAY_ASLEEP };

enum { BENEATH_SHIFT = 2, CAUSE_SHIFT = 5, PROVENANCE_SHIFT = 9, AWAITING_SHIFT = 11 };

static const struct {
    enum unit_state state;
    enum cause cause;
} overlays[] = {
    [OVERLAY_NONE] = {STATE_COUNT, CAUSE_NONE},
    [OVERLAY_PLANNED] = {STATE_PLANNED, CAUSE_NONE},
    [OVERLAY_MAINTENANCE] = {STATE_MAINTENANCE, CAUSE_MANUAL},
    [OVERLAY_ASLEEP] = {STATE_ASLEEP, CAUSE_ENERGY_SAVING},
};

static unsigned overlay_of(enum unit_state state)
{
    unsigned overlay = OVERLAY_ASLEEP;
    while (overlay != OVERLAY_NONE && overlays[overlay].state != state)
        overlay--;
    return overlay;
}

uint16_t state_pack(const struct unit_view *view)
{
    unsigned overlay = overlay_of(view->state);
    unsigned provenance = overlay ? (unsigned)PROVENANCE_DECLARED : (unsigned)view->provenance;
    return (uint16_t)(overlay | (unsigned)view->beneath << BENEATH_SHIFT |
                      (unsigned)view->beneath_cause << CAUSE_SHIFT |
                      provenance << PROVENANCE_SHIFT | (unsigned)view->awaiting << AWAITING_SHIFT);
}

struct unit_view state_unpack(uint16_t code)
{
    unsigned overlay = code & 3U;
    enum unit_state beneath = (enum unit_state)(code >> BENEATH_SHIFT & 7U);
    enum cause cause = (enum cause)(code >> CAUSE_SHIFT & 15U);
    return (struct unit_view){
        .state = overlay ? overlays[overlay].state : beneath,
        .beneath = beneath,
        .cause = overlay ? overlays[overlay].cause : cause,
        .beneath_cause = cause,
        .provenance = (enum provenance)(code >> PROVENANCE_SHIFT & 3U),
        .awaiting = (code >> AWAITING_SHIFT & 1U) != 0,
    };
}

#define STATE_WORD(name, value, word) [value] = (word),

enum state_turn state_turn(const struct unit_view *view)
{
    static const enum state_turn turns[STATE_COUNT] = {
        [STATE_DOWN] = STATE_TURN_OUT,
        [STATE_SILENT] = STATE_TURN_OUT,
        [STATE_DEGRADED] = STATE_TURN_BACK,
        [STATE_UP] = STATE_TURN_BACK,
    };

    if (view->state == STATE_UNOBSERVED && view->cause == CAUSE_PROBE)
        return STATE_TURN_BACK;
    return turns[view->state];
}

const char *state_word(int state)
{
    static const char *const words[] = {STATE_MAP(STATE_WORD)};
    return state >= 0 && state < STATE_COUNT ? words[state] : "";
}

const char *provenance_word(int provenance)
{
    static const char *const words[] = {PROVENANCE_MAP(STATE_WORD)};
    return provenance >= 0 && provenance <= PROVENANCE_DECLARED ? words[provenance] : "";
}
