#include "core/page_box.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

enum {
    BACKOFF_MS = 2000,
    BACKOFF_MAX_MS = 300000,
    RETRY_MAX_MS = 3600000,
    DONE_KEPT = 1024,
    DIGEST_MS = 20000
};

static const int64_t GIVE_UP_MS = INT64_C(24) * 3600 * 1000;

void page_box_init(struct page_box *box)
{
    *box = (struct page_box){.next = 1};
    vec_init(&box->pages, sizeof(struct page), PAGE_BOX_MAX);
    vec_init(&box->dropped, sizeof(uint64_t), 2 * PAGE_BOX_MAX);
}

void page_box_done(struct page_box *box)
{
    vec_done(&box->pages);
    vec_done(&box->dropped);
}

static struct page *at(const struct page_box *box, size_t i)
{
    return vec_at(&box->pages, i);
}

static bool is_done(const struct page *p)
{
    return p->state == PAGE_SENT || p->state == PAGE_FAILED;
}

static int drop(struct page_box *box, size_t i)
{
    uint64_t *id = vec_push(&box->dropped);
    if (!id)
        return ERR_NOMEM;
    *id = at(box, i)->id;
    vec_remove(&box->pages, i, 1);
    return 0;
}

/* Makes room by forgetting the oldest that is done. */
static int make_room(struct page_box *box)
{
    size_t done = 0;
    size_t oldest = box->pages.len;
    for (size_t i = 0; i < box->pages.len; i++) {
        done += is_done(at(box, i));
        if (oldest == box->pages.len && is_done(at(box, i)))
            oldest = i;
    }
    if (oldest < box->pages.len && (done > DONE_KEPT || box->pages.len == PAGE_BOX_MAX))
        return drop(box, oldest);
    return box->pages.len < PAGE_BOX_MAX ? 0 : ERR_FULL;
}

static bool is_of(const struct page *p, const char *target)
{
    return strcmp(p->target, target) == 0;
}

/* Pages of a target in its window that are on their way or were. */
static int64_t used(const struct page_box *box, const struct rule_target *target,
                    struct wall_ms now)
{
    int64_t n = 0;
    for (size_t i = 0; i < box->pages.len; i++) {
        const struct page *p = at(box, i);
        n += p->state != PAGE_HELD && is_of(p, target->name) &&
             p->made.ms > now.ms - target->window_ms;
    }
    return n;
}

/* The last page of a window is kept for a digest of what comes beyond. */
static bool must_hold(const struct page_box *box, const struct rule_target *target,
                      struct wall_ms now)
{
    return target->cap > 0 && used(box, target, now) >= target->cap - 1;
}

static int push(struct page_box *box, const struct page *page, enum page_state state,
                struct wall_ms now)
{
    int err = make_room(box);
    struct page *p = err ? NULL : vec_push(&box->pages);
    if (!p) {
        box->lost++;
        return err ? err : ERR_NOMEM;
    }
    *p = *page;
    p->id = box->next++;
    p->state = state;
    p->made = now;
    p->next = now;
    p->dirty = true;
    return 0;
}

int page_box_add(struct page_box *box, const struct rules *rules, const struct page *page,
                 struct wall_ms now)
{
    int target = rules_find_target(rules, page->target);
    if (target < 0)
        return 0;
    bool hold = must_hold(box, &rules->target[target], now);
    return push(box, page, hold ? PAGE_HELD : PAGE_WAITING, now);
}

/* The gravest held page of a target, how many there are, and since when the first waits. */
static const struct page *held(const struct page_box *box, const char *target, uint32_t *ret_len,
                               struct wall_ms *ret_since)
{
    const struct page *first = NULL;
    *ret_len = 0;
    for (size_t i = 0; i < box->pages.len; i++) {
        const struct page *p = at(box, i);
        if (p->state != PAGE_HELD || !is_of(p, target))
            continue;
        if (!first)
            *ret_since = p->made;
        if (!first || p->severity < first->severity)
            first = p;
        ++*ret_len;
    }
    return first;
}

static void cut_text(char *to, size_t max, const char *from, const char *tail)
{
    struct slice kept = slice_cut(from, max - strlen(tail) - 1);
    snprintf(to, max, "%.*s%s", (int)kept.len, kept.at, tail);
}

static void write_digest(const struct page *first, uint32_t others, struct page *ret)
{
    char tail[96];
    *ret = *first;
    ret->others = others;
    if (others == 0)
        return;
    ret->transition = PAGE_DIGEST;
    snprintf(tail, sizeof tail, " va %u su co khac", others);
    cut_text(ret->sms, sizeof ret->sms, first->sms, tail);
    snprintf(tail, sizeof tail, " và %u sự cố khác", others);
    cut_text(ret->vi, sizeof ret->vi, first->vi, tail);
    snprintf(tail, sizeof tail, " and %u others", others);
    cut_text(ret->en, sizeof ret->en, first->en, tail);
}

static int drop_held(struct page_box *box, const char *target)
{
    int err = 0;
    for (size_t i = box->pages.len; !err && i > 0; i--)
        if (at(box, i - 1)->state == PAGE_HELD && is_of(at(box, i - 1), target))
            err = drop(box, i - 1);
    return err;
}

/* What was held goes as one page once the window has room and nothing more seems to come. */
static int digest(struct page_box *box, const struct rule_target *target, struct wall_ms now)
{
    uint32_t len = 0;
    struct wall_ms since = {0};
    const struct page *first = held(box, target->name, &len, &since);
    if (!first || now.ms - since.ms < DIGEST_MS || used(box, target, now) >= target->cap)
        return 0;
    struct page page;
    write_digest(first, len - 1, &page);
    int err = drop_held(box, target->name);
    return err ? err : push(box, &page, PAGE_WAITING, now);
}

static void finish(struct page_box *box, struct page *p, enum page_state state, struct wall_ms now)
{
    p->state = state;
    p->done = now;
    p->flying = false;
    p->dirty = true;
    box->sent += state == PAGE_SENT;
    box->failed += state == PAGE_FAILED;
}

/* Whom to tell instead: a target that fails for too long has a stand-in. */
static int pass_on(struct page_box *box, const struct rules *rules, size_t i, struct wall_ms now)
{
    struct page *p = at(box, i);
    int target = rules_find_target(rules, p->target);
    const struct rule_target *t = target < 0 ? NULL : &rules->target[target];
    if (!t || t->fallback < 0 || p->passed_on || now.ms - p->made.ms < t->fallback_ms)
        return 0;
    p->passed_on = true;
    p->dirty = true;
    struct page copy = *p;
    copy.tries = 0;
    copy.told[0] = '\0';
    copy.flying = false;
    snprintf(copy.target, sizeof copy.target, "%s", rules->target[t->fallback].name);
    return page_box_add(box, rules, &copy, now);
}

static int look_at(struct page_box *box, const struct rules *rules, size_t i, struct wall_ms now)
{
    struct page *p = at(box, i);
    if (p->state != PAGE_WAITING || p->flying)
        return 0;
    if (rules_find_target(rules, p->target) < 0) {
        snprintf(p->answer, sizeof p->answer, "there is no such target any more");
        finish(box, p, PAGE_FAILED, now);
        return 0;
    }
    if (now.ms - p->made.ms > GIVE_UP_MS) {
        finish(box, p, PAGE_FAILED, now);
        return 0;
    }
    return pass_on(box, rules, i, now);
}

int page_box_advance(struct page_box *box, const struct rules *rules, struct wall_ms now)
{
    int err = 0;
    for (size_t i = 0; !err && i < rules->targets; i++)
        err = digest(box, &rules->target[i], now);
    size_t len = box->pages.len; /* what is passed on comes behind */
    for (size_t i = 0; !err && i < len && i < box->pages.len; i++)
        err = look_at(box, rules, i, now);
    return err == ERR_FULL ? 0 : err; /* counted as lost */
}

const struct page *page_box_next(struct page_box *box, const char *name, struct wall_ms now)
{
    for (size_t i = 0; i < box->pages.len; i++) {
        struct page *p = at(box, i);
        if (p->state != PAGE_WAITING || p->flying || p->next.ms > now.ms || !is_of(p, name))
            continue;
        p->flying = true;
        return p;
    }
    return NULL;
}

static int64_t backoff_ms(uint32_t tries)
{
    int64_t ms = (int64_t)BACKOFF_MS << (tries < 8 ? tries : 8);
    return ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS;
}

static struct page *find(const struct page_box *box, uint64_t id)
{
    for (size_t i = 0; i < box->pages.len; i++)
        if (at(box, i)->id == id)
            return at(box, i);
    return NULL;
}

const struct page *page_box_find(const struct page_box *box, uint64_t id)
{
    return find(box, id);
}

bool page_box_use_link(struct page_box *box, uint64_t id)
{
    struct page *p = find(box, id);
    if (!p || p->link_used)
        return false;
    p->link_used = p->dirty = true;
    return true;
}

/* A target that asks for a pause gets it, but no more than it would get at the worst. */
static int64_t pause_ms(uint32_t tries, int64_t asked_ms)
{
    int64_t ms = backoff_ms(tries);
    int64_t asked = asked_ms < RETRY_MAX_MS ? asked_ms : RETRY_MAX_MS;
    return asked > ms ? asked : ms;
}

void page_box_answered(struct page_box *box, uint64_t id, const struct page_outcome *outcome,
                       struct wall_ms now)
{
    struct page *p = find(box, id);
    if (!p)
        return;
    p->flying = false;
    p->dirty = true;
    p->next = wall_add(now, pause_ms(p->tries++, outcome->retry_ms));
    p->status = outcome->status;
    snprintf(p->answer, sizeof p->answer, "%s", outcome->words);
    if (outcome->told)
        snprintf(p->told, sizeof p->told, "%s", outcome->told);
    if (outcome->taken)
        finish(box, p, PAGE_SENT, now);
    else if (outcome->refused && p->tries >= PAGE_TRIES_MAX)
        finish(box, p, PAGE_FAILED, now);
}

void page_box_told(struct page_box *box, uint64_t id, const char *told)
{
    struct page *p = find(box, id);
    if (!p)
        return;
    snprintf(p->told, sizeof p->told, "%s", told);
    p->dirty = true;
}

void page_box_land(struct page_box *box, uint64_t id)
{
    struct page *p = find(box, id);
    if (p)
        p->flying = false;
}

#define PAGE_WORD(name, value, word) word,
static const char *const TRANSITIONS[] = {PAGE_TRANSITION_MAP(PAGE_WORD)};
static const char *const STATES[] = {PAGE_STATE_MAP(PAGE_WORD)};
#undef PAGE_WORD

const char *page_transition_word(int transition)
{
    return transition >= 0 && transition <= PAGE_DIGEST ? TRANSITIONS[transition] : "";
}

const char *page_state_word(int state)
{
    return state >= 0 && state <= PAGE_FAILED ? STATES[state] : "";
}
