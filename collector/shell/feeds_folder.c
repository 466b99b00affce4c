/* Configuration files of feeds: a folder of NAME.yaml. */
#include "shell/feeds_own.h"

#include "base/err.h"
#include "wire/checklist.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char ENDING[] = ".yaml";

static bool name_of(const char *file, char name[TOPIC_NAME_MAX + 1])
{
    size_t len = strlen(file), tail = strlen(ENDING);
    if (file[0] == '.' || len <= tail || len - tail > TOPIC_NAME_MAX ||
        strcmp(file + len - tail, ENDING) != 0)
        return false;
    snprintf(name, TOPIC_NAME_MAX + 1, "%.*s", (int)(len - tail), file);
    return topic_name_ok(slice_of(name));
}

static int read_one(struct feeds *f, const char *folder, const char *file, int zone_min,
                    struct buf *out)
{
    char path[FILE_PATH_MAX], name[TOPIC_NAME_MAX + 1];
    struct conf_errors errors;
    if (!name_of(file, name))
        return 0;
    if (f->len == FEEDS_MAX)
        return ERR_FULL;
    struct feed *feed = calloc(1, sizeof *feed);
    if (!feed)
        return ERR_NOMEM;
    f->feed[f->len++] = feed;
    feed->owner = f;
    feed->view = (struct api_feed){.as_of = {INT64_MIN}, .taken = {INT64_MIN}};
    snprintf(feed->name, sizeof feed->name, "%s", name);
    buf_init(&feed->notes, 64 << 10);
    buf_init(&feed->shown_notes, 64 << 10);
    int err = file_join(path, folder, file);
    if (err)
        return err;
    err = feed_conf_read(path, zone_min, &feed->conf, &errors);
    if (err)
        buf_str(out, errors.text.data ? errors.text.data : err_text(err));
    conf_errors_done(&errors);
    return err;
}

static int by_name(const void *a, const void *b)
{
    const struct feed *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

int feeds_read_folder(struct feeds *f, const char *folder, int zone_min, struct buf *out)
{
    DIR *dir = folder[0] ? opendir(folder) : NULL;
    int err = 0;
    if (!folder[0])
        return 0;
    if (!dir) {
        err = err_from_errno(errno);
        buf_printf(out, "%s: %s\n", folder, err_text(err));
        return err;
    }
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        int wrong = read_one(f, folder, e->d_name, zone_min, out);
        err = err ? err : wrong;
    }
    closedir(dir);
    if (f->len > 1)
        qsort(f->feed, f->len, sizeof(struct feed *), by_name);
    return err;
}

/* One list holds so many checks; with all three causes a unit has three. */
static void check_room(const struct feed *feed, const struct inventory *inv, uint32_t op,
                       unsigned parts, struct wall_ms now, struct buf *out)
{
    unsigned causes = feed->conf.map.column[FEED_CAUSE][0] ? (1U << FEED_CAUSES) - 1 : 1U;
    for (unsigned part = 0; part < parts; part++) {
        struct feed_voice voice = {&feed->conf.map, inv, op, now, part, parts};
        size_t n = feed_packs_checks(&voice, causes);
        if (n > CHECKLIST_MAX)
            buf_printf(out,
                       "%s.yaml: %zu checks in part %u of %u, %d fit; add probes %s.2, %s.3 ... of "
                       "the same feed to probes.csv\n",
                       feed->name, n, part + 1, parts, CHECKLIST_MAX, feed->name, feed->name);
    }
}

int feeds_check(const char *folder, int zone_min, const struct inventory *inv, struct buf *out)
{
    struct feeds *f = calloc(1, sizeof *f);
    struct wall_ms now = {INT64_C(1) << 41}; /* beyond every date of commissioning */
    if (!f)
        return ERR_NOMEM;
    int err = feeds_read_folder(f, folder, zone_min, out);
    size_t before = out->len;
    for (size_t i = 0; !err && i < f->len; i++) {
        uint32_t probe[FEED_PARTS_MAX];
        char why[300];
        unsigned parts = feeds_probes(f->feed[i], inv, now, probe, why);
        if (parts == 0)
            buf_printf(out, "%s.yaml: %s\n", f->feed[i]->name, why);
        else if (f->feed[i]->conf.map.content != FEED_COVER)
            check_room(f->feed[i], inv, inventory_probe(inv, probe[0], now)->feed, parts, now, out);
    }
    feeds_free(f);
    return !err && out->len > before ? ERR_SYNTAX : err;
}
