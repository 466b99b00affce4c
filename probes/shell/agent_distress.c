/* The agent's deadman: what tells people without the centre, and what of it outlives a restart. */
#include "shell/agent_own.h"

#include "core/deadman.h"

#include <string.h>

void agent_remember(void *arg)
{
    struct agent *a = arg;
    struct buf kept;
    buf_init(&kept, DEADMAN_KEPT_MAX);
    distress_keep(a->distress, &kept);
    memory_take(a->memory, a->watch, (struct slice){kept.data, kept.len});
    buf_done(&kept);
}

/* Both were zeroed before they were read; a difference that is none costs an opening anew. */
static bool are_same(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size) == 0;
}

static bool is_as_before(const struct agent *a, const struct probe_config *config)
{
    return a->distress && are_same(&a->config.deadman, &config->deadman, sizeof config->deadman);
}

/* What is known already; it is in @p storage or in memory. */
static struct slice known(const struct agent *a, struct buf *storage)
{
    if (!a->distress)
        return memory_deadman(a->memory);
    distress_keep(a->distress, storage);
    return (struct slice){storage->data, storage->len};
}

int agent_distress_open(struct agent *a, const struct probe_config *config,
                        struct distress **ret_distress)
{
    if (!config->deadman.check[0] || is_as_before(a, config)) {
        *ret_distress = config->deadman.check[0] ? a->distress : NULL;
        return 0;
    }
    struct buf storage;
    buf_init(&storage, DEADMAN_KEPT_MAX);
    struct distress_setup setup = {.loop = a->loop,
                                   .config = &config->deadman,
                                   .probe = a->config.probe.id,
                                   .trust = &a->trust,
                                   .kept = known(a, &storage),
                                   .changed = agent_remember,
                                   .arg = a};
    int err = distress_open(&setup, ret_distress);
    buf_done(&storage);
    return err;
}

void agent_distress_use(struct agent *a, struct distress *distress)
{
    if (distress != a->distress)
        distress_close(a->distress);
    a->distress = distress;
    a->sign_check = probe_config_find(&a->config, a->config.deadman.check);
}
