/* The files of the inventory: any bytes as any table, beside a small right inventory, loaded twice.
 * What is accepted must be readable everywhere, and a second load of the same must change nothing.
 */
#include "check.h"
#include "core/coverage.h"
#include "core/inventory_store.h"
#include "core/inventory_tree.h"

#include <string.h>

static const char *const base_tables[][2] = {
    {"operators", "id,name\na,A\n"},
    {"areas", "id,parent,level,name,population\np,,province,P,9\nv,p,village,V,5\n"},
    {"sites", "id,kind,area\ns,bts,p\nl,link,p\n"},
    {"units", "site,service,operator,anchor\ns,4g,a,\ns,5g,a,4g\nl,link,,\n"},
    {"serves", "site,service,operator,area\ns,4g,a,v\n"},
    {"depends", "child,on,kind\ns,l,transport\n"},
    {"declarations", "target,kind,from,to\ns,asleep,2026-01-01,2026-01-02\n"},
    {"probes", "probe,site,also\np1,s,l\n"},
    {"declared", "area,indicator,numerator,as_of\np,x,1,2022\n"},
};

enum { TABLES = sizeof base_tables / sizeof *base_tables };

static void count(void *context, const char *message)
{
    check(strchr(message, ':') != NULL, "a complaint names a place");
    ++*(unsigned *)context;
}

static struct inventory *load(const struct inventory *old, unsigned table, struct slice bytes,
                              int64_t reload_ms)
{
    struct inventory_file files[TABLES];
    struct inventory *inv = NULL;
    unsigned complaints = 0;
    for (unsigned i = 0; i < TABLES; i++)
        files[i] = (struct inventory_file){base_tables[i][0], base_tables[i][0],
                                           i == table ? bytes : slice_of(base_tables[i][1])};
    int err = inventory_load(old, files, TABLES, (struct wall_ms){reload_ms}, 420, count,
                             &complaints, &inv);
    check(!err == !complaints, "a refusal has a complaint");
    check(!err == !!inv, "only a right load gives an inventory");
    return inv;
}

static int refuse_put(void *context, uint8_t kind, struct slice key, struct slice value)
{
    (void)kind;
    (void)key;
    (void)value;
    ++*(unsigned *)context;
    return 0;
}

static int refuse_drop(void *context, uint8_t kind, struct slice key)
{
    return refuse_put(context, kind, key, key);
}

static void read_everything(const struct inventory *inv)
{
    struct wall_ms t = {1790000000000};
    for (uint32_t site = 0; site < inv->sites.len; site++) {
        size_t n;
        inventory_site_units(inv, site, &n);
        inventory_declarations(inv, site, &n);
        inventory_depends(inv, site, &n);
        inventory_find_unit(inv, site, slice_of("4g"));
    }
    struct coverage *c = coverage_new(inv, t);
    check(c != NULL, "coverage can be made");
    struct unit_view up = {.state = STATE_UP, .beneath = STATE_UP};
    for (uint32_t unit = 0; unit < inv->units.len; unit++)
        coverage_unit(c, unit, &up);
    for (uint32_t area = 0; area < inv->areas.len; area++) {
        struct coverage_figure f = coverage_figure(c, area, TECHNOLOGY_MOBILE, COVERAGE_ANY);
        check(f.live.villages >= 0 && f.live.villages + f.unknown.villages <= f.total.villages,
              "live and unknown villages are some of all");
    }
    coverage_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    unsigned table = (data[0] + TABLES - (unsigned)'0' % TABLES) % TABLES; /* "0" is the first */
    struct slice bytes = {(const char *)data + 1, size - 1};
    struct inventory *first = load(NULL, table, bytes, 1790000000000);
    if (!first)
        return 0;
    struct inventory *again = load(first, table, bytes, 1790000000001);
    check(again != NULL, "what was right is right again");
    unsigned changes = 0;
    struct row_sink sink = {&changes, refuse_put, refuse_drop, NULL};
    check(inventory_save(again, first, &sink) == 0, "it can be saved");
    check(changes == 0, "the same files change nothing");
    read_everything(again);
    inventory_free(first);
    inventory_free(again);
    return 0;
}
