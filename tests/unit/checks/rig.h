/**
 * @file
 * What the tests of whole checks share: a loop with resolver and web client, a configuration set
 * key by key as a file would, and one check on it whose reports are kept.
 */
#ifndef CHECKS_RIG_H
#define CHECKS_RIG_H

#include "checks/check_table.h"
#include "io/dns.h"
#include "io/http_client.h"
#include "io/loop.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

/** One check on a loop of its own. */
struct rig {
    struct check_env env;          /**< loop and clients */
    const struct check_type *type; /**< of config and check */
    void *config;                  /**< type->config_size bytes */
    struct check *check;           /**< open between rig_check() and rig_close() */
    struct loop_timer *tick;       /**< ends turns of the loop in which nothing else happens */
    int reports;                   /**< reports that came */
    struct check_report last;      /**< the newest */
};

static inline void rig_tick(void *arg)
{
    (void)arg;
}

static inline void rig_open(struct rig *rig, const char *root)
{
    *rig = (struct rig){.env.root = root};
    assert_int_equal(loop_open(&rig->env.loop), 0);
    assert_int_equal(loop_timer_open(rig->env.loop, rig_tick, NULL, &rig->tick), 0);
    loop_timer_every(rig->tick, 20, 20);
    assert_int_equal(dns_open(rig->env.loop, &rig->env.dns), 0);
    assert_int_equal(http_client_open(rig->env.loop, rig->env.dns, 4, &rig->env.http), 0);
}

static inline void rig_close(struct rig *rig)
{
    check_close(rig->check);
    loop_timer_close(rig->tick);
    http_client_close(rig->env.http);
    dns_close(rig->env.dns);
    loop_close(rig->env.loop);
    free(rig->config);
}

/** Sets one key, own or common, as the file would. */
static inline void rig_set(struct rig *rig, const char *key, const char *text)
{
    size_t n = 0;
    char why[FIELD_WHY_MAX] = "";
    const struct field *common = check_common_fields(&n);
    const struct field *row = field_find(common, n, slice_of(key));
    if (!row)
        row = field_find(rig->type->fields, rig->type->n_fields, slice_of(key));
    if (!row)
        fail_msg("%s has no key %s", rig->type->name, key);
    else if (field_set(row, rig->config, slice_of(text), why) != 0)
        fail_msg("%s %s: %s", rig->type->name, key, why);
}

/** Begins a configuration of @p type: defaults, a name, a short timeout. */
static inline void rig_type(struct rig *rig, const struct check_type *type)
{
    size_t n = 0;
    const struct field *common = check_common_fields(&n);
    free(rig->config);
    rig->type = type;
    rig->config = calloc(1, type->config_size);
    assert_non_null(rig->config);
    field_defaults(common, n, rig->config);
    field_defaults(type->fields, type->n_fields, rig->config);
    rig_set(rig, "name", "one");
    rig_set(rig, "timeout", "3s");
}

static inline bool rig_verify(struct rig *rig, char why[FIELD_WHY_MAX])
{
    why[0] = 0;
    return rig->type->verify(rig->config, why);
}

static inline void rig_keep(void *user, struct check *check, const struct check_report *report)
{
    struct rig *rig = user;
    (void)check;
    rig->reports++;
    rig->last = *report;
}

/** Opens the check as configured, which must be valid. */
static inline void rig_check(struct rig *rig)
{
    char why[FIELD_WHY_MAX];
    if (!rig_verify(rig, why))
        fail_msg("%s: %s", rig->type->name, why);
    check_close(rig->check);
    rig->check = NULL;
    rig->reports = 0;
    assert_int_equal(check_open(rig->type, &rig->env, rig->config, rig_keep, rig, &rig->check), 0);
}

/** Turns the loop until the next report; the check's own deadline bounds it. */
static inline const struct check_report *rig_await(struct rig *rig)
{
    int before = rig->reports;
    while (rig->reports == before)
        loop_turn(rig->env.loop);
    return &rig->last;
}

static inline const struct check_report *rig_run(struct rig *rig)
{
    check_start(rig->check);
    return rig_await(rig);
}

/** Index of the metric @p name of the type in work. */
static inline size_t rig_metric(const struct rig *rig, const char *name)
{
    for (size_t i = 0; i < rig->type->n_metrics; i++) {
        if (strcmp(rig->type->metrics[i].name, name) == 0)
            return i;
    }
    fail_msg("%s has no metric %s", rig->type->name, name);
    return 0;
}

/** The last report's value of the metric @p name. */
static inline const struct check_value *rig_value(const struct rig *rig, const char *name)
{
    return &rig->last.values[rig_metric(rig, name)];
}

#endif
