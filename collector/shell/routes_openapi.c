/* The description of the API (OpenAPI 3.0), from the table of routes and the schemas of answers. */
#include "shell/routes_own.h"

#include "codec/api_schema.h"

#include <stdio.h>
#include <string.h>

/* Parameters of the query, each used by several paths. */
static const struct {
    const char *name, *type, *about;
} PARAMETERS[] = {
    {"area", "text", "Id of an area; the root where it is absent."},
    {"parent", "text", "Id of the area above."},
    {"level", "text", "Level of areas, at any depth."},
    {"site", "text", "Id of a site."},
    {"probe", "text", "Id of a probe."},
    {"after", "int", "Only what has a higher number."},
    {"before", "int", "Only what has a lower number."},
    {"reason", "text", "Only what was refused for a reason with this in it."},
    {"state", "text", "Worst state of the site's units: down, silent, degraded, unobserved, ..."},
    {"kind", "text", "Kind of site: bts, fibre, network, service, link or feeder."},
    {"operator", "text", "Id of an operator, or all; each and all where it is absent."},
    {"window", "text", "1h, 24h, 7d or 30d before now; from and to go before it."},
    {"period", "text",
     "day:2026-11-21, month:2026-10, quarter:2026-Q3, year:2026 or ytd, in local time; day, month, "
     "quarter and year alone are the present ones. Goes before windows."},
    {"revisions", "text", "1: of a period, every revision of each figure."},
    {"what", "text", "availability, which is the default, or coverage."},
    {"step", "text", "hour or day, which is the default, in local time; at most 2000 of them."},
    {"from", "instant", "First instant."},
    {"to", "instant", "The instant after the last one; now where it is absent."},
    {"page", "text", "What an open page calls itself."},
    {"probes", "text", "1: what there is of each probe, too."},
    {"heap", "int", "Memory that it holds, in bytes."},
    {"at", "instant", "An instant; now where it is absent."},
    {"lang", "text", "Language of texts: vi, which is the default, or en."},
    {"open", "int", "1: those that last only."},
    {"late_s", "int", "Only those unheard for so many seconds."},
    {"clock", "text", "wrong: only those whose clock is wrong by what they send."},
    {"feeds", "text", "without: no operators' feeds among the probes; only: nothing but these."},
    {"max_age_s", "int", "How old the newest data may be, in seconds; 0, or absent: any age."},
    {"format", "text", "json, which is the default, or csv."},
    {"offset", "int", "Items skipped."},
    {"limit", "int", "Items at most, up to 1000."},
};

static const char *const METHODS[] = {
    [HTTP_GET] = "get", [HTTP_POST] = "post", [HTTP_DELETE] = "delete"};

static void put_parameter(struct emit *e, const char *name, const char *in, const char *type,
                          const char *about)
{
    emit_object(e, NULL);
    emit_text(e, "name", name);
    emit_text(e, "in", in);
    emit_bool(e, "required", strcmp(in, "path") == 0);
    emit_text(e, "description", about);
    api_schema_type(e, "schema", slice_of(type));
    emit_end(e);
}

static void put_named(struct emit *e, struct slice name)
{
    for (size_t i = 0; i < sizeof PARAMETERS / sizeof *PARAMETERS; i++)
        if (slice_is(name, PARAMETERS[i].name))
            put_parameter(e, PARAMETERS[i].name, "query", PARAMETERS[i].type, PARAMETERS[i].about);
}

static void put_parameters(struct emit *e, const struct routes_row *row)
{
    emit_array(e, "parameters");
    if (strstr(row->path, "{id}"))
        put_parameter(e, "id", "path", "text", "Id of the thing.");
    for (const char *at = row->params; *at; at += strspn(at, " ")) {
        struct slice name = {at, strcspn(at, " ")};
        put_named(e, name);
        at += name.len;
    }
    emit_end(e);
}

static void put_content(struct emit *e, const char *type, const char *schema)
{
    emit_object(e, "content");
    emit_object(e, type);
    if (schema)
        api_schema_type(e, "schema", slice_of(schema));
    emit_end(e);
    emit_end(e);
}

static void put_body(struct emit *e, const struct routes_row *row)
{
    static const char mark[] = "body:";
    if (strncmp(row->params, mark, sizeof mark - 1) != 0)
        return;
    emit_object(e, "requestBody");
    emit_bool(e, "required", true);
    put_content(e, "application/json", row->params + sizeof mark - 1);
    emit_end(e);
}

/* In the form of the row's answer. */
static void put_own(struct emit *e, const struct routes_row *row, const char *status,
                    const char *about)
{
    bool json = api_schema_find(slice_of(row->answer)) != NULL;
    emit_object(e, status);
    emit_text(e, "description", about);
    put_content(e, json ? "application/json" : row->answer, json ? row->answer : NULL);
    emit_end(e);
}

static void put_reference(struct emit *e, const char *key, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "#/components/responses/%s", name);
    emit_object(e, key);
    emit_text(e, "$ref", path);
    emit_end(e);
}

static void put_answers(struct emit *e, const struct routes_row *row)
{
    struct routes_error errors[ROUTES_ERRORS_MAX];
    size_t n = routes_errors_of(row, errors);
    bool makes = row->method == HTTP_POST && !strstr(row->path, "{id}");
    emit_object(e, "responses");
    put_own(e, row, makes ? "201" : "200", row->about);
    for (size_t i = 0; i < n; i++) {
        if (errors[i].own)
            put_own(e, row, errors[i].name, errors[i].about);
        else
            put_reference(e, errors[i].name, errors[i].name);
    }
    put_reference(e, "default", "default");
    emit_end(e);
}

static void put_route(struct emit *e, const struct routes_row *row)
{
    emit_object(e, METHODS[row->method]);
    emit_text(e, "summary", row->about);
    emit_text(e, "x-role", http_role_word((int)row->role));
    emit_array(e, "security");
    if (row->role > HTTP_NOBODY) {
        emit_object(e, NULL);
        emit_array(e, "token");
        emit_end(e);
        emit_end(e);
    }
    emit_end(e);
    put_parameters(e, row);
    put_body(e, row);
    put_answers(e, row);
    emit_end(e);
}

/* Rows of one path stand together in the table. */
static void put_paths(struct emit *e)
{
    size_t n = 0;
    const struct routes_row *rows = routes_table(&n);
    emit_object(e, "paths");
    for (size_t i = 0; i < n; i++) {
        bool first = i == 0 || strcmp(rows[i].path, rows[i - 1].path) != 0;
        bool last = i + 1 == n || strcmp(rows[i].path, rows[i + 1].path) != 0;
        if (first)
            emit_object(e, rows[i].path);
        put_route(e, &rows[i]);
        if (last)
            emit_end(e);
    }
    emit_end(e);
}

static void put_header(struct emit *e, const char *name)
{
    emit_object(e, "headers");
    emit_object(e, name);
    api_schema_type(e, "schema", slice_of("text"));
    emit_end(e);
    emit_end(e);
}

static void put_error(struct emit *e, const struct routes_error *error)
{
    emit_object(e, error->name);
    emit_text(e, "description", error->about);
    if (error->header)
        put_header(e, error->header);
    put_content(e, "application/json", "error");
    emit_end(e);
}

static void put_errors(struct emit *e)
{
    static const struct routes_error other = {
        "default", "Something is wrong with us: out of memory.", NULL, false};
    const struct routes_error *error;
    emit_object(e, "responses");
    for (size_t i = 0; (error = routes_error_at(i)) != NULL; i++)
        put_error(e, error);
    put_error(e, &other);
    emit_end(e);
}

void routes_get_openapi(struct routes_request *r)
{
    struct emit e = emit_to(&r->answer->body);
    emit_object(&e, NULL);
    emit_text(&e, "openapi", "3.0.3");
    emit_object(&e, "info");
    emit_text(&e, "title", "ioc-collector");
    emit_text(&e, "version", IOC_VERSION);
    emit_text(&e, "description",
              "Times are UTC texts with milliseconds, durations whole milliseconds, ratios 0..1, "
              "absent figures null. Every list is paged. A method that a path does not have is "
              "answered with 405. What is no HTTP, or has a head of more than 32 KiB, gets a short "
              "page of the HTTP library's and the end of the connection.");
    emit_end(&e);
    put_paths(&e);
    emit_object(&e, "components");
    emit_object(&e, "securitySchemes");
    emit_object(&e, "token");
    emit_text(&e, "type", "http");
    emit_text(&e, "scheme", "bearer");
    emit_end(&e);
    emit_end(&e);
    put_errors(&e);
    emit_object(&e, "schemas");
    api_schema_write(&e);
    emit_end(&e);
    emit_end(&e);
    emit_end(&e);
}
