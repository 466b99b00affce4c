#include "truth.h"

#include "base/err.h"
#include "io/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILES = 2 };

struct truth {
    const struct plan *plan;
    FILE *world;
    FILE *evidence;
    int8_t *known; /* by unit: cause while down, -1 up, -2 never written */
};

static int open_file(const char *folder, const char *name, FILE **ret_file)
{
    char path[FILE_PATH_MAX];
    int err = file_join(path, folder, name);
    if (err)
        return err;
    *ret_file = fopen(path, "we");
    return *ret_file ? 0 : err_from_errno(errno);
}

static const char *unit_text(const struct plan *plan, uint32_t unit)
{
    return names_text(&plan->inventory->units, unit);
}

static void put_check(FILE *file, const struct plan *plan, const struct plan_probe *p, size_t i)
{
    const struct plan_check *c = plan_check(plan, i);
    size_t n = 1;
    const uint32_t *units = &c->unit;
    if (c->unit == INV_NONE)
        units = inventory_site_units(plan->inventory, c->site, &n);
    fprintf(file, "%zu,%s,%s,%s,%s,%s,", i, names_text(&plan->inventory->probes, p->probe),
            c->site == p->site ? "own" : "other", c->name, role_word((int)c->role),
            cause_word((int)c->cause));
    for (size_t k = 0; k < n; k++)
        fprintf(file, "%s%s", k ? " " : "", unit_text(plan, units[k]));
    fputc('\n', file);
}

static int write_checks(const char *folder, const struct plan *plan)
{
    FILE *file;
    int err = open_file(folder, "checks.csv", &file);
    if (err)
        return err;
    fprintf(file, "number,probe,whose,name,role,cause,units\n");
    for (size_t p = 0; p < plan->probes.len; p++) {
        const struct plan_probe *probe = plan_probe(plan, p);
        for (uint32_t i = 0; i < probe->len; i++)
            put_check(file, plan, probe, probe->first + i);
    }
    err = ferror(file) ? ERR_IO : 0;
    return fclose(file) ? ERR_IO : err;
}

static int write_units(const char *folder, const struct plan *plan)
{
    FILE *file;
    int err = open_file(folder, "units.csv", &file);
    if (err)
        return err;
    fprintf(file, "unit,site,anchor\n");
    for (uint32_t unit = 0; unit < plan->inventory->units.len; unit++) {
        const struct unit_row *row = inventory_unit(plan->inventory, unit, plan->at);
        uint32_t site = inventory_unit_id(plan->inventory, unit)->site;
        fprintf(file, "%s,%s,%s\n", unit_text(plan, unit),
                names_text(&plan->inventory->sites, site),
                row && row->anchor != INV_NONE ? unit_text(plan, row->anchor) : "");
    }
    err = ferror(file) ? ERR_IO : 0;
    return fclose(file) ? ERR_IO : err;
}

static int write_run(const char *folder, const struct plan *plan, struct wall_ms now)
{
    FILE *file;
    int err = open_file(folder, "run.csv", &file);
    if (err)
        return err;
    fprintf(file, "started_ms,interval_ms,ttl_ms\n%" PRId64 ",%" PRId64 ",%" PRId64 "\n", now.ms,
            plan->times.interval_ms, plan->times.ttl_ms);
    err = ferror(file) ? ERR_IO : 0;
    return fclose(file) ? ERR_IO : err;
}

/* Ends the files that were begun: 0, or ERR_IO if a write failed. */
static int release(struct truth *t)
{
    int err = 0;
    FILE *files[FILES] = {t->world, t->evidence};
    for (int i = 0; i < FILES; i++) {
        if (files[i] && ferror(files[i]))
            err = ERR_IO;
        if (files[i] && fclose(files[i]))
            err = ERR_IO;
    }
    free(t->known);
    free(t);
    return err;
}

int truth_open(const char *folder, const struct plan *plan, struct wall_ms now,
               struct truth **ret_truth)
{
    struct truth *t = calloc(1, sizeof *t);
    if (!t)
        return ERR_NOMEM;
    t->plan = plan;
    t->known = malloc((size_t)plan->inventory->units.len + 1);
    int err = t->known ? file_make_folder(folder) : ERR_NOMEM;
    if (!err)
        err = write_checks(folder, plan);
    if (!err)
        err = write_units(folder, plan);
    if (!err)
        err = write_run(folder, plan, now);
    if (!err)
        err = open_file(folder, "world.csv", &t->world);
    if (!err)
        err = open_file(folder, "evidence.csv", &t->evidence);
    if (err) {
        release(t);
        return err;
    }
    memset(t->known, -2, (size_t)plan->inventory->units.len + 1);
    *ret_truth = t;
    return 0;
}

int truth_close(struct truth *t)
{
    return t ? release(t) : 0;
}

void truth_site(struct truth *t, const struct scene *scene, uint32_t site, struct wall_ms now)
{
    size_t n = 0;
    if (!t)
        return;
    const uint32_t *units = inventory_site_units(t->plan->inventory, site, &n);
    if (scene->sites[site].clock_ms != 0)
        fprintf(t->world, "%" PRId64 ",%s,clock,\n", now.ms,
                names_text(&t->plan->inventory->sites, site));
    for (size_t i = 0; i < n; i++) {
        struct scene_unit is = scene_unit(scene, units[i]);
        int8_t code = is.down ? (int8_t)is.cause : -1;
        if (t->known[units[i]] == code)
            continue;
        t->known[units[i]] = code;
        fprintf(t->world, "%" PRId64 ",%s,%s,%s\n", now.ms, unit_text(t->plan, units[i]),
                is.down ? "down" : "up", cause_word((int)is.cause));
    }
}

/* Also brings both files to where a reader beside the run sees them. */
void truth_mark(struct truth *t, struct wall_ms now)
{
    if (!t)
        return;
    fprintf(t->world, "%" PRId64 ",,mark,\n", now.ms);
    fflush(t->evidence);
    fflush(t->world);
}

static const char *probe_text(const struct truth *t, uint32_t probe)
{
    return names_text(&t->plan->inventory->probes, probe);
}

void truth_pack(struct truth *t, uint32_t probe, uint64_t epoch, uint64_t seq, size_t readings)
{
    if (t)
        fprintf(t->evidence, "pack,%s,%016" PRIx64 ",%" PRIu64 ",%zu\n", probe_text(t, probe),
                epoch, seq, readings);
}

void truth_result(struct truth *t, size_t check, int64_t time_ms, enum verdict verdict)
{
    if (t)
        fprintf(t->evidence, "result,%zu,%" PRId64 ",%d\n", check, time_ms, (int)verdict);
}

void truth_gasp(struct truth *t, uint32_t probe, int64_t time_ms)
{
    if (t)
        fprintf(t->evidence, "gasp,%s,%" PRId64 "\n", probe_text(t, probe), time_ms);
}

void truth_ack(struct truth *t, uint32_t probe, uint64_t epoch, uint64_t upto)
{
    if (t)
        fprintf(t->evidence, "ack,%s,%016" PRIx64 ",%" PRIu64 "\n", probe_text(t, probe), epoch,
                upto);
}

void truth_dropped(struct truth *t, uint32_t probe, uint64_t epoch, uint64_t low)
{
    if (t)
        fprintf(t->evidence, "dropped,%s,%016" PRIx64 ",%" PRIu64 "\n", probe_text(t, probe), epoch,
                low);
}
