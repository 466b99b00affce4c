/* Who did what: read by admins, changed by nobody. */
#include "shell/routes_own.h"

void routes_get_audit(struct routes_request *r)
{
    uint64_t before;
    uint64_t limit;
    if (!routes_read_count(r, "before", 0, INT64_MAX, &before) ||
        !routes_read_count(r, "limit", ROUTES_PAGE_DEFAULT, ROUTES_PAGE_MAX, &limit))
        return;
    struct http_promise *promise = http_promise_new(r->query);
    if (promise && audit_log_list(r->routes->log, before, limit, promise) == 0) {
        r->turn = HTTP_PROMISED;
        return;
    }
    if (promise)
        http_promise_drop(promise);
    routes_say(r->answer, 503, "out of memory", NULL);
}
