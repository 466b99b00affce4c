#include "shell/template.h"

#include "checks/check_table.h"

#include <string.h>

/* What a unit of a kind needs a required check of. */
enum need { NEED_POWER = 1, NEED_TRANSPORT = 2, NEED_ITSELF = 4 };

static const unsigned needs_of[] = {[TEMPLATE_NONE] = 0,
                                    [TEMPLATE_BTS] = NEED_POWER | NEED_TRANSPORT | NEED_ITSELF,
                                    [TEMPLATE_FIBRE] = NEED_POWER | NEED_TRANSPORT,
                                    [TEMPLATE_NETWORK] = NEED_TRANSPORT | NEED_ITSELF,
                                    [TEMPLATE_SERVICE] = NEED_ITSELF};

/* How each is found among the checks, and what to add where none is. */
static const struct {
    enum need need;
    enum cause cause;
    const char *what;
    const char *add;
} needs[] = {
    {NEED_POWER, CAUSE_POWER, "power (mains, battery)",
     "{type: power, name: plant, target: /dev/ttyUSB0, profile: contacts8}"},
    {NEED_TRANSPORT, CAUSE_TRANSPORT, "transport (the way to the centre)",
     "{type: icmp, name: centre, target: ADDRESS OF THE CENTRE}"},
    {NEED_ITSELF, CAUSE_FAULT, "the unit itself, named like it",
     "{type: tcp, name: UNIT, target: ADDRESS:PORT}"},
};

static bool is_type(const struct conf_item *item, const char *type)
{
    return strcmp(item->kind->word, type) == 0;
}

/* "5g" names the units 5g and 5g@a. */
static bool named_like(const char *name, const char *unit)
{
    size_t service = strcspn(unit, "@");
    return strlen(name) == service && strncmp(name, unit, service) == 0;
}

static void give(struct check_common *check, const char *unit)
{
    struct field_texts *units = &check->units;
    if (units->len < sizeof units->text / sizeof *units->text)
        memcpy(units->text[units->len++], unit, sizeof *units->text);
}

static void give_all(const struct probe_config_probe *probe, struct check_common *check,
                     enum cause cause)
{
    for (size_t i = 0; i < probe->units.len; i++)
        give(check, probe->units.text[i]);
    if (check->cause == CAUSE_NONE)
        check->cause = (int)cause;
}

static void apply(const struct probe_config_probe *probe, const struct conf_item *item)
{
    struct check_common *check = item->object;
    if (is_type(item, "power")) {
        give_all(probe, check, CAUSE_POWER);
    } else if (is_type(item, "sfp") || strcmp(check->name, "centre") == 0) {
        give_all(probe, check, CAUSE_TRANSPORT);
    } else {
        for (size_t i = 0; i < probe->units.len; i++)
            if (named_like(check->name, probe->units.text[i]))
                give(check, probe->units.text[i]);
    }
}

void template_apply(struct probe_config *config)
{
    for (size_t i = 0; config->probe.template != TEMPLATE_NONE && i < config->checks.len; i++) {
        const struct check_common *check = probe_config_check(config, i);
        if (check->units.len == 0 && check->role != ROLE_INFO &&
            strcmp(check->site, config->probe.site) == 0)
            apply(&config->probe, &config->checks.items[i]);
    }
}

static enum cause cause_of(const struct conf_item *item)
{
    const struct check_common *check = item->object;
    const struct check_type *type = check_table_find(slice_of(item->kind->word));
    return check->cause != CAUSE_NONE || !type ? (enum cause)check->cause : type->cause;
}

static bool names(const struct check_common *check, const char *unit)
{
    for (size_t i = 0; i < check->units.len; i++)
        if (strcmp(check->units.text[i], unit) == 0)
            return true;
    return false;
}

static bool looked_at(const struct probe_config *config, const char *unit, enum cause cause)
{
    for (size_t i = 0; i < config->checks.len; i++) {
        const struct check_common *check = probe_config_check(config, i);
        if (check->role == ROLE_REQUIRED && strcmp(check->site, config->probe.site) == 0 &&
            names(check, unit) && cause_of(&config->checks.items[i]) == cause)
            return true;
    }
    return false;
}

unsigned template_missing(const struct probe_config *config, struct buf *out)
{
    static const char *const words[] = {
#define TEMPLATE_WORD(name, word) [name] = (word),
        TEMPLATE_MAP(TEMPLATE_WORD)
#undef TEMPLATE_WORD
    };
    const struct probe_config_probe *probe = &config->probe;
    unsigned missing = 0;
    for (size_t u = 0; u < probe->units.len; u++)
        for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
            if (!(needs_of[probe->template] & needs[i].need) ||
                looked_at(config, probe->units.text[u], needs[i].cause))
                continue;
            buf_printf(out, "%s: %s has no required check of %s; add to checks: - %s\n",
                       words[probe->template], probe->units.text[u], needs[i].what, needs[i].add);
            missing++;
        }
    return missing;
}
