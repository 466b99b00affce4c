#include "shell/checklist_of.h"

#include "base/err.h"
#include "checks/check_table.h"
#include "wire/checklist.h"

#include <stdio.h>
#include <stdlib.h>

/* Texts that the entry of one check points at. */
struct texts {
    char name[PROBE_CONFIG_TEXT_MAX];
    struct slice units[CHECKLIST_UNITS_MAX];
};

_Static_assert(sizeof((struct field_texts *)0)->text / sizeof(((struct field_texts *)0)->text[0]) <=
                   CHECKLIST_UNITS_MAX,
               "every unit of the file has its place in the list");

static enum cause cause_of(const struct conf_item *item)
{
    const struct check_common *common = item->object;
    if (common->cause != CAUSE_NONE)
        return (enum cause)common->cause;
    return check_table_find(slice_of(item->kind->word))->cause;
}

static struct checklist_entry entry_of(const struct conf_item *item, struct texts *texts)
{
    const struct check_common *common = item->object;
    snprintf(texts->name, sizeof texts->name, "%s/%s", item->kind->word, common->name);
    for (size_t i = 0; i < common->units.len; i++)
        texts->units[i] = slice_of(common->units.text[i]);
    return (struct checklist_entry){.name = slice_of(texts->name),
                                    .site = slice_of(common->site),
                                    .units = texts->units,
                                    .n_units = common->units.len,
                                    .interval_ms = common->interval_ms,
                                    .timeout_ms = common->timeout_ms,
                                    .ttl_ms = check_common_ttl_ms(common),
                                    .role = (enum role)common->role,
                                    .cause = cause_of(item)};
}

int checklist_of_config(const struct probe_config *config, int64_t time_us, enum start start,
                        struct buf *out)
{
    size_t n = config->checks.len;
    struct checklist_entry *entries = calloc(n ? n : 1, sizeof *entries);
    struct texts *texts = calloc(n ? n : 1, sizeof *texts);
    int err = entries && texts ? 0 : ERR_NOMEM;
    if (!err) {
        for (size_t i = 0; i < n; i++)
            entries[i] = entry_of(&config->checks.items[i], &texts[i]);
        struct checklist list = {.time_us = time_us, .entries = entries, .len = n, .start = start};
        checklist_write(out, &list);
        err = out->err;
    }
    free(entries);
    free(texts);
    return err;
}
