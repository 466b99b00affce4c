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
};

/** Plays what the script has told since the last expectation. */
static bool catch_up(struct script *s, struct scenario *sc)
{
    if (!sc->w)
        sc->w = world_new(history_inventory(&s->h, 0), &s->h.options);
    for (; sc->w && sc->played < s->h.events.len; sc->played++)
        if (history_play(&s->h, sc->played, sc->w, NULL))
            return script_complain(s, "the world refused event %zu", sc->played);
    return sc->w || script_complain(s, "no world");
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
    world_free(sc.w);
    script_done(&s);
    buf_done(&text);
    return failures != 0;
}
