/* An operator's table: any bytes, as alarms ("0" first), cover ("c" first) or states. Whatever is
 * taken must become packs that a collector accepts, or an inventory; of cover the same table again
 * changes nothing. */
#include "check.h"
#include "core/feed_cover.h"
#include "core/feed_packs.h"
#include "wire/body.h"
#include "wire/pack_reader.h"

#include <stdlib.h>
#include <string.h>

enum { MINUTE = 60000, TEXT_MAX = 1 << 22 };

static const char *const tables[][2] = {
    {"operators", "id,name\na,A\nb,B\n"},
    {"areas", "id,level,name\np,province,P\n"},
    {"sites", "id,code,kind,area,aliases\ns,S1,bts,p,x|y\nt,T1,bts,p,y\n"},
    {"units", "site,service,operator\ns,4g,a\ns,5g,a\nt,4g,b\n"},
};

enum { TABLES = sizeof tables / sizeof *tables };

static const struct wall_ms now = {1790000000000};

static void complain(void *context, const char *message)
{
    (void)context;
    check(false, message);
}

static struct inventory *load(void)
{
    struct inventory_file files[TABLES];
    struct inventory *inv = NULL;
    for (unsigned i = 0; i < TABLES; i++)
        files[i] = (struct inventory_file){tables[i][0], tables[i][0], slice_of(tables[i][1])};
    check(inventory_load(NULL, files, TABLES, now, 420, complain, NULL, &inv) == 0, "it loads");
    return inv;
}

static struct feed_map map_of(bool alarms)
{
    static const char columns[][FEED_NAME_MAX] = {
        [FEED_SITE] = "site", [FEED_SERVICE] = "service", [FEED_STATE] = "state",
        [FEED_TIME] = "at",   [FEED_CLEARED] = "end",     [FEED_CAUSE] = "cause",
        [FEED_TEXT] = "text"};
    struct feed_map map = {
        .word =
            {[FEED_UP] = {1, {"up"}}, [FEED_DOWN] = {1, {"down"}}, [FEED_POWER] = {1, {"power"}}},
        .content = alarms ? FEED_ALARMS : FEED_STATES,
        .zone_min = 420,
        .period_ms = 5 * MINUTE,
        .ttl_ms = 11 * MINUTE,
        .max_age_ms = 60 * MINUTE};
    memcpy(map.column, columns, sizeof columns);
    if (!alarms)
        map.column[FEED_CLEARED][0] = '\0';
    return map;
}

static void accept_packs(const struct feed_packs *packs)
{
    struct body body;
    struct reason why;
    struct pack_reader reader;
    check(body_read(feed_packs_at(packs, 0), now, &body, &why) == 0, "the list can be read");
    body_done(&body);
    check(pack_reader_init(&reader) == 0, "memory");
    for (size_t i = 1; i < packs->ends.len; i++)
        check(pack_reader_read(&reader, feed_packs_at(packs, i), PACK_STREAM, now, &why) == 0,
              "a pack can be read");
    pack_reader_done(&reader);
}

static void read_table(const struct feed_map *map, const struct inventory *inv, struct slice text)
{
    struct feed_sheet sheet;
    struct feed_packs packs;
    struct feed_source source = {map, inv, 0, "f", text, now};
    struct feed_voice voice = {map, inv, 0, now, 0, 1};
    feed_sheet_init(&sheet);
    feed_packs_init(&packs);
    if (feed_read(&source, &sheet) == 0) {
        check(sheet.refused <= sheet.rows, "refused rows are some of all");
        check(!sheet.refused || sheet.complaints.len, "a refused row has a sentence");
        check(feed_packs_write(&voice, &sheet, &packs) == 0, "what was taken can be written");
        accept_packs(&packs);
    } else {
        check(sheet.complaints.len > 0, "a refused table has a sentence");
    }
    feed_packs_done(&packs);
    feed_sheet_done(&sheet);
}

static struct feed_map map_of_cover(void)
{
    static const char columns[][FEED_NAME_MAX] = {
        [FEED_SITE] = "site", [FEED_SERVICE] = "service", [FEED_AREA] = "area",
        [FEED_FROM] = "from", [FEED_TO] = "to",           [FEED_REASON] = "text"};
    struct feed_map map = {.content = FEED_COVER, .zone_min = 420};
    memcpy(map.column, columns, sizeof columns);
    return map;
}

/* The inventory with what the sheet says; NULL = no other than before. */
static struct inventory *with_cover(const struct inventory *inv, const struct feed_sheet *sheet)
{
    struct inventory_cover_row *rows = calloc(sheet->covers.len + 1, sizeof *rows);
    struct inventory *fresh = NULL;
    check(rows != NULL, "memory");
    for (size_t i = 0; i < sheet->covers.len; i++) {
        const struct feed_cover *c = vec_at(&sheet->covers, i);
        rows[i] = (struct inventory_cover_row){c->unit, c->area, c->valid, c->unsaid,
                                               sheet->texts.data + c->text};
    }
    const struct inventory_cover_table table = {"f", now, rows, sheet->covers.len};
    check(inventory_cover(inv, &table, &fresh) == 0, "what was taken can be kept");
    free(rows);
    return fresh;
}

static void read_cover(const struct inventory *inv, struct slice text)
{
    struct feed_map map = map_of_cover();
    struct feed_sheet sheet;
    struct feed_source source = {&map, inv, 0, "f", text, now};
    feed_sheet_init(&sheet);
    if (feed_cover_read(&source, &sheet) == 0) {
        struct inventory *fresh = with_cover(inv, &sheet);
        check(!sheet.refused || sheet.complaints.len, "a refused row has a sentence");
        check(!fresh == (sheet.covers.len == 0), "rows are kept");
        check(!fresh || !with_cover(fresh, &sheet), "the same again changes nothing");
        inventory_free(fresh);
    } else {
        check(sheet.complaints.len > 0, "a refused table has a sentence");
    }
    feed_sheet_done(&sheet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct inventory *inv;
    struct buf text;
    unsigned line = 0;
    if (size == 0)
        return 0;
    if (!inv)
        inv = load();
    struct feed_map map = map_of(data[0] == '0');
    struct slice bytes = {(const char *)data + 1, size - 1};
    buf_init(&text, TEXT_MAX);
    if (feed_text_read(bytes, FEED_AUTO, &text, &line) == 0)
        data[0] == 'c' ? read_cover(inv, (struct slice){text.data, text.len})
                       : read_table(&map, inv, (struct slice){text.data, text.len});
    buf_done(&text);
    return 0;
}
