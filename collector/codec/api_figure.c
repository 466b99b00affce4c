#include "codec/api_figure.h"

#include <math.h>

void api_figure_ratio(struct emit *e, const char *key, bool exists, double ratio)
{
    emit_number(e, key, exists ? ratio : NAN);
}

static void put_positive(struct emit *e, const char *key, int64_t ms)
{
    if (ms < 0)
        emit_null(e, key);
    else
        emit_int(e, key, ms);
}

void api_figure_times(struct emit *e, const struct availability *a)
{
    emit_object(e, "state_ms");
    for (int state = 0; state < STATE_COUNT; state++)
        emit_int(e, state_word(state), a->state_ms[state]);
    emit_end(e);
}

/* A figure without enough data is null, with its observed share beside it (FIGURES section 3). */
void api_figure_put(struct emit *e, const struct availability *a, bool enough)
{
    double confirmed = NAN;
    double lower = NAN;
    bool has_confirmed = availability_confirmed(a, &confirmed);
    bool has_lower = availability_lower(a, &lower);
    api_figure_ratio(e, "confirmed", enough && has_confirmed, confirmed);
    api_figure_ratio(e, "lower", enough && has_lower, lower);
    emit_bool(e, "enough_data", enough);
    emit_int(e, "decimals", availability_decimals(a));
    emit_int(e, "outages", a->outages);
    emit_int(e, "outages_unverified", a->unverified);
    put_positive(e, "mttr_ms", availability_mttr_ms(a));
    put_positive(e, "mtbf_ms", availability_mtbf_ms(a));
    emit_int(e, "uncertainty_ms", availability_uncertainty_ms(a));
    emit_object(e, "down_ms_by_cause");
    for (int cause = 0; cause < CAUSE_NONE; cause++)
        if (a->cause_ms[cause])
            emit_int(e, cause_word(cause), a->cause_ms[cause]);
    emit_end(e);
}

/* The same figure with the maintenance that was declared in retrospect, marked by standing apart;
 * null where there is none (FIGURES section 3). */
void api_figure_retroactive(struct emit *e, const struct availability *a, bool enough)
{
    if (a->retroactive_ms == 0) {
        emit_null(e, "with_retroactive");
        return;
    }
    emit_object(e, "with_retroactive");
    api_figure_put(e, a, enough);
    emit_int(e, "retroactive_ms", a->retroactive_ms);
    emit_end(e);
}
