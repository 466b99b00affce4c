#include "base/err.h"
#include "shell/notify_own.h"

#include <cJSON.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

enum { ANSWER_MAX = 4096, TOO_MANY = 429, TIMED_OUT = 408 };

/* Some answer 200 and say in the body that nothing was taken. */
static bool says_no(struct slice body)
{
    cJSON *json = cJSON_ParseWithLength(body.at ? body.at : "", body.len);
    const cJSON *ok = cJSON_GetObjectItemCaseSensitive(json, "ok");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(json, "error");
    bool no = cJSON_IsFalse(ok) || cJSON_IsTrue(error) ||
              (cJSON_IsString(error) && error->valuestring[0]);
    cJSON_Delete(json);
    return no;
}

static void on_response(void *arg, const struct http_response *r)
{
    struct notify_flight *flight = arg;
    char words[PAGE_ANSWER_MAX];
    bool good = !r->err && r->status >= 200 && r->status < 300;
    bool no = good && says_no(r->body);
    bool moved = r->status >= 300 && r->status < 400;
    bool refused =
        no || moved ||
        (r->status >= 400 && r->status < 500 && r->status != TOO_MANY && r->status != TIMED_OUT);
    int len = r->body.len < 80 ? (int)r->body.len : 80;
    if (r->err)
        snprintf(words, sizeof words, "%.*s", (int)sizeof words - 1, r->why);
    else if (moved)
        snprintf(words, sizeof words, "it sends us elsewhere, which is not followed");
    else
        snprintf(words, sizeof words, "%.*s", len, r->body.at ? r->body.at : "");
    flight->call = NULL;
    struct page_outcome outcome = {
        .taken = good && !no, .refused = refused, .status = r->status, .words = words};
    notify_landed(flight, &outcome);
}

int notify_post(struct notify_flight *flight, const char *url, const char *header)
{
    char id[128];
    snprintf(id, sizeof id, "X-Ioc-Page: %s-%llu", flight->centre,
             (unsigned long long)flight->page.id);
    const char *headers[] = {"Content-Type: application/json", id, header, NULL};
    struct http_request q = {.method = "POST",
                             .url = url,
                             .headers = headers,
                             .body = {flight->body.data, flight->body.len},
                             .bearer = flight->token[0] ? flight->token : NULL,
                             .ca_file = flight->conf.ca_file[0] ? flight->conf.ca_file : NULL,
                             .timeout_ms = flight->conf.timeout_ms,
                             .max_body = ANSWER_MAX};
    return http_send(notify_client(flight), &q, on_response, flight, &flight->call);
}

static void sign(const struct notify_flight *flight, char header[NOTIFY_HEADER_MAX])
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    int at = snprintf(header, NOTIFY_HEADER_MAX, "X-Ioc-Signature: sha256=");
    if (!HMAC(EVP_sha256(), flight->secret, (int)strlen(flight->secret),
              (const unsigned char *)flight->body.data, flight->body.len, mac, &len))
        len = 0;
    for (unsigned i = 0; i < len; i++)
        at += snprintf(header + at, NOTIFY_HEADER_MAX - (size_t)at, "%02x", mac[i]);
}

int notify_webhook(struct notify_flight *flight)
{
    char header[NOTIFY_HEADER_MAX];
    notify_write_json(flight, &flight->body);
    if (flight->body.err)
        return flight->body.err;
    if (flight->secret[0])
        sign(flight, header);
    return notify_post(flight, flight->conf.url, flight->secret[0] ? header : NULL);
}

int notify_alertmanager(struct notify_flight *flight)
{
    char url[300];
    size_t len = strlen(flight->conf.url);
    bool slash = len && flight->conf.url[len - 1] == '/';
    snprintf(url, sizeof url, "%s%sapi/v2/alerts", flight->conf.url, slash ? "" : "/");
    notify_write_alert(flight, &flight->body);
    return flight->body.err ? flight->body.err : notify_post(flight, url, NULL);
}
