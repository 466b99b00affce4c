#include "io/mail.h"

#include "base/buf.h"
#include "base/err.h"
#include "io/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS_MAX = 4, HOST_MAX = 256, MESSAGE_MAX = 64 * 1024, ADDRESS_MAX = 320 };

struct mail_client {
    struct loop *loop;
    struct dns *dns;
    struct transfers *transfers;
};

struct mail_call {
    struct transfer transfer; /* first, so that the one is the other */
    struct mail_client *client;
    struct dns_request *resolving;
    bool running; /* among the transfers */
    char host[HOST_MAX];
    int port;
    struct curl_slist *to, *addresses;
    struct buf message;
    size_t sent; /* of message */
    char why[CURL_ERROR_SIZE];
    mail_done *done;
    void *arg;
};

int mail_client_open(struct loop *loop, struct dns *dns, struct mail_client **ret_client)
{
    struct mail_client *client = calloc(1, sizeof *client);
    if (!client)
        return ERR_NOMEM;
    client->loop = loop;
    client->dns = dns;
    int err = transfer_open(loop, CONNECTIONS_MAX, &client->transfers);
    if (err) {
        free(client);
        return err;
    }
    *ret_client = client;
    return 0;
}

void mail_client_close(struct mail_client *client)
{
    if (!client)
        return;
    transfer_close(client->transfers);
    free(client);
}

void mail_cancel(struct mail_call *call)
{
    if (!call)
        return;
    dns_cancel(call->resolving);
    if (call->running)
        transfer_remove(call->client->transfers, &call->transfer);
    if (call->transfer.easy)
        curl_easy_cleanup(call->transfer.easy);
    curl_slist_free_all(call->to);
    curl_slist_free_all(call->addresses);
    buf_done(&call->message);
    free(call);
}

/* Tells the caller and frees the call. */
static void finish(struct mail_call *call, bool taken, const char *why)
{
    struct mail_result result = {.taken = taken};
    long status = 0;
    curl_easy_getinfo(call->transfer.easy, CURLINFO_RESPONSE_CODE, &status);
    result.status = (int)status;
    if (!taken)
        snprintf(result.why, sizeof result.why, "%s", why);
    call->done(call->arg, &result);
    mail_cancel(call);
}

static void transfer_ended(struct transfer *transfer, CURLcode result)
{
    struct mail_call *call = (struct mail_call *)transfer;
    call->running = false;
    finish(call, result == CURLE_OK, call->why[0] ? call->why : curl_easy_strerror(result));
}

static size_t give_message(char *to, size_t size, size_t n, void *arg)
{
    struct mail_call *call = arg;
    size_t left = call->message.len - call->sent;
    size_t take = size * n < left ? size * n : left;
    memcpy(to, call->message.data + call->sent, take);
    call->sent += take;
    return take;
}

static void resolved(void *arg, int err, const struct dns_address *addresses, size_t n)
{
    struct mail_call *call = arg;
    call->resolving = NULL;
    if (err) {
        finish(call, false, "the name of the mail server is not known");
        return;
    }
    err = transfer_give_addresses(&call->transfer, call->host, call->port, addresses, n,
                                  &call->addresses);
    if (err || transfer_add(call->client->transfers, &call->transfer) != 0)
        finish(call, false, "the library refuses the request");
    else
        call->running = true;
}

static bool add_to(struct mail_call *call, const char *address)
{
    char path[ADDRESS_MAX];
    snprintf(path, sizeof path, "<%s>", address);
    struct curl_slist *more = curl_slist_append(call->to, path);
    if (more)
        call->to = more;
    return more != NULL;
}

static void set_trust(CURL *easy, const struct mail_request *q)
{
    curl_easy_setopt(easy, CURLOPT_USE_SSL, q->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL);
    if (q->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, q->ca_file);
    if (!q->user)
        return;
    curl_easy_setopt(easy, CURLOPT_USERNAME, q->user);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, q->password ? q->password : "");
}

static int set_up(struct mail_call *call, const struct mail_request *q)
{
    CURL *easy = call->transfer.easy = curl_easy_init();
    char from[ADDRESS_MAX];
    bool ok = true;
    if (!easy)
        return ERR_NOMEM;
    if (curl_easy_setopt(easy, CURLOPT_URL, q->url) != CURLE_OK ||
        !transfer_read_target(q->url, call->host, sizeof call->host, &call->port))
        return ERR_SYNTAX;
    snprintf(from, sizeof from, "<%s>", q->from);
    for (size_t i = 0; ok && i < q->to_len; i++)
        ok = add_to(call, q->to[i]);
    buf_put(&call->message, q->message.at, q->message.len);
    set_trust(easy, q);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->why);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)q->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, call->to);
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_message);
    curl_easy_setopt(easy, CURLOPT_READDATA, call);
    return ok && !call->message.err ? 0 : ERR_NOMEM;
}

int mail_send(struct mail_client *client, const struct mail_request *q, mail_done *done, void *arg,
              struct mail_call **ret_call)
{
    struct mail_call *call = calloc(1, sizeof *call);
    if (!call)
        return ERR_NOMEM;
    buf_init(&call->message, MESSAGE_MAX);
    call->client = client;
    call->transfer.done = transfer_ended;
    call->done = done;
    call->arg = arg;
    int err = set_up(call, q);
    if (!err)
        err = dns_resolve(client->dns, call->host, call->port, 0, q->timeout_ms, resolved, call,
                          &call->resolving);
    if (err) {
        mail_cancel(call);
        return err;
    }
    *ret_call = call;
    return 0;
}
