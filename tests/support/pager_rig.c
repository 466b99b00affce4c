#include "pager_rig.h"

#include "core/rule_trial.h"
#include "memory_rows.h"
#include "sample_inventory.h"
#include "unit.h"

#include <string.h>

enum { TEXT_MAX = 1 << 22, COMMUNES = 10 };

static const int64_t ZONE_MS = INT64_C(7) * 3600 * 1000;

const struct wall_ms PAGER_RIG_START = {INT64_C(1795280400000)};

/* A made-up province: COMMUNES communes of `masts` masts each; the first eight hang on link-1. */
static struct inventory *province(int masts)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    buf_str(&text, "[areas]\nid,parent,level,name,population,households,year,lat,lon,valid_from,"
                   "valid_to,successor\np,,province,Tỉnh,,,2019,11.6,108.9,,,\n"
                   "d,p,district,Huyện,,,2019,11.6,108.9,,,\n"
                   "c9,d,commune,Xã 9,,,2019,11.6,108.9,2026-11-23,,\n");
    for (int c = 0; c < COMMUNES; c++)
        buf_printf(&text,
                   "c%d,p,commune,Xã %d,,,2019,11.6,108.9,,%s,\n"
                   "v%d,c%d,village,Thôn %d,100,25,2019,11.6,108.9,,,\n",
                   c, c, c == 9 ? "2026-11-23" : "", c, c, c);
    buf_str(&text, "[operators]\nid,name,noc_phone,contact\na,A,,\nb,B,,\n[sites]\nid,code,name,"
                   "kind,area,lat,lon,criticality\n");
    for (int i = 0; i < COMMUNES * masts; i++)
        buf_printf(&text, "m%d,,Trạm %d,bts,c%d,11.6,108.9,%s\n", i, i, i / masts,
                   i == 3 ? "high" : "");
    buf_str(&text, "link-1,,Tuyến Một,link,p,,,\n[units]\nsite,service,operator,commissioned,"
                   "decommissioned,anchor\nlink-1,link,,,,\n");
    for (int i = 0; i < COMMUNES * masts; i++)
        buf_printf(&text, "m%d,4g,%s,,,\n", i, i % 2 ? "b" : "a");
    buf_str(&text, "[serves]\nsite,service,operator,area,from,to\n");
    for (int i = 0; i < COMMUNES * masts; i++)
        buf_printf(&text, "m%d,4g,%s,v%d,,\n", i, i % 2 ? "b" : "a", i / masts);
    buf_str(&text, "[depends]\nchild,on,kind,group\n");
    for (int i = 0; i < 8; i++)
        buf_printf(&text, "m%d,link-1,transport,\n", i);
    buf_str(&text, "[probes]\nprobe,site,also,valid_to\npl,link-1,,\n");
    for (int i = 0; i < COMMUNES * masts; i++)
        buf_printf(&text, "p%d,m%d,,\n", i, i);
    buf_str(&text, "[declared]\narea,indicator,numerator,denominator,as_of,source\n"
                   "p,4g_population,1000,1000,2025-12-31,Sở\n");
    assert_int_equal(text.err, 0);
    struct inventory *inv = sample_inventory(NULL, text.data, PAGER_RIG_START.ms - 86400000);
    buf_done(&text);
    return inv;
}

/* One rule for what is down, told to one target with the usual cap. */
static void usual_rules(struct rules *rules)
{
    rules_init(rules);
    rules->len = 1;
    rules->rule[0] = (struct rule){.name = "out",
                                   .condition = RULE_DOWN,
                                   .severity = SEVERITY_CRITICAL,
                                   .scope = {.kind = RULE_ANY_KIND},
                                   .keep_ms = 120000,
                                   .targets = 1};
    rules->targets = 1;
    rules->target[0] = (struct rule_target){.name = "shift",
                                            .least = SEVERITY_INDETERMINATE,
                                            .cap = 10,
                                            .window_ms = 600000,
                                            .fallback = -1};
}

static struct centre *new_centre(struct inventory *inv)
{
    struct centre_options options = {.world = world_options_default(),
                                     .will_hold_ms = 15000,
                                     .derived = {.zone_ms = ZONE_MS, .max = 1 << 16},
                                     .measured = measured_options_default(),
                                     .minutes_back_ms = CENTRE_MINUTES_BACK_MS};
    struct centre *centre = centre_new(inv, &options);
    assert_non_null(centre);
    return centre;
}

void pager_rig_open(struct pager_rig *f, int masts)
{
    *f = (struct pager_rig){.masts = masts, .start = PAGER_RIG_START};
    buf_init(&f->out, TEXT_MAX);
    f->centre = new_centre(province(masts));
    f->pager = pager_new(f->centre, ZONE_MS);
    assert_non_null(f->pager);
    usual_rules(&f->rules);
}

void pager_rig_close(struct pager_rig *f)
{
    pager_free(f->pager);
    centre_free(f->centre);
    buf_done(&f->out);
}

const char *pager_rig_told(struct pager_rig *f, const char *story)
{
    assert_int_equal(pager_set_rules(f->pager, &f->rules), 0);
    int err = rule_trial_run(f->centre, f->pager, f->start, "story", slice_of(story), &f->out);
    if (err)
        fail_msg("%s", f->out.data ? f->out.data : "no memory");
    return f->out.data ? f->out.data : "";
}

size_t pager_rig_lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

void pager_rig_restart(struct pager_rig *f)
{
    struct memory_rows rows;
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    assert_int_equal(centre_save(f->centre, &sink), 0);
    assert_int_equal(pager_save(f->pager, &sink), 0);
    struct wall_ms now = world_now(f->centre->world);
    pager_free(f->pager);
    centre_free(f->centre);
    f->centre = new_centre(province(f->masts));
    f->pager = pager_new(f->centre, ZONE_MS);
    assert_int_equal(pager_set_rules(f->pager, &f->rules), 0);
    for (size_t i = 0; i < rows.rows.len; i++) {
        const struct memory_row *row = vec_at(&rows.rows, i);
        struct slice key = {row->key, row->key_len}, value = {row->value, row->value_len};
        if (row->kind == ROW_ALERT || row->kind == ROW_PAGE || row->kind == ROW_BASELINE)
            assert_int_equal(pager_load(f->pager, row->kind, key, value), 0);
        else if (row->kind < ROW_ARCHIVE)
            assert_int_equal(centre_load(f->centre, row->kind, key, value), 0);
    }
    assert_int_equal(centre_loaded(f->centre), 0);
    assert_int_equal(centre_advance(f->centre, now), 0);
    assert_int_equal(pager_loaded(f->pager), 0);
    assert_int_equal(pager_advance(f->pager, now), 0);
    memory_rows_done(&rows);
}
