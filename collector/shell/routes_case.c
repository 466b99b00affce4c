/* Outages as people work with them: looked at one by one, and acted upon by operators. */
#include "shell/routes_own.h"

#include "base/err.h"
#include "base/num.h"
#include "codec/api_case.h"

#include <stdio.h>
#include <string.h>

enum { WAIT_BYTES = 16 };

/* An act as it was asked for; its texts lie in here. */
struct asked {
    struct life_act act;
    char by[LIFE_BY_MAX + 1];
    char text[LIFE_TEXT_MAX + 1];
    char to[LIFE_TO_MAX + 1];
    char ticket[LIFE_BY_MAX + 1];
};

/* "SC1042", or 1042. */
static bool read_number(struct routes_request *r, uint64_t *ret_number)
{
    const char *digits = strncmp(r->id, "SC", 2) == 0 ? r->id + 2 : r->id;
    if (num_parse_u64(slice_of(digits), ret_number) == 0 && *ret_number > 0)
        return true;
    routes_say(r->answer, 404, "outages have numbers like SC1042", r->id);
    return false;
}

/* A number that was given and is not in memory is in the archive, or late evidence took its outage
 * back: neither takes acts. */
static void not_found(struct routes_request *r, uint64_t number)
{
    if (!outages_knew(r->view.scope.centre->outages, number))
        routes_say(r->answer, 404, "unknown outage", r->id);
    else
        routes_say(
            r->answer, 410,
            "this outage takes no acts any more: it is in the archive (older than the newest "
            "180 of its unit; /api/v1/outages?from=&to= lists it) or late evidence took it "
            "back",
            r->id);
}

static bool find(struct routes_request *r, struct outage_case *ret_case)
{
    uint64_t number;
    if (!read_number(r, &number))
        return false;
    int err = outage_case_find(r->view.scope.centre, number, r->view.scope.now, ret_case);
    if (err == ERR_NOT_FOUND)
        not_found(r, number);
    else
        routes_no_memory(r, err);
    return !err;
}

void routes_get_case(struct routes_request *r)
{
    struct outage_case found;
    if (!routes_read_page(r) || !find(r, &found))
        return;
    routes_no_memory(r, api_case(&r->view.scope, &found, r->page, &r->answer->body));
    outage_case_done(&found);
}

/* ---- acts ---- */

static void take_wait(struct tree *t, struct life_act *act)
{
    const char *words[LIFE_WAITS];
    const struct cJSON *item = tree_find(t->root, "waiting");
    for (int i = 0; i < LIFE_WAITS; i++)
        words[i] = life_wait_word(i);
    if (item)
        act->wait = (enum life_wait)tree_word(t, item, words, LIFE_WAITS);
}

/* Without one nobody knows when: what was expected is taken back. */
static void take_expected(struct tree *t, struct life_act *act)
{
    if (tree_find(t->root, "until"))
        act->until = routes_body_instant(t, "until");
}

static void take_until(struct tree *t, struct life_act *act)
{
    act->until = routes_body_instant(t, "until");
}

static void take_members(struct tree *t, void *into)
{
    static void (*const takes[LIFE_DEEDS])(struct tree * t, struct life_act * act) = {
        [LIFE_PROGRESS] = take_wait, [LIFE_SHELVE] = take_until, [LIFE_EXPECT] = take_expected};
    struct asked *asked = into;
    routes_body_text(t, "by", asked->by, LIFE_BY_MAX);
    routes_body_text(t, "comment", asked->text, LIFE_TEXT_MAX);
    routes_body_text(t, "to", asked->to, LIFE_TO_MAX);
    routes_body_text(t, "ticket", asked->ticket, LIFE_BY_MAX);
    if (takes[asked->act.deed])
        takes[asked->act.deed](t, &asked->act);
}

/* The deed is the last word of the path. */
static enum life_deed deed_of(const char *path)
{
    const char *word = strrchr(path, '/') + 1;
    int deed = LIFE_DEEDS - 1;
    while (deed > 0 && strcmp(word, life_deed_word(deed)) != 0)
        deed--;
    return (enum life_deed)deed;
}

/* Whoever has taken the outage on need not be told of it again, nor anybody else. */
static void stop_escalation(struct routes_request *r, const struct outage_case *found,
                            const struct life_act *act)
{
    if (life_takes(act->deed) && r->view.pager)
        pager_acknowledged(r->view.pager, found->group->root.number, act->at);
}

static void do_act(struct routes_request *r, const struct outage_case *found,
                   const struct life_act *act)
{
    struct outage_case now;
    const char *why = life_refusal(&found->view, found->open, act);
    if (why) {
        routes_say(r->answer, 409, why, r->id);
        return;
    }
    struct centre *c = routes_change(r);
    int err = outage_case_act(c, found, act, &why);
    if (!err)
        stop_escalation(r, found, act);
    if (!err)
        err = outage_case_find(c, found->group->root.number, r->view.scope.now, &now);
    if (!err) {
        r->page.limit = ROUTES_PAGE_DEFAULT;
        err = api_case(&r->view.scope, &now, r->page, &r->answer->body);
        outage_case_done(&now);
    }
    routes_no_memory(r, err);
}

void routes_post_act(struct routes_request *r)
{
    struct asked asked = {.act = {.deed = deed_of(r->query->path),
                                  .at = r->view.scope.now,
                                  .until = {WALL_NEVER_MS}}};
    struct outage_case found;
    if (!routes_read_body(r, take_members, &asked) || !find(r, &found))
        return;
    asked.act.by = asked.by[0] ? asked.by : r->query->who;
    asked.act.text = asked.text;
    asked.act.to = asked.to;
    asked.act.ticket = asked.ticket;
    do_act(r, &found, &asked.act);
    outage_case_done(&found);
}
