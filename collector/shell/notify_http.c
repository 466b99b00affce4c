#include "base/err.h"
#include "shell/notify_template.h"

#include <cJSON.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

enum { ANSWER_MAX = 4096, TOO_MANY = 429, TIMED_OUT = 408, URL_MAX = 600 };

/* What stands in the body of an answer, whatever its status. */
struct said {
    bool no;          /* 200, and yet nothing was taken */
    int64_t retry_ms; /* Telegram says it here and not in a header */
};

static struct said read_body(struct slice body)
{
    cJSON *json = cJSON_ParseWithLength(body.at ? body.at : "", body.len);
    const cJSON *ok = cJSON_GetObjectItemCaseSensitive(json, "ok");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(json, "error");
    const cJSON *more = cJSON_GetObjectItemCaseSensitive(json, "parameters");
    const cJSON *retry = cJSON_GetObjectItemCaseSensitive(more, "retry_after");
    bool no = cJSON_IsFalse(ok) || cJSON_IsTrue(error) ||
              (cJSON_IsString(error) && error->valuestring[0]);
    bool pause = cJSON_IsNumber(retry) && retry->valuedouble > 0 && retry->valuedouble < 1e6;
    struct said said = {.no = no, .retry_ms = pause ? (int64_t)(retry->valuedouble * 1000) : 0};
    cJSON_Delete(json);
    return said;
}

static bool holds(struct slice body, const char *text)
{
    return !text[0] || (body.at && memmem(body.at, body.len, text, strlen(text)));
}

/* Answers that will be the same next time. */
static bool is_refusal(int status)
{
    return status >= 400 && status < 500 && status != TOO_MANY && status != TIMED_OUT;
}

static void write_words(const struct http_response *r, bool moved, char words[PAGE_ANSWER_MAX])
{
    int len = r->body.len < 80 ? (int)r->body.len : 80;
    if (r->err)
        snprintf(words, PAGE_ANSWER_MAX, "%.*s", PAGE_ANSWER_MAX - 1, r->why);
    else if (moved)
        snprintf(words, PAGE_ANSWER_MAX, "it sends us elsewhere, which is not followed");
    else
        snprintf(words, PAGE_ANSWER_MAX, "%.*s", len, r->body.at ? r->body.at : "");
}

struct page_outcome notify_judge(const struct http_response *r, const char *expect,
                                 char words[PAGE_ANSWER_MAX])
{
    struct said said = read_body(r->body);
    bool good = !r->err && r->status >= 200 && r->status < 300;
    bool no = good && (said.no || !holds(r->body, expect));
    bool moved = r->status >= 300 && r->status < 400;
    int64_t header_ms = r->retry_after_s > 0 ? r->retry_after_s * 1000 : 0;
    write_words(r, moved, words);
    return (struct page_outcome){.taken = good && !no,
                                 .refused = no || moved || is_refusal(r->status),
                                 .status = r->status,
                                 .words = words,
                                 .retry_ms = header_ms ? header_ms : said.retry_ms};
}

static void on_response(void *arg, const struct http_response *r)
{
    struct notify_flight *flight = arg;
    char words[PAGE_ANSWER_MAX];
    flight->call = NULL;
    struct page_outcome outcome = notify_judge(r, "", words);
    notify_landed(flight, &outcome);
}

static int post(struct notify_flight *flight, const char *url, const char *type, const char *header)
{
    char id[128], content[96];
    snprintf(content, sizeof content, "Content-Type: %s", type);
    snprintf(id, sizeof id, "X-Ioc-Page: %s-%llu", flight->centre,
             (unsigned long long)flight->page.id);
    const char *headers[] = {content, id, header, NULL};
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

static int post_json(struct notify_flight *flight, const char *url)
{
    return flight->body.err ? flight->body.err : post(flight, url, "application/json", NULL);
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
    const struct notify_conf *conf = &flight->conf;
    if (conf->body[0])
        notify_template_write(flight, conf->body, notify_template_escape(conf->content_type),
                              &flight->body);
    else
        notify_write_json(flight, &flight->body);
    if (flight->body.err)
        return flight->body.err;
    if (flight->secret[0])
        sign(flight, header);
    return post(flight, conf->url, conf->body[0] ? conf->content_type : "application/json",
                flight->secret[0] ? header : NULL);
}

int notify_alertmanager(struct notify_flight *flight)
{
    char url[URL_MAX];
    size_t len = strlen(flight->conf.url);
    bool slash = len && flight->conf.url[len - 1] == '/';
    snprintf(url, sizeof url, "%s%sapi/v2/alerts", flight->conf.url, slash ? "" : "/");
    if (!flight->repeat) /* its body is there already */
        notify_write_alert(flight, &flight->body);
    return post_json(flight, url);
}

int notify_pagerduty(struct notify_flight *flight)
{
    notify_write_event(flight, &flight->body);
    return post_json(flight, flight->conf.url);
}

int notify_telegram(struct notify_flight *flight)
{
    char url[URL_MAX];
    snprintf(url, sizeof url, "%s/bot%s/sendMessage", flight->conf.url, flight->secret);
    notify_write_message(flight, &flight->body);
    return post_json(flight, url);
}
