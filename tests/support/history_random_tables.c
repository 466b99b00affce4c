#include "history_random.h"

#include "base/buf.h"

#include <stdlib.h>

/** True in @p percent of the cases. */
static bool chance(struct rng *rng, unsigned percent)
{
    return rng_below(rng, 100) < percent;
}

/** An instant as a cell of a table. The span of a history is far below one hour. */
static void put_instant(struct buf *out, int64_t ms)
{
    buf_printf(out, "2026-03-01T00:%02d:%02d.%03dZ", (int)(ms / 60000), (int)(ms / 1000 % 60),
               (int)(ms % 1000));
}

static void put_maybe_instant(struct buf *out, struct rng *rng, unsigned percent, int64_t from,
                              int64_t span)
{
    if (chance(rng, percent))
        put_instant(out, from + (int64_t)rng_below(rng, (uint64_t)span));
}

static void add(struct history *h, const char *table, struct buf *text)
{
    if (text->err)
        abort();
    history_table(h, table, text->data);
    buf_done(text);
}

/** Villages may move to the other commune, or begin and end, from one load to the next. */
static void add_areas(struct history *h, struct rng *rng, int64_t span)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    buf_str(&out,
            "id,parent,level,name,population,households,year,valid_from,valid_to\n"
            "P,,province,P,,,2019,,\nC1,P,commune,C1,1000,300,2019,,\nC2,P,commune,C2,,,2019,,\n"
            "V1,C1,village,V1,100,30,2019,,\n");
    for (int i = 2; i <= 4; i++) {
        buf_printf(&out, "V%d,C%d,village,V%d,%d,%d,%d,", i, chance(rng, 50) ? 1 : 2, i, i * 90,
                   i * 20, 2019 + i);
        put_maybe_instant(&out, rng, 10, 0, span / 2);
        buf_char(&out, ',');
        put_maybe_instant(&out, rng, 10, span / 2, span / 2);
        buf_char(&out, '\n');
    }
    add(h, "areas", &out);
}

static void add_places(struct history *h)
{
    history_table(h, "operators", "id,name\na,A\nb,B\n");
    history_table(h, "sites",
                  "id,code,name,kind,area\nS1,S1,S1,bts,V1\nS2,S2,S2,bts,C1\nS3,S3,S3,fibre,C2\n"
                  "S4,S4,S4,bts,C2\nL1,L1,L1,link,C1\nF1,F1,F1,feeder,C1\nN1,N1,N1,network,C2\n");
}

/** The units that every random inventory has. */
static const struct {
    const char *site, *service, *op;
} units[] = {{"S1", "5g", "a"},   {"S1", "4g", "a"},    {"S1", "4g", "b"}, {"S2", "4g", "a"},
             {"S2", "3g", "b"},   {"S3", "fibre", "a"}, {"S4", "4g", "b"}, {"L1", "link", ""},
             {"F1", "power", ""}, {"N1", "net", ""}};

enum { UNITS = sizeof units / sizeof *units };

static void add_units(struct history *h, struct rng *rng, int64_t span)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    buf_str(&out, "site,service,operator,commissioned,decommissioned,anchor\n");
    for (size_t i = 0; i < UNITS; i++) {
        buf_printf(&out, "%s,%s,%s,", units[i].site, units[i].service, units[i].op);
        put_maybe_instant(&out, rng, 15, 0, span / 2);
        buf_char(&out, ',');
        put_maybe_instant(&out, rng, 15, span / 2, span / 2);
        buf_printf(&out, ",%s\n", i == 0 && chance(rng, 60) ? "4g@a" : "");
    }
    add(h, "units", &out);
}

static void add_serves(struct history *h, struct rng *rng, int64_t span)
{
    static const char *const areas[] = {"V1", "V2", "V3", "V4", "C1", "C2"};
    struct buf out;
    buf_init(&out, 1 << 16);
    buf_str(&out, "site,service,operator,area,from,to\n");
    for (size_t i = 0; i < 7; i++)
        for (size_t k = 0; k < 6; k++) {
            if (!chance(rng, 30))
                continue;
            buf_printf(&out, "%s,%s,%s,%s,", units[i].site, units[i].service, units[i].op,
                       areas[k]);
            put_maybe_instant(&out, rng, 20, 0, span / 2);
            buf_char(&out, ',');
            put_maybe_instant(&out, rng, 20, span / 2, span / 2);
            buf_char(&out, '\n');
        }
    add(h, "serves", &out);
}

static void add_depends(struct history *h, struct rng *rng)
{
    static const char *const rows[] = {
        "S1,L1,transport,g",     "S1,N1,transport,g", "S1,F1,power,",
        "S2,S1/4g@a,transport,", "S2,L1,power,x",     "S2,F1/power,transport,x",
        "S3,L1,transport,",      "L1,F1,power,",      "N1,F1,power,"};
    struct buf out;
    buf_init(&out, 1 << 16);
    buf_str(&out, "child,on,kind,group\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (chance(rng, 45))
            buf_printf(&out, "%s\n", rows[i]);
    add(h, "depends", &out);
}

static void add_declarations(struct history *h, struct rng *rng, int64_t span)
{
    static const char *const targets[] = {"S1", "S1/4g@a", "S2", "S2/3g@b", "L1", "S3", "F1"};
    struct buf out;
    buf_init(&out, 1 << 16);
    buf_str(&out, "target,kind,from,to,reason\n");
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        if (!chance(rng, 25))
            continue;
        int64_t from = (int64_t)rng_below(rng, (uint64_t)span);
        buf_printf(&out, "%s,%s,", targets[i], chance(rng, 60) ? "maintenance" : "asleep");
        put_instant(&out, from);
        buf_char(&out, ',');
        put_instant(&out, from + 1 + (int64_t)rng_below(rng, (uint64_t)span / 3));
        buf_str(&out, ",test\n");
    }
    add(h, "declarations", &out);
}

enum { FIRST_FEED = 5 }; /* of the probes these may pass on an operator's word */

static void add_probes(struct history *h, struct rng *rng, int64_t span)
{
    static const struct {
        const char *probe, *site, *also;
    } rows[] = {{"p1", "S1", ""},   {"p2", "S1", "S2"},    {"p3", "S2", ""},     {"p4", "L1", ""},
                {"p5", "F1", "S1"}, {"p6", "N1", "S1 S3"}, {"p7", "N1", "L1 S1"}};

    struct buf out;
    buf_init(&out, 1 << 16);
    buf_str(&out, "probe,site,also,valid_to,feed\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_printf(&out, "%s,%s,%s,", rows[i].probe, rows[i].site,
                   chance(rng, 90) ? rows[i].also : "");
        put_maybe_instant(&out, rng, 8, span / 2, span / 2);
        buf_printf(&out, ",%s\n", i >= FIRST_FEED && chance(rng, 50) ? "a" : "");
    }
    add(h, "probes", &out);
}

void history_random_tables(struct history *h, struct rng *rng, int64_t span_ms)
{
    add_areas(h, rng, span_ms);
    add_places(h);
    add_units(h, rng, span_ms);
    add_serves(h, rng, span_ms);
    add_depends(h, rng);
    add_declarations(h, rng, span_ms);
    add_probes(h, rng, span_ms);
}
