#include "codec/api_life.h"

#include "core/outage_case.h"

struct life_view api_life_of(const struct api_scope *scope, const struct outage_groups *groups,
                             const struct outage_group *g)
{
    const struct outage *members = groups->members.items;
    const struct life *whole =
        lives_of_group(scope->centre->lives, &g->root, members + g->first, g->len);
    struct life then = {0};
    if (whole)
        then = *whole;
    while (scope->past && then.len > 0 && then.acts[then.len - 1].at.ms > scope->now.ms)
        then.len--;
    return life_at(&then, outage_case_open(g, members, scope->now), scope->now);
}

static void put_until(struct emit *e, const char *key, const struct life_act *act)
{
    emit_instant(e, key, act ? act->until : (struct wall_ms){WALL_NEVER_MS});
}

static void put_first(const struct life_act *first, struct emit *e)
{
    emit_instant(e, "acknowledged_at", first ? first->at : (struct wall_ms){WALL_NEVER_MS});
    emit_filled(e, "acknowledged_by", first ? first->by : NULL);
}

void api_life_put(const struct life_view *view, bool hidden, struct emit *e)
{
    struct life_view v = {.stage = view->stage, .overdue = view->overdue};
    if (!hidden)
        v = *view;
    emit_object(e, "life");
    emit_text(e, "stage", life_stage_word((int)v.stage));
    put_first(v.first, e);
    emit_filled(e, "assigned_to", v.party ? v.party->to : NULL);
    emit_filled(e, "ticket", v.party ? v.party->ticket : NULL);
    emit_filled(e, "waiting",
                v.work && v.work->wait != LIFE_WAITS_NOT ? life_wait_word((int)v.work->wait)
                                                         : NULL);
    put_until(e, "expected", v.expected);
    emit_bool(e, "overdue", v.overdue);
    put_until(e, "shelved_until", v.shelf);
    emit_filled(e, "shelved_reason", v.shelf ? v.shelf->text : NULL);
    emit_end(e);
}

static void put_act(const struct life_act *act, struct emit *e)
{
    emit_object(e, NULL);
    emit_text(e, "deed", life_deed_word((int)act->deed));
    emit_instant(e, "at", act->at);
    emit_text(e, "by", act->by);
    emit_filled(e, "comment", act->text);
    emit_filled(e, "to", act->to);
    emit_filled(e, "ticket", act->ticket);
    emit_filled(e, "waiting", act->deed == LIFE_PROGRESS ? life_wait_word((int)act->wait) : NULL);
    emit_instant(e, "until", act->until);
    emit_end(e);
}

void api_life_acts(const struct life *life, bool hidden, struct emit *e)
{
    emit_array(e, "acts");
    for (size_t i = 0; life && !hidden && i < life->len; i++)
        put_act(&life->acts[i], e);
    emit_end(e);
}
