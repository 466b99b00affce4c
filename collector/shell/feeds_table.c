/* From a file to packs: which probes speak for a feed, whether the table is of today, what it says.
 */
#include "shell/feeds_own.h"

#include "base/err.h"
#include "base/iso.h"
#include "core/feed_cover.h"
#include "io/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AHEAD_MS = 60000, TEXT_BYTES_MAX = 3 * FEED_FILE_MAX };

static const int64_t NS_PER_MS = 1000000;

unsigned feeds_probes(const struct feed *feed, const struct inventory *inv, struct wall_ms now,
                      uint32_t probe[FEED_PARTS_MAX], char ret_why[300])
{
    unsigned n = 0;
    uint32_t op = INV_NONE;
    for (; n < FEED_PARTS_MAX; n++) {
        char name[TOPIC_NAME_MAX + 8];
        snprintf(name, sizeof name, n ? "%s.%u" : "%s", feed->name, n + 1);
        probe[n] = names_find(&inv->probes, slice_of(name));
        const struct probe_row *row =
            probe[n] == NAMES_NONE ? NULL : inventory_probe(inv, probe[n], now);
        if (!row || row->feed == INV_NONE || (n && row->feed != op))
            break;
        op = row->feed;
    }
    if (n == 0)
        snprintf(ret_why, 300,
                 "probes.csv needs a row with probe %s, a site, and the operator in column feed",
                 feed->name);
    return n;
}

/* Of which time the table is; a table of yesterday says nothing of now. */
static bool of_now(struct feed *feed, struct feed_sheet *sheet, struct wall_ms now)
{
    char when[ISO_TEXT_MAX];
    feed->as_of = (struct wall_ms){feed->file.mtime_ns / NS_PER_MS};
    iso_write(feed->as_of, when);
    if (feed->file.too_large)
        feed_complain(sheet, feed->file.name, 1, "more than %d MiB", FEED_FILE_MAX >> 20);
    else if (feed->as_of.ms > now.ms + AHEAD_MS)
        feed_complain(sheet, feed->file.name, 1, "its time %s lies ahead of our clock", when);
    else if (feed->as_of.ms < now.ms - feed->conf.feed.max_age_ms)
        feed_complain(sheet, feed->file.name, 1, "it is of %s: older than max_age", when);
    else
        return true;
    return false;
}

static int parse(struct feed *feed, const struct inventory *inv, uint32_t op,
                 struct feed_sheet *sheet)
{
    struct buf text;
    unsigned line = 1;
    buf_init(&text, TEXT_BYTES_MAX);
    struct slice bytes = {feed->file.bytes.data, feed->file.bytes.len};
    int err = feed_text_read(bytes, (enum feed_encoding)feed->conf.feed.encoding, &text, &line);
    if (err == ERR_SYNTAX)
        feed_complain(sheet, feed->file.name, line,
                      "not UTF-8; is it windows-1258? see feed.encoding");
    struct feed_source source = {.map = &feed->conf.map,
                                 .inv = inv,
                                 .op = op,
                                 .file = feed->file.name,
                                 .text = {text.data, text.len},
                                 .as_of = feed->as_of};
    if (!err)
        err = source.map->content == FEED_COVER ? feed_cover_read(&source, sheet)
                                                : feed_read(&source, sheet);
    buf_done(&text);
    return err;
}

/* Equal tables have equal epochs: that is how one is known that was taken already. */
static uint64_t epoch_of(const struct feed *feed, const struct feed_packs *packs)
{
    char stamp[FEED_FILE_NAME_MAX + 64];
    int len = snprintf(
        stamp, sizeof stamp, "%s %lld %llu", feed->file.name, (long long)feed->file.mtime_ns,
        (unsigned long long)names_hash((struct slice){packs->bytes.data, packs->bytes.len}));
    uint64_t epoch = names_hash((struct slice){stamp, (size_t)len});
    return epoch ? epoch : 1;
}

static int write_parts(struct feed *feed, const struct inventory *inv, uint32_t op,
                       struct feed_sheet *sheet)
{
    int err = 0;
    for (unsigned i = 0; !err && i < feed->parts; i++) {
        struct feed_part *part = &feed->part[i];
        struct feed_voice voice = {&feed->conf.map, inv, op, feed->as_of, i, feed->parts};
        err = feed_packs_write(&voice, sheet, &part->packs);
        part->epoch = epoch_of(feed, &part->packs);
    }
    return err;
}

/* Temporary cover goes into the inventory, and no pack tells of it. */
static int keep_cover(struct feed *feed, const struct inventory *inv,
                      const struct feed_sheet *sheet)
{
    const struct feeds_options *o = &feed->owner->options;
    struct inventory_cover_row *rows = calloc(sheet->covers.len + 1, sizeof *rows);
    struct inventory *fresh = NULL;
    if (!rows)
        return ERR_NOMEM;
    for (size_t i = 0; i < sheet->covers.len; i++) {
        const struct feed_cover *c = vec_at(&sheet->covers, i);
        rows[i] = (struct inventory_cover_row){c->unit, c->area, c->valid, c->unsaid,
                                               sheet->texts.data + c->text};
    }
    const struct inventory_cover_table table = {feed->name, feed->as_of, rows, sheet->covers.len};
    int err = inventory_cover(inv, &table, &fresh);
    free(rows);
    if (err == ERR_FULL) {
        snprintf(feed->problem, sizeof feed->problem, "more than %d rows of temporary cover",
                 INVENTORY_COVER_MAX);
        return ERR_NOT_FOUND;
    }
    return fresh ? o->take_inventory(o->context, fresh) : err;
}

void feeds_drop_table(struct feed *feed)
{
    for (unsigned i = 0; i < feed->parts; i++)
        feed_packs_done(&feed->part[i].packs);
    feed->parts = 0;
    buf_clear(&feed->notes);
}

static void keep_notes(struct feed *feed, const struct feed_sheet *sheet)
{
    buf_clear(&feed->notes);
    buf_put(&feed->notes, sheet->complaints.data ? sheet->complaints.data : "",
            sheet->complaints.len);
    feed->counts =
        (struct feed_sheet_counts){sheet->rows, sheet->refused, sheet->strangers, sheet->unnamed};
}

int feeds_read_table(struct feed *feed, const struct inventory *inv, struct wall_ms now)
{
    uint32_t probe[FEED_PARTS_MAX];
    struct feed_sheet sheet;
    unsigned parts = feeds_probes(feed, inv, now, probe, feed->problem);
    if (parts == 0)
        return ERR_NOT_FOUND;
    uint32_t op = inventory_probe(inv, probe[0], now)->feed;
    snprintf(feed->operator_id, sizeof feed->operator_id, "%s", names_text(&inv->operators, op));
    feed->view.operator_id = feed->operator_id;
    feed->parts = parts;
    for (unsigned i = 0; i < parts; i++) {
        feed->part[i] = (struct feed_part){.probe = probe[i]};
        feed_packs_init(&feed->part[i].packs);
    }
    feed_sheet_init(&sheet);
    int err = of_now(feed, &sheet, now) ? parse(feed, inv, op, &sheet) : ERR_SYNTAX;
    if (!err && feed->conf.map.content == FEED_COVER) {
        feed->parts = 0;
        err = keep_cover(feed, inv, &sheet);
    } else if (!err) {
        err = write_parts(feed, inv, op, &sheet);
    }
    if (err == ERR_FULL) {
        snprintf(feed->problem, sizeof feed->problem,
                 "more checks than one list holds; add probes %s.2, %s.3 ... to probes.csv",
                 feed->name, feed->name);
        err = ERR_NOT_FOUND;
    }
    keep_notes(feed, &sheet);
    feed_sheet_done(&sheet);
    return err;
}
