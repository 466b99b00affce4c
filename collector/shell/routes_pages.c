/* Pages to people: what became of each. */
#include "shell/routes_own.h"

void routes_get_pages(struct routes_request *r)
{
    if (routes_read_page(r))
        api_pages(&r->view.scope, pager_box(r->view.pager), r->page, &r->answer->body);
}
