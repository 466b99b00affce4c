#include "shell/packer.h"

#include "base/err.h"

#include <stdio.h>

static void begin(struct packer *p)
{
    buf_clear(&p->bytes);
    pack_writer_begin(&p->writer, &p->bytes);
}

int packer_init(struct packer *p, size_t checks, int64_t period_ms, struct mono_ms now,
                packer_fn *fn, void *arg)
{
    *p = (struct packer){.fn = fn, .arg = arg};
    buf_init(&p->bytes, PACK_BYTES_MAX);
    begin(p);
    return pack_period_init(&p->period, checks, period_ms, now);
}

void packer_done(struct packer *p)
{
    pack_period_done(&p->period);
    buf_done(&p->bytes);
}

bool packer_close(struct packer *p, struct mono_ms now, bool force)
{
    bool ended = mono_reached(now, pack_period_deadline(&p->period));
    bool give = p->writer.count > 0 && (force || pack_period_closes(&p->period, now));
    if (give && pack_writer_end(&p->writer) == 0)
        p->fn(p->arg, p->kind, (struct slice){p->bytes.data, p->bytes.len},
              (uint32_t)p->writer.count);
    if (give)
        begin(p);
    if (give || ended)
        pack_period_next(&p->period, now);
    return give || ended;
}

static int add_reading(struct packer *p, const struct reading *reading, struct mono_ms now)
{
    size_t before = p->bytes.len;
    int err = pack_writer_add(&p->writer, reading);
    if (err == ERR_FULL && p->writer.count > 0) {
        packer_close(p, now, true);
        before = p->bytes.len;
        err = pack_writer_add(&p->writer, reading);
    }
    if (!err)
        pack_period_added(&p->period, p->bytes.len - before);
    return err;
}

static struct reading reading_of(const struct check_metric *metric, const struct check_value *value,
                                 struct reading base)
{
    base.metric = slice_of(metric->name);
    base.unit = metric->unit ? slice_of(metric->unit) : (struct slice){0};
    base.kind = metric->kind;
    base.number = value->number;
    base.flag = value->number != 0;
    base.text = slice_of(value->text);
    return base;
}

static int add_extra(struct packer *p, const struct check_report *report, struct reading base,
                     struct mono_ms now)
{
    int err = 0;
    base.kind = READING_NUMBER;
    for (size_t i = 0; i < report->n_extra && err != ERR_NOMEM; i++) {
        const struct check_extra *extra = &report->extra[i];
        base.metric = slice_of(extra->name);
        base.unit = extra->unit ? slice_of(extra->unit) : (struct slice){0};
        base.number = extra->number;
        err = add_reading(p, &base, now);
    }
    return err;
}

int packer_add(struct packer *p, const struct packer_entry *entry, struct mono_ms now)
{
    char name[2 * PACK_PART_MAX + 2];
    snprintf(name, sizeof name, "%s/%s", entry->type->name, entry->common->name);
    if (entry->kind != p->kind)
        packer_close(p, now, true);
    p->kind = entry->kind;
    struct reading base = {.site = slice_of(entry->common->site),
                           .check = slice_of(name),
                           .metric = slice_of("state"),
                           .time_us = entry->time_us,
                           .number = (double)entry->report->verdict};
    int err = add_reading(p, &base, now);
    for (size_t i = 0; i < entry->type->n_metrics && err != ERR_NOMEM; i++) {
        const struct check_value *value = &entry->report->values[i];
        if (!value->known)
            continue;
        struct reading reading = reading_of(&entry->type->metrics[i], value, base);
        err = add_reading(p, &reading, now);
    }
    if (err != ERR_NOMEM)
        err = add_extra(p, entry->report, base, now);
    pack_period_verdict(&p->period, entry->index, entry->report->verdict);
    return err == ERR_NOMEM ? err : 0;
}
