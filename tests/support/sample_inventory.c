#include "sample_inventory.h"

#include "base/buf.h"
#include "base/iso.h"
#include "unit.h"

#include <string.h>

enum { TABLES_MAX = 16, PATH_MAX_LEN = 32, MESSAGES_MAX = 1 << 20 };

const char *const sample_province =
    "[areas]\n"
    "id,parent,level,name,population,households,year,lat,lon,valid_from,valid_to,successor\n"
    "p,,province,Tỉnh,1000,250,2019,11.6,108.9,,,\n"
    "c1,p,commune,Xã Một,300,75,2019,11.6,108.9,,,\n"
    "c2,p,commune,Xã Hai,700,175,2019,11.6,108.9,,,\n"
    "v11,c1,village,Thôn Một,100,25,2019,11.61,108.91,,,\n"
    "v12,c1,village,Thôn Hai,200,50,2019,11.62,108.92,,,\n"
    "v21,c2,village,Thôn Ba,300,75,2019,11.63,108.93,,,\n"
    "v22,c2,village,Thôn Bốn,400,100,2019,11.64,108.94,,,\n"
    "[operators]\n"
    "id,name,noc_phone,contact\n"
    "a,Nhà mạng A,0900000001,\n"
    "b,Nhà mạng B,0900000002,\n"
    "[sites]\n"
    "id,code,name,kind,area,lat,lon\n"
    "bts-1,BTS01,Trạm Một,bts,c1,11.6,108.9\n"
    "bts-2,BTS02,Trạm Hai,bts,c2,11.6,108.9\n"
    "bts-3,BTS03,Trạm Ba,bts,c2,11.6,108.9\n"
    "link-1,,Tuyến Một,link,p,,\n"
    "feeder-1,,Lộ Một,feeder,p,,\n"
    "[units]\n"
    "site,service,operator,commissioned,decommissioned,anchor\n"
    "bts-1,4g,a,,,\n"
    "bts-1,5g,a,,,4g@a\n"
    "bts-1,4g,b,,,\n"
    "bts-2,4g,a,,,\n"
    "bts-3,4g,b,,,\n"
    "bts-3,fibre,b,,,\n"
    "link-1,link,,,,\n"
    "feeder-1,feeder,,,,\n"
    "[serves]\n"
    "site,service,operator,area,from,to\n"
    "bts-1,4g,a,v11,,\n"
    "bts-1,4g,a,v12,,\n"
    "bts-1,5g,a,v11,,\n"
    "bts-1,5g,a,v12,,\n"
    "bts-1,4g,b,v11,,\n"
    "bts-2,4g,a,v21,,\n"
    "bts-2,4g,a,v22,,\n"
    "bts-3,4g,b,c2,,\n"
    "bts-3,fibre,b,c2,,\n"
    "[depends]\n"
    "child,on,kind,group\n"
    "bts-1,link-1,transport,\n"
    "bts-1,feeder-1,power,\n"
    "[probes]\n"
    "probe,site,also,valid_to\n"
    "p1,bts-1,bts-2,\n"
    "p2,bts-2,,\n"
    "p3,bts-3,,\n"
    "p-link,link-1,,\n";

struct tables {
    struct inventory_file files[TABLES_MAX];
    char names[TABLES_MAX][PATH_MAX_LEN];
    char paths[TABLES_MAX][PATH_MAX_LEN + 4];
    size_t n;
};

static const char *next_header(const char *text)
{
    if (*text == '[')
        return text;
    const char *found = strstr(text, "\n[");
    return found ? found + 1 : NULL;
}

/* "[areas]\nrows[sites]\nrows" becomes two files; the rows stay where they are. */
static void split(const char *text, struct tables *t)
{
    t->n = 0;
    for (const char *at = next_header(text); at; t->n++) {
        assert_true(t->n < TABLES_MAX);
        const char *end = strstr(at, "]\n");
        assert_non_null(end);
        size_t len = (size_t)(end - at) - 1;
        assert_true(len < PATH_MAX_LEN);
        memcpy(t->names[t->n], at + 1, len);
        t->names[t->n][len] = '\0';
        memcpy(t->paths[t->n], at + 1, len);
        memcpy(t->paths[t->n] + len, ".csv", sizeof ".csv");
        const char *rows = end + 2;
        at = next_header(rows);
        size_t bytes = at ? (size_t)(at - rows) : strlen(rows);
        t->files[t->n] = (struct inventory_file){t->paths[t->n], t->names[t->n], {rows, bytes}};
    }
}

static void note(void *context, const char *message)
{
    struct buf *messages = context;
    buf_str(messages, message);
    buf_char(messages, '\n');
}

static int load(const struct inventory *old, const char *text, int64_t reload_ms,
                struct buf *messages, struct inventory **ret)
{
    static struct tables tables;
    split(text, &tables);
    buf_init(messages, MESSAGES_MAX);
    return inventory_load(old, tables.files, tables.n, (struct wall_ms){reload_ms}, SAMPLE_ZONE_MIN,
                          note, messages, ret);
}

struct inventory *sample_inventory(const struct inventory *old, const char *text, int64_t reload_ms)
{
    struct buf messages;
    struct inventory *inv = NULL;
    int err = load(old, text, reload_ms, &messages, &inv);
    if (err != 0)
        print_error("%s", messages.len ? messages.data : "no message\n");
    assert_int_equal(err, 0);
    buf_done(&messages);
    return inv;
}

char *sample_inventory_refused(const struct inventory *old, const char *text, int64_t reload_ms)
{
    struct buf messages;
    struct inventory *inv = NULL;
    int err = load(old, text, reload_ms, &messages, &inv);
    inventory_free(inv);
    assert_int_not_equal(err, 0);
    assert_null(inv);
    assert_non_null(messages.data);
    return messages.data;
}

static uint32_t number(const struct names *names, const char *name)
{
    uint32_t found = names_find(names, slice_of(name));
    if (found == NAMES_NONE)
        fail_msg("no \"%s\" in the sample", name);
    return found;
}

uint32_t sample_area(const struct inventory *inv, const char *id)
{
    return number(&inv->areas, id);
}

uint32_t sample_site(const struct inventory *inv, const char *id)
{
    return number(&inv->sites, id);
}

uint32_t sample_unit(const struct inventory *inv, const char *name)
{
    return number(&inv->units, name);
}

uint32_t sample_probe(const struct inventory *inv, const char *id)
{
    return number(&inv->probes, id);
}

uint32_t sample_operator(const struct inventory *inv, const char *id)
{
    return number(&inv->operators, id);
}

int64_t sample_ms(const char *iso)
{
    struct wall_ms t;
    assert_int_equal(iso_parse(slice_of(iso), SAMPLE_ZONE_MIN, &t), 0);
    return t.ms;
}
