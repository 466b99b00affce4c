#include "shell/notify_modems.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

static const struct notify_modems_row *row_of(const struct notify_modems *m, const char *device)
{
    for (size_t i = 0; i < m->len; i++)
        if (strcmp(m->row[i].device, device) == 0)
            return &m->row[i];
    return NULL;
}

struct sms_modem *notify_modems_find(const struct notify_modems *m, const char *device)
{
    const struct notify_modems_row *row = row_of(m, device);
    return row ? row->modem : NULL;
}

void notify_modems_close(struct notify_modems *m)
{
    for (size_t i = 0; i < m->len; i++)
        sms_modem_close(m->row[i].modem);
    m->len = 0;
}

static bool is_same(const struct notify_modems_row *a, const struct notify_modems_row *b)
{
    return strcmp(a->device, b->device) == 0 && a->baud == b->baud && a->look_ms == b->look_ms;
}

/* Takes over the modem that is on the device already, if nothing else about it is new. */
static struct sms_modem *take_over(struct notify_modems *old, const struct notify_modems_row *row)
{
    for (size_t i = 0; i < old->len; i++) {
        struct notify_modems_row *was = &old->row[i];
        if (!is_same(was, row))
            continue;
        struct sms_modem *modem = was->modem;
        was->modem = NULL;
        return modem;
    }
    return NULL;
}

/* The first target that names a device says how it is used. */
static int list(struct notify_modems *m, const struct notify_conf *conf)
{
    for (size_t i = 0; i < conf->devices.len; i++) {
        bool known = false;
        for (size_t k = 0; k < m->len; k++)
            known = known || strcmp(m->row[k].device, conf->devices.text[i]) == 0;
        if (known)
            continue;
        if (m->len == NOTIFY_DEVICES_MAX)
            return ERR_FULL;
        struct notify_modems_row *row = &m->row[m->len++];
        *row = (struct notify_modems_row){.baud = conf->baud, .look_ms = conf->look_ms};
        snprintf(row->device, sizeof row->device, "%s", conf->devices.text[i]);
    }
    return 0;
}

static int open_all(struct notify_modems *m, struct notify_modems *old, struct loop *loop,
                    sms_modem_came *came, void *context)
{
    int err = 0;
    for (size_t i = 0; !err && i < m->len; i++) {
        struct notify_modems_row *row = &m->row[i];
        struct sms_modem_setup setup = {.loop = loop,
                                        .device = row->device,
                                        .baud = row->baud,
                                        .look_ms = row->look_ms,
                                        .context = context,
                                        .came = came};
        row->modem = take_over(old, row);
        if (!row->modem)
            err = sms_modem_open(&setup, &row->modem);
    }
    return err;
}

static int list_all(struct notify_modems *m, const struct rules_file *file)
{
    int err = 0;
    m->len = 0;
    for (size_t i = 0; !err && i < file->rules.targets; i++)
        if (file->target[i].kind == NOTIFY_MODEM)
            err = list(m, &file->target[i]);
    return err;
}

bool notify_modems_stay(const struct notify_modems *m, const struct rules_file *file,
                        const struct notify_conf *conf)
{
    struct notify_modems fresh = {.len = 0};
    int err = list_all(&fresh, file);
    for (size_t i = 0; !err && i < conf->devices.len; i++) {
        const struct notify_modems_row *was = row_of(m, conf->devices.text[i]);
        const struct notify_modems_row *is = row_of(&fresh, conf->devices.text[i]);
        if (!was || !is || !is_same(was, is))
            return false;
    }
    return !err;
}

int notify_modems_set(struct notify_modems *m, const struct rules_file *file, struct loop *loop,
                      sms_modem_came *came, void *context)
{
    struct notify_modems old = *m;
    int err = list_all(m, file);
    int opened = open_all(m, &old, loop, came, context);
    notify_modems_close(&old);
    return err ? err : opened;
}
