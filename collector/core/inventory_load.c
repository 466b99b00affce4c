/* One load from beginning to end: read the files in the order of their dependence, hold the rows
 * against each other, join them with what was in force. */
#include "core/inventory_accept.h"
#include "core/inventory_check.h"
#include "core/inventory_cover.h"
#include "core/inventory_merge.h"
#include "core/inventory_read.h"

#include "base/err.h"

#include <stdio.h>

static const struct inventory_file *file_of(const struct inventory_file *files, size_t n,
                                            enum inventory_table_number table)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(files[i].table, inventory_table(table)->name) == 0)
            return &files[i];
    return NULL;
}

static bool names_a_table(const struct inventory_file *file)
{
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        if (strcmp(file->table, inventory_table(i)->name) == 0)
            return true;
    return false;
}

/* Files that say they are a table nobody knows, or one that another file is already. */
static void check_files(struct inventory_reader *r, const struct inventory_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char message[256];
        const struct inventory_file *first = file_of(files, i, TABLE_AREAS);
        for (unsigned t = 0; !first && t < TABLE_COUNT; t++)
            if (strcmp(files[i].table, inventory_table(t)->name) == 0)
                first = file_of(files, i, t);
        bool twice = first && strcmp(first->table, files[i].table) == 0;
        if (names_a_table(&files[i]) && !twice)
            continue;
        snprintf(message, sizeof message, "%s:1: \"%s\" %s", files[i].path, files[i].table,
                 twice ? "is another file's table already" : "is no table of the inventory");
        r->complaints++;
        r->complain(r->context, message);
    }
}

static int read_files(struct inventory_reader *r, const struct inventory *old,
                      const struct inventory_file *files, size_t n)
{
    int err = old ? inventory_continue(r->inv, old) : 0;
    if (err == 0)
        err = inventory_index(r->inv);
    if (err != 0)
        return err;
    check_files(r, files, n);
    for (unsigned i = 0; r->err == 0 && i < TABLE_COUNT; i++) {
        const struct inventory_file *file = file_of(files, n, i);
        if (file)
            inventory_read_file(r, i, file);
    }
    if (r->err != 0)
        return r->err;
    inventory_rows_sort(r->inv);
    inventory_check_chain_probes(r->inv);
    err = inventory_index(r->inv);
    return err ? err : inventory_check(r);
}

int inventory_load(const struct inventory *old, const struct inventory_file *files, size_t n,
                   struct wall_ms reload, int zone_min, inventory_complain *complain, void *context,
                   struct inventory **ret_new)
{
    struct inventory_reader r = {.inv = inventory_new(),
                                 .zone_min = zone_min,
                                 .reload = reload,
                                 .complain = complain,
                                 .context = context};
    if (!r.inv)
        return ERR_NOMEM;
    inventory_read_init(&r);
    int err = read_files(&r, old, files, n);
    if (err == 0 && r.complaints > 0)
        err = ERR_SYNTAX;
    if (err == 0 && old)
        inventory_accept_continue(r.inv, old);
    if (err == 0 && old)
        err = inventory_cover_continue(r.inv, old);
    if (err == 0)
        err = inventory_merge(old, r.inv, reload, ret_new);
    inventory_read_done(&r);
    inventory_free(r.inv);
    return err;
}
