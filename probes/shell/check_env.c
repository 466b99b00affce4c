#include "shell/check_env.h"

#include "io/dns.h"
#include "io/http_client.h"
#include "io/loop.h"

enum { CONNECTIONS_MAX = 8 };

int check_env_open(struct check_env *ret_env)
{
    struct check_env env = {.root = ""};
    int err = loop_open(&env.loop);
    if (!err)
        err = dns_open(env.loop, &env.dns);
    if (!err)
        err = http_client_open(env.loop, env.dns, CONNECTIONS_MAX, &env.http);
    if (err)
        check_env_close(&env);
    else
        *ret_env = env;
    return err;
}

void check_env_close(struct check_env *env)
{
    http_client_close(env->http);
    dns_close(env->dns);
    loop_close(env->loop);
    *env = (struct check_env){.root = ""};
}
