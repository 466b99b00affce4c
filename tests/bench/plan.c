#include "plan.h"

#include "load.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { SMALL, COUNT, MS, HEX, FLAG };

static const struct option {
    const char *name;
    enum kind kind;
    size_t at;
} options[] = {
    {"port", SMALL, offsetof(struct plan, port)},
    {"probes", SMALL, offsetof(struct plan, probes)},
    {"from", SMALL, offsetof(struct plan, from)},
    {"packs", COUNT, offsetof(struct plan, packs)},
    {"past", MS, offsetof(struct plan, past)},
    {"interval", MS, offsetof(struct plan, interval)},
    {"rate", MS, offsetof(struct plan, rate)},
    {"flip", MS, offsetof(struct plan, flip)},
    {"conn", COUNT, offsetof(struct plan, conn)},
    {"first", COUNT, offsetof(struct plan, first)},
    {"spread", MS, offsetof(struct plan, spread)},
    {"epoch", HEX, offsetof(struct plan, epoch)},
    {"window", FLAG, offsetof(struct plan, window)},
    {"births", FLAG, offsetof(struct plan, births)},
    {"wills", FLAG, offsetof(struct plan, wills)},
    {"each", FLAG, offsetof(struct plan, each)},
    {"stay", FLAG, offsetof(struct plan, stay)},
};

static const struct option *option_of(const char *word)
{
    for (size_t i = 0; strncmp(word, "--", 2) == 0 && i < sizeof options / sizeof *options; i++)
        if (strcmp(options[i].name, word + 2) == 0)
            return &options[i];
    return NULL;
}

static void put(enum kind kind, const char *value, void *to)
{
    switch (kind) {
    case SMALL:
        *(uint32_t *)to = (uint32_t)strtoul(value, NULL, 10);
        break;
    case COUNT:
        *(uint64_t *)to = strtoull(value, NULL, 10);
        break;
    case MS:
        *(int64_t *)to = strtoll(value, NULL, 10);
        break;
    case HEX:
        *(uint64_t *)to = strtoull(value, NULL, 16);
        break;
    case FLAG:
        *(bool *)to = true;
        break;
    }
}

/* The words that the option took, 0 if its value is missing. */
static int take(const struct option *o, const char *value, struct plan *p)
{
    if (o->kind != FLAG && !value)
        return 0;
    put(o->kind, value, (char *)p + o->at);
    return o->kind == FLAG ? 1 : 2;
}

void plan_read(int argc, char **argv, int64_t now_us, struct plan *ret_plan)
{
    *ret_plan = (struct plan){
        .port = 1883, .probes = 1000, .packs = 100000, .interval = LOAD_INTERVAL_MS, .conn = 1};
    ret_plan->epoch = (uint64_t)now_us;
    for (int i = 1; i < argc;) {
        const struct option *o = option_of(argv[i]);
        int taken = o ? take(o, i + 1 < argc ? argv[i + 1] : NULL, ret_plan) : 0;
        if (!taken) {
            fprintf(stderr, "bench: %s is no option, or lacks its value\n", argv[i]);
            exit(2);
        }
        i += taken;
    }
    ret_plan->lists = ret_plan->first == 0 && !ret_plan->wills;
    ret_plan->packs = ret_plan->wills ? 0 : ret_plan->packs;
}
