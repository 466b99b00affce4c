#include "core/life.h"

#include "base/buf.h"
#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum { TEXTS = 4 };

#define LIFE_WORD(name, word) [name] = (word),

static const char *const STAGES[] = {LIFE_STAGE_MAP(LIFE_WORD)};
static const char *const WAITS[] = {LIFE_WAIT_MAP(LIFE_WORD)};
static const char *const DEEDS[] = {LIFE_DEED_MAP(LIFE_WORD)};

#undef LIFE_WORD

static const char *word(const char *const *words, int n, int at)
{
    return at >= 0 && at < n ? words[at] : "";
}

const char *life_stage_word(int stage)
{
    return word(STAGES, LIFE_STAGES, stage);
}

const char *life_wait_word(int wait)
{
    return word(WAITS, LIFE_WAITS, wait);
}

const char *life_deed_word(int deed)
{
    return word(DEEDS, LIFE_DEEDS, deed);
}

bool life_takes(enum life_deed deed)
{
    return deed == LIFE_ACKNOWLEDGE || deed == LIFE_ASSIGN || deed == LIFE_PROGRESS;
}

static void move_stage(struct life_view *v, const struct life_act *act)
{
    static const enum life_stage stages[] = {[LIFE_ACKNOWLEDGE] = LIFE_ACKNOWLEDGED,
                                             [LIFE_ASSIGN] = LIFE_ASSIGNED,
                                             [LIFE_PROGRESS] = LIFE_IN_PROGRESS};

    if (act->deed != LIFE_ACKNOWLEDGE || v->stage == LIFE_NEW)
        v->stage = stages[act->deed];
    v->first = v->first ? v->first : act;
    v->closed = NULL;
}

static void follow(struct life_view *v, const struct life_act *act)
{
    if (life_takes(act->deed))
        move_stage(v, act);
    switch (act->deed) {
    case LIFE_ASSIGN:
        v->party = act;
        break;
    case LIFE_PROGRESS:
        v->work = act;
        break;
    case LIFE_SHELVE:
        v->shelf = act;
        break;
    case LIFE_UNSHELVE:
        v->shelf = NULL;
        break;
    case LIFE_EXPECT:
        v->expected = act->until.ms == WALL_NEVER_MS ? NULL : act;
        break;
    case LIFE_CLOSE:
        v->closed = act;
        break;
    default:
        break;
    }
}

struct life_view life_at(const struct life *life, bool open, struct wall_ms now)
{
    struct life_view v = {.stage = LIFE_NEW};
    for (size_t i = 0; life && i < life->len; i++)
        follow(&v, &life->acts[i]);
    if (v.shelf && v.shelf->until.ms <= now.ms)
        v.shelf = NULL;
    v.overdue = open && v.expected && v.expected->until.ms < now.ms;
    if (open)
        v.closed = NULL; /* evidence has it that it lasts after all */
    else
        v.stage = v.closed ? LIFE_CLOSED : LIFE_RESTORED;
    return v;
}

static const char *refuse_shelf(const struct life_act *act)
{
    if (!act->text[0])
        return "shelving takes a reason";
    if (act->until.ms <= act->at.ms)
        return "until must lie ahead";
    return act->until.ms - act->at.ms > LIFE_SHELF_MS ? "nothing is shelved for more than 7 days"
                                                      : NULL;
}

const char *life_refusal(const struct life_view *view, bool open, const struct life_act *act)
{
    bool closed = view->closed != NULL;
    switch (act->deed) {
    case LIFE_ACKNOWLEDGE:
        return closed ? "it is closed" : view->first ? "it is acknowledged already" : NULL;
    case LIFE_ASSIGN:
        return closed ? "it is closed" : act->to[0] ? NULL : "to must say to whom";
    case LIFE_PROGRESS:
        return closed ? "it is closed" : NULL;
    case LIFE_COMMENT:
        return act->text[0] ? NULL : "a comment must say something";
    case LIFE_SHELVE:
        return closed ? "it is closed" : refuse_shelf(act);
    case LIFE_UNSHELVE:
        return view->shelf ? NULL : "it is not shelved";
    case LIFE_EXPECT:
        if (!open)
            return "it is restored already";
        return act->until.ms <= act->at.ms ? "the expected time must lie ahead" : NULL;
    case LIFE_CLOSE:
        return open ? "what is out is not closed" : closed ? "it is closed already" : NULL;
    default:
        return "nothing of that kind is done";
    }
}

/* ---- acts ---- */

/* The texts of an act stand behind each other in one piece of memory. */
static int own_texts(struct life_act *act)
{
    const char **texts[TEXTS] = {&act->by, &act->text, &act->to, &act->ticket};
    const size_t max[TEXTS] = {LIFE_BY_MAX, LIFE_TEXT_MAX, LIFE_TO_MAX, LIFE_BY_MAX};
    size_t bytes = 0;
    for (int i = 0; i < TEXTS; i++)
        bytes += slice_cut(*texts[i], max[i]).len + 1;
    char *at = malloc(bytes);
    if (!at)
        return ERR_NOMEM;
    act->own = at;
    for (int i = 0; i < TEXTS; i++) {
        size_t len = slice_cut(*texts[i], max[i]).len;
        memcpy(at, *texts[i], len);
        at[len] = '\0';
        *texts[i] = at;
        at += len + 1;
    }
    return 0;
}

static bool said_again(const struct life *life, size_t at)
{
    for (size_t i = at + 1; i < life->len; i++)
        if (life->acts[i].deed == life->acts[at].deed)
            return true;
    return false;
}

/* Comments go first; then what a later act of the same kind replaced, but for who took it first. */
static size_t least_needed(const struct life *life)
{
    for (size_t i = 0; i < life->len; i++)
        if (life->acts[i].deed == LIFE_COMMENT)
            return i;
    bool taken = false;
    for (size_t i = 0; i < life->len; i++) {
        bool first = !taken && life_takes(life->acts[i].deed);
        taken = taken || first;
        if (!first && said_again(life, i))
            return i;
    }
    return 0;
}

static void forget(struct life *life, size_t at)
{
    free(life->acts[at].own);
    life->len--;
    memmove(&life->acts[at], &life->acts[at + 1], (life->len - at) * sizeof *life->acts);
}

int life_add(struct life *life, const struct life_act *act)
{
    struct life_act fresh = *act;
    struct life_act *grown = realloc(life->acts, (life->len + 1) * sizeof *grown);
    if (!grown)
        return ERR_NOMEM;
    life->acts = grown;
    int err = own_texts(&fresh);
    if (err)
        return err;
    if (life->len == LIFE_ACTS_MAX)
        forget(life, least_needed(life));
    life->acts[life->len++] = fresh;
    return 0;
}

void life_done(struct life *life)
{
    for (size_t i = 0; i < life->len; i++)
        free(life->acts[i].own);
    free(life->acts);
    *life = (struct life){0};
}

/* ---- bytes ---- */

void life_write(const struct life *life, struct buf *out)
{
    buf_le16(out, (uint16_t)life->len);
    for (size_t i = 0; i < life->len; i++) {
        const struct life_act *act = &life->acts[i];
        buf_char(out, (char)act->deed);
        buf_char(out, (char)act->wait);
        buf_le64(out, (uint64_t)act->at.ms);
        buf_le64(out, (uint64_t)act->until.ms);
        buf_text(out, act->by);
        buf_text(out, act->text);
        buf_text(out, act->to);
        buf_text(out, act->ticket);
    }
}

static int read_act(struct life *life, struct cursor *from)
{
    char text[TEXTS][LIFE_TEXT_MAX + 1];
    uint8_t deed = cursor_u8(from);
    uint8_t wait = cursor_u8(from);
    struct life_act act = {.at = {(int64_t)cursor_le64(from)}};
    act.until.ms = (int64_t)cursor_le64(from);
    for (int i = 0; i < TEXTS; i++)
        cursor_text(from, text[i], LIFE_TEXT_MAX + 1);
    if (from->err || deed >= LIFE_DEEDS || wait >= LIFE_WAITS)
        return ERR_CORRUPT;
    act.deed = (enum life_deed)deed;
    act.wait = (enum life_wait)wait;
    act.by = text[0];
    act.text = text[1];
    act.to = text[2];
    act.ticket = text[3];
    return life_add(life, &act);
}

int life_read(struct life *life, struct cursor *from)
{
    size_t n = cursor_le16(from);
    int err = from->err ? ERR_CORRUPT : 0;
    for (size_t i = 0; !err && i < n; i++)
        err = read_act(life, from);
    return err;
}
