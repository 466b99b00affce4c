#include "codec/api_page.h"

bool api_page_has(struct api_page page, uint64_t nth)
{
    return nth >= page.offset && nth - page.offset < page.limit;
}

void api_page_end(struct api_page page, uint64_t total, struct emit *e)
{
    emit_end(e);
    emit_int(e, "total", (int64_t)total);
    emit_int(e, "offset", (int64_t)page.offset);
}
