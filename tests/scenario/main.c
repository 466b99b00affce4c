#include "scenario.h"

#include "base/buf.h"

#include <stdlib.h>

static const struct scenario_kind kinds[] = {
    {"unit", scenario_unit},
    {"same", scenario_same},
    {"coverage", scenario_coverage},
    {"outage", scenario_outage},
    {"outages", scenario_outages},
    {"impact", scenario_impact},
    {"availability", scenario_availability},
    {"uncertainty", scenario_uncertainty},
    {"period", scenario_period},
};

static void open_world(struct script *s, struct scenario *sc)
{
    struct revisions_options options = {(int64_t)HISTORY_ZONE_MIN * 60000, ANNALS_GRACE_MS};
    s->h.options.zone_ms = options.zone_ms;
    sc->w = world_new(history_inventory(&s->h, 0), &s->h.options);
    sc->a = sc->w ? annals_new(sc->w, &options) : NULL;
    memory_rows_init(&sc->rows);
}

/** Plays what the script has told since the last expectation. */
static bool catch_up(struct script *s, struct scenario *sc)
{
    if (!sc->w)
        open_world(s, sc);
    for (; sc->a && sc->played < s->h.events.len; sc->played++) {
        const struct history_event *e = history_at(&s->h, sc->played);
        bool forward = e->kind == HISTORY_ADVANCE && e->t.ms > world_now(sc->w).ms;
        if ((forward && annals_advance(sc->a, e->t)) ||
            history_play(&s->h, sc->played, sc->w, NULL))
            return script_complain(s, "the world refused event %zu", sc->played);
        if (forward)
            annals_follow(sc->a);
    }
    return sc->a || script_complain(s, "no world");
}

static bool expectation(struct script *s, const struct slice *words, size_t n)
{
    struct scenario *sc = s->context;
    if (!n || !s->h.loads.len || !catch_up(s, sc))
        return script_complain(s, "nothing to expect");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!scenario_is(words[0], kinds[i].name))
            continue;
        struct reference *r = reference_new(&s->h, s->h.events.len);
        bool holds = kinds[i].holds(s, sc, r, words + 1, n - 1);
        reference_free(r);
        return holds;
    }
    return script_complain(s, "unknown kind of expectation");
}

static bool read_all(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    char part[4096];
    size_t n;
    while ((n = fread(part, 1, sizeof part, file)) > 0)
        buf_put(out, part, n);
    fclose(file);
    return out->data && !out->err;
}

int main(int argc, char **argv)
{
    struct buf text;
    buf_init(&text, 1 << 24);
    if (argc != 2 || !read_all(argv[1], &text)) {
        fprintf(stderr, "usage: scenario FILE.scn\n");
        return 2;
    }
    struct scenario sc = {0};
    struct script s = {.expect = expectation, .context = &sc};
    int failures = script_run(&s, argv[1], text.data);
    if (!sc.played) {
        fprintf(stderr, "%s: expects nothing\n", argv[1]);
        failures++;
    }
    annals_free(sc.a);
    world_free(sc.w);
    memory_rows_done(&sc.rows);
    script_done(&s);
    buf_done(&text);
    return failures != 0;
}
