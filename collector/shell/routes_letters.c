/* Dead letters: looked at by operators, dealt with by admins. */
#include "shell/routes_own.h"

#include "base/err.h"
#include "base/num.h"

#include <stdio.h>

/* The answer is owed now, unless it could not even be begun. */
static void owe(struct routes_request *r, struct http_promise *promise, int err)
{
    if (!err) {
        r->turn = HTTP_PROMISED;
        return;
    }
    http_promise_drop(promise);
    routes_say(r->answer, 503,
               err == ERR_FULL ? "too many changes wait, come back later" : "out of memory", NULL);
}

static struct http_promise *promise(struct routes_request *r)
{
    struct http_promise *made = http_promise_new(r->query);
    if (!made)
        routes_say(r->answer, 503, "out of memory", NULL);
    return made;
}

static bool read_number(struct routes_request *r, uint64_t *ret_number)
{
    if (num_parse_u64(slice_of(r->id), ret_number) == 0 && *ret_number > 0 &&
        *ret_number <= INT64_MAX)
        return true;
    routes_say(r->answer, 404, "dead letters have numbers from 1 on", r->id);
    return false;
}

void routes_get_letters(struct routes_request *r)
{
    struct letters_query query = {0};
    const char *reason = http_query_value(r->query, "reason");
    if (!routes_read_count(r, "after", 0, INT64_MAX, &query.after) ||
        !routes_read_count(r, "limit", ROUTES_PAGE_DEFAULT, ROUTES_PAGE_MAX, &query.limit))
        return;
    snprintf(query.reason, sizeof query.reason, "%s", reason ? reason : "");
    struct http_promise *made = promise(r);
    if (made)
        owe(r, made, letters_list(r->routes->letters, &query, made));
}

void routes_get_letter(struct routes_request *r)
{
    uint64_t number;
    if (!read_number(r, &number))
        return;
    struct http_promise *made = promise(r);
    if (made)
        owe(r, made, letters_show(r->routes->letters, number, made));
}

static void end_letter(struct routes_request *r, enum letter_end how)
{
    uint64_t number;
    if (!read_number(r, &number))
        return;
    if (!r->view.store) {
        routes_say(r->answer, 503, "the store takes nothing at present; is the disk full?", NULL);
        return;
    }
    struct audit_actor actor = routes_actor(r);
    struct http_promise *made = promise(r);
    if (made)
        owe(r, made, letters_end(r->routes->letters, number, how, &actor, made));
}

void routes_purge_letter(struct routes_request *r)
{
    end_letter(r, LETTER_PURGED);
}

void routes_requeue_letter(struct routes_request *r)
{
    end_letter(r, LETTER_REQUEUED);
}
