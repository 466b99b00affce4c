/* The place of http_client.c in a program built without libcurl. */
#include "base/err.h"
#include "io/http_client.h"

bool http_client_is_built_in(void)
{
    return false;
}

int http_client_open(struct loop *loop, struct dns *dns, int max_connections,
                     struct http_client **ret_client)
{
    (void)loop;
    (void)dns;
    (void)max_connections;
    *ret_client = NULL;
    return 0;
}

void http_client_close(struct http_client *client)
{
    (void)client;
}

int http_send(struct http_client *client, const struct http_request *q, http_done *done, void *arg,
              struct http_call **ret_call)
{
    (void)client;
    (void)q;
    (void)done;
    (void)arg;
    (void)ret_call;
    return ERR_LIBRARY;
}

void http_cancel(struct http_call *call)
{
    (void)call;
}
