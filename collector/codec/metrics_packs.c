#include "codec/metrics_packs.h"

enum { FATES = 7, ALWAYS = 2 };

struct fate {
    const char *name;
    uint64_t packs;
};

/* Those that are always shown come first. */
static void fates_of(const struct stream_mark *m, struct fate fates[FATES])
{
    const struct fate all[FATES] = {
        {"highest", m->highest},       {"stored", m->stored},
        {"refused", m->refused},       {"untimed", m->untimed},
        {"lost_at_probe", m->lost},    {"missing_at_centre", m->missing},
        {"open", stream_open_packs(m)}};
    for (int i = 0; i < FATES; i++)
        fates[i] = all[i];
}

/* A label's value, escaped as the text format wants it. */
static void put_label(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' || *text == '"')
            buf_char(out, '\\');
        buf_char(out, *text);
    }
}

void metrics_packs(const struct stream *stream, const struct names *probes, struct buf *out)
{
    struct stream_mark sum = {0};
    struct fate fates[FATES];
    for (uint32_t probe = 0; probe < probes->len; probe++) {
        struct stream_mark own = stream_sum(stream, probe);
        stream_add(&sum, &own);
    }
    fates_of(&sum, fates);
    buf_str(out, "# HELP ioc_packs Packs of all probes' streams by what became of them; highest is "
                 "the sum of all others\n# TYPE ioc_packs gauge\n");
    for (int i = 0; i < FATES; i++)
        buf_printf(out, "ioc_packs{fate=\"%s\"} %llu\n", fates[i].name,
                   (unsigned long long)fates[i].packs);
}

void metrics_packs_of_probes(const struct stream *stream, const struct names *probes,
                             metrics_packs_shown *shown, void *context, struct buf *out)
{
    struct fate fates[FATES];
    buf_str(out, "# HELP ioc_probe_packs Packs of a probe by what became of them; highest is the "
                 "sum of all others\n# TYPE ioc_probe_packs gauge\n");
    for (uint32_t probe = 0; probe < probes->len; probe++) {
        struct stream_mark own = stream_sum(stream, probe);
        fates_of(&own, fates);
        if (own.highest > 0 && !shown(context, probe))
            continue;
        for (int i = 0; own.highest > 0 && i < FATES; i++) {
            if (i >= ALWAYS && fates[i].packs == 0)
                continue;
            buf_str(out, "ioc_probe_packs{probe=\"");
            put_label(out, names_text(probes, probe));
            buf_printf(out, "\",fate=\"%s\"} %llu\n", fates[i].name,
                       (unsigned long long)fates[i].packs);
        }
    }
}
