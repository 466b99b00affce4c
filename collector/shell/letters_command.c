#include "shell/letters_command.h"

#include "base/err.h"
#include "base/num.h"
#include "io/file.h"
#include "io/http_client.h"

#include <cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES_MAX = 64 << 20, PATH_MAX_BYTES = 512, TOKEN_MAX = 128, PAGE = 500 };

/* A connection to the collector and its last answer. */
struct client {
    const struct letters_command *command;
    struct loop *loop;
    struct dns *dns;
    struct http_client *http;
    char token[TOKEN_MAX];
    int status;  /* of the last answer, 0 = none came */
    char *body;  /* of it; NUL-terminated */
    cJSON *json; /* of it, or NULL */
};

static void on_answer(void *arg, const struct http_response *response)
{
    struct client *c = arg;
    c->status = response->status;
    c->body = strndup(response->body.at ? response->body.at : "", response->body.len);
    c->json = c->body ? cJSON_Parse(c->body) : NULL;
    if (response->err)
        fprintf(stderr, "ioc-collector: %s: %s; is the collector running?\n", c->command->url,
                response->why);
    loop_stop(c->loop);
}

static void forget(struct client *c)
{
    cJSON_Delete(c->json);
    free(c->body);
    c->json = NULL;
    c->body = NULL;
}

static const char *text_of(const cJSON *object, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return text ? text : "";
}

static long long number_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(item) ? (long long)item->valuedouble : 0;
}

/* Asks once: an exit code. What the collector refuses is said. */
static int ask(struct client *c, const char *method, const char *path)
{
    static const char *const json[] = {"Content-Type: application/json", NULL};
    char url[PATH_MAX_BYTES];
    struct http_call *call;
    forget(c);
    c->status = 0;
    snprintf(url, sizeof url, "%s%s", c->command->url, path);
    struct http_request q = {.method = method,
                             .url = url,
                             .headers = json,
                             .bearer = c->token[0] ? c->token : NULL,
                             .ca_file = c->command->ca_file[0] ? c->command->ca_file : NULL,
                             .max_body = ANSWER_BYTES_MAX};
    int err = http_send(c->http, &q, on_answer, c, &call);
    if (err) {
        fprintf(stderr, "ioc-collector: %s: %s\n", url, err_text(err));
        return LETTERS_AWAY;
    }
    loop_run(c->loop);
    if (c->status == 0)
        return LETTERS_AWAY;
    if (c->status == 200)
        return LETTERS_DONE;
    fprintf(stderr, "ioc-collector: %s: %d %s\n", path, c->status, text_of(c->json, "error"));
    return LETTERS_REFUSED;
}

/* Any bytes of the reason as a value in an address. */
static void quote(const char *text, char *to, size_t max)
{
    size_t len = 0;
    to[0] = '\0';
    for (; *text && len + 4 < max; text++, len += 3)
        snprintf(to + len, max - len, "%%%02x", (unsigned char)*text);
}

static int ask_page(struct client *c, long long after)
{
    char reason[384];
    char path[PATH_MAX_BYTES];
    quote(c->command->reason, reason, sizeof reason);
    snprintf(path, sizeof path, "/api/v1/deadletters?after=%lld&limit=%d&reason=%s", after, PAGE,
             reason);
    return ask(c, "GET", path);
}

static void print_row(const cJSON *letter)
{
    printf("%8lld  %-24.24s  %8lld  %-40s  %s\n", number_of(letter, "number"),
           text_of(letter, "at"), number_of(letter, "readings"), text_of(letter, "source"),
           text_of(letter, "reason"));
}

static void print_rows(const cJSON *letters)
{
    for (const cJSON *letter = letters ? letters->child : NULL; letter; letter = letter->next)
        print_row(letter);
}

static int run_list(struct client *c)
{
    long long after = 0;
    if (!c->command->json)
        printf("%8s  %-24s  %8s  %-40s  %s\n", "NUMBER", "AT", "READINGS", "SOURCE", "REASON");
    do {
        int code = ask_page(c, after);
        if (code)
            return code;
        if (c->command->json)
            printf("%s\n", c->body);
        else
            print_rows(cJSON_GetObjectItemCaseSensitive(c->json, "letters"));
        after = number_of(c->json, "next");
    } while (after);
    if (!c->command->json)
        printf(
            "%lld kept; of %lld ever: %lld dropped by the bounds, %lld purged, %lld queued again\n",
            number_of(c->json, "total"), number_of(c->json, "made"), number_of(c->json, "dropped"),
            number_of(c->json, "purged"), number_of(c->json, "requeued"));
    return LETTERS_DONE;
}

static int show(struct client *c, uint64_t number)
{
    char path[PATH_MAX_BYTES];
    snprintf(path, sizeof path, "/api/v1/deadletters/%llu", (unsigned long long)number);
    int code = ask(c, "GET", path);
    if (code || c->command->json) {
        if (!code)
            printf("%s\n", c->body);
        return code;
    }
    printf("number    %lld\nat        %s\nsource    %s\nreason    %s\nreadings  %lld\nbytes     "
           "%lld\n\n%s\n",
           number_of(c->json, "number"), text_of(c->json, "at"), text_of(c->json, "source"),
           text_of(c->json, "reason"), number_of(c->json, "readings"), number_of(c->json, "bytes"),
           text_of(c->json, "payload"));
    return LETTERS_DONE;
}

static int requeue(struct client *c, uint64_t number)
{
    char path[PATH_MAX_BYTES];
    snprintf(path, sizeof path, "/api/v1/deadletters/%llu/requeue", (unsigned long long)number);
    int code = ask(c, "POST", path);
    if (!code)
        printf("%llu queued again\n", (unsigned long long)number);
    return code;
}

static int purge(struct client *c, uint64_t number)
{
    char path[PATH_MAX_BYTES];
    snprintf(path, sizeof path, "/api/v1/deadletters/%llu/purge", (unsigned long long)number);
    int code = ask(c, "POST", path);
    if (!code)
        printf("%llu purged\n", (unsigned long long)number);
    return code;
}

typedef int verb(struct client *c, uint64_t number);

/* One that is refused does not keep the others from it; a collector that is away does. */
static int on_given(struct client *c, verb *act)
{
    int worst = LETTERS_DONE;
    for (size_t i = 0; i < c->command->len && worst != LETTERS_AWAY; i++) {
        uint64_t number = 0;
        if (num_parse_u64(slice_of(c->command->numbers[i]), &number) != 0) {
            fprintf(stderr, "ioc-collector: %s is not the number of a dead letter\n",
                    c->command->numbers[i]);
            return LETTERS_USAGE;
        }
        int code = act(c, number);
        worst = code > worst ? code : worst;
    }
    return worst;
}

/* The numbers of one page, behind @p after: they are taken down before the first is dealt with. */
static int page_numbers(struct client *c, long long after, uint64_t numbers[PAGE], size_t *ret_len)
{
    const cJSON *letter;
    *ret_len = 0;
    int code = ask_page(c, after);
    if (code)
        return code;
    cJSON_ArrayForEach(letter, cJSON_GetObjectItemCaseSensitive(c->json, "letters"))
    {
        if (*ret_len < PAGE)
            numbers[(*ret_len)++] = (uint64_t)number_of(letter, "number");
    }
    return LETTERS_DONE;
}

static int on_all(struct client *c, verb *act)
{
    static uint64_t numbers[PAGE];
    int worst = LETTERS_DONE;
    long long after = 0;
    for (;;) {
        size_t len;
        int code = page_numbers(c, after, numbers, &len);
        if (code || len == 0)
            return code ? code : worst;
        for (size_t i = 0; i < len; i++) {
            code = act(c, numbers[i]);
            worst = code > worst ? code : worst;
            if (code == LETTERS_AWAY)
                return code;
        }
        after = (long long)numbers[len - 1];
    }
}

static int run_verb(struct client *c)
{
    static const struct {
        const char *word;
        verb *act;
        bool takes_all;
    } verbs[] = {{"show", show, false}, {"requeue", requeue, true}, {"purge", purge, true}};

    const struct letters_command *k = c->command;
    if (strcmp(k->verb, "list") == 0 && k->len == 0)
        return run_list(c);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].word, k->verb) != 0)
            continue;
        if (k->all && verbs[i].takes_all && k->len == 0)
            return on_all(c, verbs[i].act);
        if (!k->all && k->len)
            return on_given(c, verbs[i].act);
    }
    fputs("ioc-collector: deadletter list | show N | requeue N... | purge N... ; --all instead of "
          "numbers, with --reason TEXT to narrow it\n",
          stderr);
    return LETTERS_USAGE;
}

static int open_client(struct client *c)
{
    const char *token = c->command->token_file;
    int err = token[0] ? file_read_secret(token, c->token, sizeof c->token) : 0;
    if (err) {
        fprintf(stderr, "ioc-collector: %s: %s\n", token, err_text(err));
        return err;
    }
    err = loop_open(&c->loop);
    if (!err)
        err = dns_open(c->loop, &c->dns);
    if (!err)
        err = http_client_open(c->loop, c->dns, 1, &c->http);
    return err;
}

int letters_command_run(const struct letters_command *command)
{
    struct client c = {.command = command};
    int err = open_client(&c);
    int code = err ? LETTERS_AWAY : run_verb(&c);
    forget(&c);
    http_client_close(c.http);
    dns_close(c.dns);
    if (c.loop)
        loop_close(c.loop);
    return code;
}
