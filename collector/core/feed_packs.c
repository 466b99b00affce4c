#include "core/feed_packs.h"

#include "base/err.h"
#include "wire/checklist.h"
#include "wire/pack_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BYTES_MAX = 64 << 20,
    PACKS_MAX = 1 << 14,
    CHECK_NAME_MAX = 2 * PACK_PART_MAX,
    TIMEOUT_MS = 1000, /* of a list's checks; a table has none */
};

/* A list being written: its names live here. */
struct list {
    struct checklist_entry entry[CHECKLIST_MAX];
    struct slice unit[CHECKLIST_MAX];
    char name[CHECKLIST_MAX][CHECK_NAME_MAX];
    size_t len;
};

void feed_packs_init(struct feed_packs *packs)
{
    buf_init(&packs->bytes, BYTES_MAX);
    vec_init(&packs->ends, sizeof(size_t), PACKS_MAX);
}

void feed_packs_done(struct feed_packs *packs)
{
    buf_done(&packs->bytes);
    vec_done(&packs->ends);
}

struct slice feed_packs_at(const struct feed_packs *packs, size_t at)
{
    size_t from = at ? *(const size_t *)vec_at(&packs->ends, at - 1) : 0;
    return (struct slice){packs->bytes.data + from,
                          *(const size_t *)vec_at(&packs->ends, at) - from};
}

static bool is_mine(const struct feed_voice *voice, uint32_t unit)
{
    const struct unit_id *id = inventory_unit_id(voice->inv, unit);
    return id->op == voice->op && id->site % voice->parts == voice->part;
}

static void check_name(const struct feed_voice *voice, uint32_t unit, unsigned cause,
                       char name[CHECK_NAME_MAX])
{
    static const char *const endings[FEED_CAUSES] = {"", ".power", ".transport"};
    const struct unit_id *id = inventory_unit_id(voice->inv, unit);
    const char *service = names_text(&voice->inv->services, id->service);
    snprintf(name, CHECK_NAME_MAX, "operator/%s%s", service, endings[cause]);
}

/* Services whose name leaves no room for its cause have no check. */
static bool has_check(const struct feed_voice *voice, uint32_t unit, unsigned cause)
{
    char name[CHECK_NAME_MAX];
    check_name(voice, unit, cause, name);
    return is_mine(voice, unit) && pack_check_ok(slice_of(name)) &&
           inventory_unit_exists(voice->inv, unit, voice->as_of);
}

size_t feed_packs_checks(const struct feed_voice *voice, unsigned causes)
{
    size_t n = 0;
    for (uint32_t unit = 0; unit < voice->inv->unit_ids.len; unit++)
        for (unsigned cause = 0; cause < FEED_CAUSES; cause++)
            n += causes & 1U << cause && has_check(voice, unit, cause);
    return n;
}

static void add_check(struct list *list, const struct feed_voice *voice, uint32_t unit,
                      unsigned cause)
{
    size_t at = list->len++;
    const struct unit_id *id = inventory_unit_id(voice->inv, unit);
    check_name(voice, unit, cause, list->name[at]);
    list->unit[at] = slice_of(strchr(names_text(&voice->inv->units, unit), '/') + 1);
    list->entry[at] =
        (struct checklist_entry){.name = slice_of(list->name[at]),
                                 .site = slice_of(names_text(&voice->inv->sites, id->site)),
                                 .units = &list->unit[at],
                                 .n_units = 1,
                                 .interval_ms = voice->map->period_ms,
                                 .timeout_ms = TIMEOUT_MS,
                                 .ttl_ms = voice->map->ttl_ms,
                                 .role = ROLE_REQUIRED,
                                 .cause = (enum cause)cause};
}

static int end_pack(struct feed_packs *packs)
{
    size_t *end = packs->bytes.err ? NULL : vec_push(&packs->ends);
    if (!end)
        return packs->bytes.err ? packs->bytes.err : ERR_NOMEM;
    *end = packs->bytes.len;
    return 0;
}

/* Valid from the oldest instant that rows may tell of. */
static int write_list(const struct feed_voice *voice, unsigned causes, struct feed_packs *packs)
{
    if (feed_packs_checks(voice, causes) > CHECKLIST_MAX)
        return ERR_FULL;
    struct list *list = calloc(1, sizeof *list);
    if (!list)
        return ERR_NOMEM;
    for (uint32_t unit = 0; unit < voice->inv->unit_ids.len; unit++)
        for (unsigned cause = 0; cause < FEED_CAUSES; cause++)
            if (causes & 1U << cause && has_check(voice, unit, cause))
                add_check(list, voice, unit, cause);
    struct checklist out = {.time_us = (voice->as_of.ms - voice->map->max_age_ms) * 1000,
                            .entries = list->entry,
                            .len = list->len};
    checklist_write(&packs->bytes, &out);
    free(list);
    return end_pack(packs);
}

/* Adds a reading, in the next pack if this one is full. */
static int add_reading(struct pack_writer *w, struct feed_packs *packs,
                       const struct reading *reading)
{
    int err = pack_writer_add(w, reading);
    if (err != ERR_FULL || packs->bytes.len >= BYTES_MAX - PACK_BYTES_MAX)
        return err;
    err = pack_writer_end(w);
    if (!err)
        err = end_pack(packs);
    pack_writer_begin(w, &packs->bytes);
    return err ? err : pack_writer_add(w, reading);
}

static int add_event(const struct feed_voice *voice, const struct feed_sheet *sheet,
                     const struct feed_event *event, struct pack_writer *w,
                     struct feed_packs *packs)
{
    char name[CHECK_NAME_MAX];
    check_name(voice, event->unit, event->cause, name);
    uint32_t site = inventory_unit_id(voice->inv, event->unit)->site;
    struct reading reading = {.site = slice_of(names_text(&voice->inv->sites, site)),
                              .check = slice_of(name),
                              .metric = slice_of("state"),
                              .time_us = event->t * 1000,
                              .kind = READING_NUMBER,
                              .number = event->verdict};
    int err = add_reading(w, packs, &reading);
    if (err || event->text == 0)
        return err;
    reading.metric = slice_of("alarm");
    reading.kind = READING_TEXT;
    reading.text = slice_of(sheet->texts.data + event->text);
    return add_reading(w, packs, &reading);
}

int feed_packs_write(const struct feed_voice *voice, const struct feed_sheet *sheet,
                     struct feed_packs *packs)
{
    struct pack_writer w;
    int err = write_list(voice, sheet->causes, packs);
    if (err)
        return err;
    pack_writer_begin(&w, &packs->bytes);
    for (size_t i = 0; !err && i < sheet->events.len; i++) {
        const struct feed_event *event = vec_at(&sheet->events, i);
        if (has_check(voice, event->unit, event->cause))
            err = add_event(voice, sheet, event, &w, packs);
    }
    if (!err && w.count)
        err = pack_writer_end(&w);
    else
        buf_cut(&packs->bytes, w.start);
    return err || w.count == 0 ? err : end_pack(packs);
}
