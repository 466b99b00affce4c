/* With which errors a path answers: the row says what its handler may refuse, role and method what
 * is refused before the handler is asked. */
#include "shell/routes_own.h"

#include "io/log.h"

#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 8 };

static bool never(const struct routes_row *row)
{
    (void)row;
    return false;
}

static bool always(const struct routes_row *row)
{
    (void)row;
    return true;
}

static bool needs_token(const struct routes_row *row)
{
    return row->role > HTTP_NOBODY;
}

static bool needs_role(const struct routes_row *row)
{
    return row->role > HTTP_GUEST;
}

static bool changes(const struct routes_row *row)
{
    return row->method != HTTP_GET;
}

static bool takes_json(const struct routes_row *row)
{
    return row->method == HTTP_POST && row->role > HTTP_NOBODY;
}

static bool waits(const struct routes_row *row)
{
    return row->waits;
}

static const struct {
    struct routes_error error;
    bool (*before)(const struct routes_row *row); /* refused before the handler is asked */
} KINDS[] = {
    {{"400", "A parameter or the body is wrong; about says which.", NULL, false}, never},
    {{"401", "A token is needed.", "WWW-Authenticate", false}, needs_token},
    {{"403", "The token may not; or without tokens: the change comes from elsewhere.", NULL, false},
     needs_role},
    {{"404", "What is named is not there.", NULL, false}, never},
    {{"405", "The path does not take that method.", "Allow", false}, never},
    {{"409", "Not as things stand.", NULL, false}, never},
    {{"410", "It was there, and takes no acts any more.", NULL, false}, never},
    {{"413", "The body is too long.", NULL, false}, changes},
    {{"415", "Without tokens a change has to be application/json.", NULL, false}, takes_json},
    {{"429", "Too many requests, or wrong tokens.", "Retry-After", false}, always},
    {{"503", "Not at present: the store takes nothing, or too many ask.", "Retry-After", false},
     waits},
};

enum { ERRORS = sizeof KINDS / sizeof *KINDS };

const struct routes_error *routes_error_at(size_t nth)
{
    return nth < ERRORS ? &KINDS[nth].error : NULL;
}

/* The word of the row for a status, "409" or "409*"; empty if it has none. */
static struct slice word_of(const struct routes_row *row, const char *name)
{
    const char *at = strstr(row->errors, name);
    return (struct slice){at ? at : "", at ? strcspn(at, " ") : 0};
}

size_t routes_errors_of(const struct routes_row *row, struct routes_error to[ROUTES_ERRORS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < ERRORS && n < ROUTES_ERRORS_MAX; i++) {
        struct slice word = word_of(row, KINDS[i].error.name);
        if (word.len == 0 && !KINDS[i].before(row))
            continue;
        to[n] = KINDS[i].error;
        to[n++].own = word.len && word.at[word.len - 1] == '*';
    }
    return n;
}

/* Short of memory everything may be; what is promised says later what became of it. */
void routes_check_error(const struct routes_request *r, const struct routes_row *row)
{
    int status = r->answer->status;
    char name[WORD_MAX];
    snprintf(name, sizeof name, "%d", status);
    if (r->turn == HTTP_PROMISED || status < 400 || status == 500 || word_of(row, name).len)
        return;
    log_event(LOG_ERROR, "http.undescribed", "path=%s status=%d", row->path, status);
}
