#include "shell/notify_modems.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

struct sms_modem *notify_modems_find(const struct notify_modems *m, const char *device)
{
    for (size_t i = 0; i < m->len; i++)
        if (strcmp(m->row[i].device, device) == 0)
            return m->row[i].modem;
    return NULL;
}

void notify_modems_close(struct notify_modems *m)
{
    for (size_t i = 0; i < m->len; i++)
        sms_modem_close(m->row[i].modem);
    m->len = 0;
}

/* Takes over the modem that is on the device already, if nothing else about it is new. */
static struct sms_modem *take_over(struct notify_modems *old, const struct notify_modems_row *row)
{
    for (size_t i = 0; i < old->len; i++) {
        struct notify_modems_row *was = &old->row[i];
        if (strcmp(was->device, row->device) != 0 || was->baud != row->baud ||
            was->look_ms != row->look_ms)
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

int notify_modems_set(struct notify_modems *m, const struct rules_file *file, struct loop *loop,
                      sms_modem_came *came, void *context)
{
    struct notify_modems old = *m;
    int err = 0;
    m->len = 0;
    for (size_t i = 0; !err && i < file->rules.targets; i++)
        if (file->target[i].kind == NOTIFY_MODEM)
            err = list(m, &file->target[i]);
    int opened = open_all(m, &old, loop, came, context);
    notify_modems_close(&old);
    return err ? err : opened;
}
