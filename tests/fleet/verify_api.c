#include "verify_api.h"

#include "base/err.h"
#include "base/iso.h"
#include "io/dns.h"
#include "io/file.h"
#include "io/http_client.h"
#include "io/loop.h"
#include "wire/topic.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BODY_MAX = 256 << 20,
    URL_MAX = 1024,
    WHY_MAX = 256,
    TIMEOUT_MS = 30000,
    MARKS_MAX = 10000000
};

struct verify_api {
    struct loop *loop;
    struct dns *dns;
    struct http_client *client;
    char url[URL_MAX];
    char token[WHY_MAX];
    char why[WHY_MAX];
    cJSON *answer; /* of the request under way */
    int err;
};

static void on_answer(void *arg, const struct http_response *r)
{
    struct verify_api *api = arg;
    api->err = 0;
    if (r->err || r->status != 200) {
        snprintf(api->why, sizeof api->why, "status %d %.160s%.60s", r->status, r->why,
                 r->body.len ? r->body.at : "");
        api->err = ERR_IO;
    } else if (!(api->answer = cJSON_ParseWithLength(r->body.at, r->body.len))) {
        snprintf(api->why, sizeof api->why, "the answer is no JSON");
        api->err = ERR_SYNTAX;
    }
    loop_stop(api->loop);
}

static int get(struct verify_api *api, const char *path, cJSON **ret_answer)
{
    char url[2 * URL_MAX];
    struct http_call *call;
    snprintf(url, sizeof url, "%s%s", api->url, path);
    struct http_request q = {.url = url,
                             .bearer = api->token[0] ? api->token : NULL,
                             .timeout_ms = TIMEOUT_MS,
                             .max_body = BODY_MAX};
    api->answer = NULL;
    int err = http_send(api->client, &q, on_answer, api, &call);
    if (err)
        return err;
    loop_run(api->loop);
    *ret_answer = api->answer;
    return api->err;
}

int verify_api_open(const char *url, const char *token_file, struct verify_api **ret_api)
{
    struct verify_api *api = calloc(1, sizeof *api);
    if (!api)
        return ERR_NOMEM;
    snprintf(api->url, sizeof api->url, "%s", url);
    size_t len = strlen(api->url);
    if (len && api->url[len - 1] == '/')
        api->url[len - 1] = '\0';
    int err = token_file ? file_read_secret(token_file, api->token, sizeof api->token) : 0;
    if (!err)
        err = loop_open(&api->loop);
    if (!err)
        err = dns_open(api->loop, &api->dns);
    if (!err)
        err = http_client_open(api->loop, api->dns, 1, &api->client);
    if (err)
        verify_api_close(api);
    else
        *ret_api = api;
    return err;
}

void verify_api_close(struct verify_api *api)
{
    if (!api)
        return;
    http_client_close(api->client);
    dns_close(api->dns);
    if (api->loop)
        loop_close(api->loop);
    free(api);
}

const char *verify_api_why(const struct verify_api *api)
{
    return api->why;
}

/* --- timelines --- */

static int wrong(struct verify_api *api, const char *what)
{
    snprintf(api->why, sizeof api->why, "the answer lacks %s", what);
    return ERR_SYNTAX;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text ? text : "";
}

static int take_spans(struct verify_api *api, const cJSON *spans, struct vec *shown)
{
    const cJSON *span;
    cJSON_ArrayForEach(span, spans)
    {
        struct wall_ms from;
        struct wall_ms to;
        struct verify_shown *s = vec_push(shown);
        if (!s)
            return ERR_NOMEM;
        if (iso_parse(slice_of(text_of(span, "from")), 0, &from) ||
            iso_parse(slice_of(text_of(span, "to")), 0, &to))
            return wrong(api, "from and to");
        *s = (struct verify_shown){.from_ms = from.ms, .to_ms = to.ms};
        snprintf(s->state, sizeof s->state, "%s", text_of(span, "beneath"));
    }
    return 0;
}

int verify_api_site(struct verify_api *api, const struct verify_truth *t, uint32_t site,
                    struct vec *by_unit)
{
    char path[URL_MAX];
    char from[ISO_TEXT_MAX];
    char to[ISO_TEXT_MAX];
    cJSON *answer;
    const cJSON *unit;
    iso_write(t->started, from);
    iso_write(t->ended, to);
    snprintf(path, sizeof path, "/api/v1/sites/%s/timeline?from=%s&to=%s",
             names_text(&t->sites, site), from, to);
    int err = get(api, path, &answer);
    if (err)
        return err;
    cJSON_ArrayForEach(unit, cJSON_GetObjectItemCaseSensitive(answer, "units"))
    {
        uint32_t number = names_find(&t->units, slice_of(text_of(unit, "unit")));
        if (!err && number != NAMES_NONE)
            err = take_spans(api, cJSON_GetObjectItemCaseSensitive(unit, "spans"),
                             vec_at(by_unit, number));
    }
    cJSON_Delete(answer);
    return err;
}

/* --- ledger --- */

static uint64_t number_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(item) && item->valuedouble > 0 ? (uint64_t)item->valuedouble : 0;
}

static bool true_of(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static int take_probe(const struct verify_truth *t, const cJSON *probe, struct vec *marks)
{
    const cJSON *epoch;
    cJSON_ArrayForEach(epoch, cJSON_GetObjectItemCaseSensitive(probe, "epochs"))
    {
        struct verify_mark *m = vec_push(marks);
        if (!m)
            return ERR_NOMEM;
        *m =
            (struct verify_mark){.probe = names_find(&t->probes, slice_of(text_of(probe, "probe"))),
                                 .highest = number_of(epoch, "highest"),
                                 .stored = number_of(epoch, "stored"),
                                 .refused = number_of(epoch, "refused"),
                                 .untimed = number_of(epoch, "untimed"),
                                 .lost = number_of(epoch, "lost_at_probe"),
                                 .missing = number_of(epoch, "missing_at_centre"),
                                 .balanced = true_of(epoch, "balanced")};
        if (topic_read_hex(slice_of(text_of(epoch, "epoch")), &m->epoch))
            m->epoch = 0;
    }
    return 0;
}

static int take_page(struct verify_api *api, const struct verify_truth *t, const cJSON *answer,
                     struct verify_ledger *l, uint64_t *ret_seen)
{
    const cJSON *probe;
    const cJSON *probes = cJSON_GetObjectItemCaseSensitive(answer, "probes");
    const cJSON *counters = cJSON_GetObjectItemCaseSensitive(answer, "counters");
    int err = 0;
    if (!probes || !counters)
        return wrong(api, "probes and counters");
    cJSON_ArrayForEach(probe, probes)
    {
        if (!err)
            err = take_probe(t, probe, &l->marks);
        ++*ret_seen;
    }
    l->readings_stored = number_of(counters, "readings_stored");
    l->balanced = l->balanced &&
                  true_of(cJSON_GetObjectItemCaseSensitive(answer, "messages"), "balanced") &&
                  true_of(cJSON_GetObjectItemCaseSensitive(answer, "readings"), "balanced");
    return err;
}

int verify_api_ledger(struct verify_api *api, const struct verify_truth *t,
                      struct verify_ledger *ret_ledger)
{
    struct verify_ledger l = {.balanced = true};
    uint64_t seen = 0;
    uint64_t total = 1;
    int err = 0;
    vec_init(&l.marks, sizeof(struct verify_mark), MARKS_MAX);
    while (!err && seen < total) {
        char path[URL_MAX];
        cJSON *answer;
        uint64_t before = seen;
        snprintf(path, sizeof path, "/api/v1/ledger?limit=1000&offset=%llu",
                 (unsigned long long)seen);
        err = get(api, path, &answer);
        if (err)
            break;
        total = number_of(answer, "total");
        err = take_page(api, t, answer, &l, &seen);
        cJSON_Delete(answer);
        if (!err && seen == before && seen < total)
            err = wrong(api, "probes");
    }
    if (err)
        verify_api_ledger_done(&l);
    else
        *ret_ledger = l;
    return err;
}

void verify_api_ledger_done(struct verify_ledger *l)
{
    vec_done(&l->marks);
}
