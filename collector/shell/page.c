#include "shell/page.h"

#include <string.h>

static const char *type_of(const char *path)
{
    static const struct {
        const char *ending;
        const char *type;
    } types[] = {{".html", "text/html; charset=utf-8"},
                 {".css", "text/css; charset=utf-8"},
                 {".js", "text/javascript; charset=utf-8"}};

    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].ending, ending) == 0)
            return types[i].type;
    return "application/octet-stream";
}

bool page_answer(const char *path, struct http_answer *answer)
{
    if (strcmp(path, "/") == 0)
        path = "/index.html";
    for (size_t i = 0; i < PAGE_FILES_LEN; i++) {
        if (strcmp(PAGE_FILES[i].path, path) != 0)
            continue;
        answer->type = type_of(path);
        answer->cache = "no-cache";
        buf_put(&answer->body, PAGE_FILES[i].bytes, PAGE_FILES[i].len);
        return true;
    }
    return false;
}
