#include "folder.h"

#include "base/err.h"
#include "io/file.h"

#include <stdio.h>

enum { FILE_MAX = 256 << 20, ZONE_MIN = 420 };

static const char *const TABLES[] = {"areas",   "operators",    "sites",  "units",   "serves",
                                     "depends", "declarations", "probes", "declared"};

enum { N_TABLES = sizeof TABLES / sizeof *TABLES };

static void complain(void *context, const char *message)
{
    buf_printf(context, "%s\n", message);
}

/* A missing table is an empty one. */
static int read_table(const char *folder, const char *table, struct buf *bytes,
                      struct buf *complaints)
{
    char name[64];
    char path[FILE_PATH_MAX];
    snprintf(name, sizeof name, "%s.csv", table);
    int err = file_join(path, folder, name);
    if (!err)
        err = file_read(path, bytes);
    if (err && err != ERR_NOT_FOUND)
        buf_printf(complaints, "%s/%s: %s\n", folder, name, err_text(err));
    return err == ERR_NOT_FOUND ? 0 : err;
}

int folder_read(const char *folder, struct wall_ms now, struct buf *complaints,
                struct inventory **ret_inventory)
{
    struct buf bytes[N_TABLES];
    struct inventory_file files[N_TABLES];
    size_t n = 0;
    int err = 0;
    for (size_t i = 0; i < N_TABLES; i++) {
        buf_init(&bytes[i], FILE_MAX);
        int failed = read_table(folder, TABLES[i], &bytes[i], complaints);
        err = err ? err : failed;
        if (bytes[i].data)
            files[n++] =
                (struct inventory_file){TABLES[i], TABLES[i], {bytes[i].data, bytes[i].len}};
    }
    if (!err && n == 0) {
        buf_printf(complaints, "%s: no inventory here\n", folder);
        err = ERR_NOT_FOUND;
    }
    if (!err)
        err = inventory_load(NULL, files, n, now, ZONE_MIN, complain, complaints, ret_inventory);
    for (size_t i = 0; i < N_TABLES; i++)
        buf_done(&bytes[i]);
    return err;
}
