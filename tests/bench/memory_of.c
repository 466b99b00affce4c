#include "memory_of.h"

#include "io/file.h"
#include "load.h"

#include <stdio.h>
#include <stdlib.h>

enum { TABLES = 6, FILE_MAX = 256 << 20, THINGS_MAX = 1 << 24, ZONE_MIN = 420 };

static const char *const TABLE[TABLES] = {"areas", "operators", "sites",
                                          "units", "serves",    "probes"};

static void die(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static void complain(void *context, const char *message)
{
    (void)context;
    fprintf(stderr, "bench: %s\n", message);
}

struct centre *memory_of_inventory(const char *folder)
{
    struct buf bytes[TABLES];
    char path[TABLES][FILE_PATH_MAX];
    struct inventory_file files[TABLES];
    for (size_t i = 0; i < TABLES; i++) {
        snprintf(path[i], sizeof path[i], "%s/%s.csv", folder, TABLE[i]);
        buf_init(&bytes[i], FILE_MAX);
        if (file_read(path[i], &bytes[i]) != 0)
            die(path[i]);
        files[i] = (struct inventory_file){path[i], TABLE[i], {bytes[i].data, bytes[i].len}};
    }
    struct inventory *inv = NULL;
    if (inventory_load(NULL, files, TABLES, (struct wall_ms){0}, ZONE_MIN, complain, NULL, &inv) !=
        0)
        die("the inventory is wrong");
    for (size_t i = 0; i < TABLES; i++)
        buf_done(&bytes[i]);
    struct centre_options options = {
        .world = world_options_default(),
        .will_hold_ms = SESSION_WILL_HOLD_MS,
        .derived = {.late_ms = 45000, .zone_ms = ZONE_MIN * 60000, .max = THINGS_MAX}};
    struct centre *c = centre_new(inv, &options);
    if (!c)
        die("no memory");
    return c;
}

static uint32_t number_of(const struct names *names, const char *text)
{
    uint32_t number = names_find(names, slice_of(text));
    if (number == NAMES_NONE)
        die("the inventory is not the bench's");
    return number;
}

uint32_t memory_of_site(const struct centre *c, uint32_t n)
{
    char name[LOAD_NAME_MAX];
    load_site(n, name);
    return number_of(&c->inventory->sites, name);
}

uint32_t memory_of_probe(const struct centre *c, uint32_t n)
{
    char name[LOAD_NAME_MAX];
    load_probe(n, name);
    return number_of(&c->inventory->probes, name);
}

uint32_t memory_of_unit(const struct centre *c, uint32_t n, unsigned i)
{
    uint32_t unit = inventory_find_unit(c->inventory, memory_of_site(c, n), slice_of(load_unit(i)));
    if (unit == INV_NONE)
        die("the inventory is not the bench's");
    return unit;
}
