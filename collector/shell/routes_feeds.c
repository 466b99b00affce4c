/* What operators hand over, beside what was measured. */
#include "shell/routes_own.h"

void routes_get_feeds(struct routes_request *r)
{
    size_t n;
    const struct api_feed *const *feeds = feeds_view(r->view.feeds, &n);
    api_feeds(&r->view.scope, feeds, n, &r->answer->body);
}

void routes_get_disagreements(struct routes_request *r)
{
    uint32_t area = INV_NONE;
    const char *given = http_query_value(r->query, "area");
    if ((given && *given && !routes_read_area(r, &area)) || !routes_read_page(r))
        return;
    routes_no_memory(r, api_disagreements(&r->view.scope, area, r->page, &r->answer->body));
}
