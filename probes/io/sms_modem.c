#include "io/sms_modem.h"

#include "base/err.h"
#include "io/file.h"
#include "io/serial.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_MS = 50, LOOK_TIMEOUT_MS = 15000, HURRY_MS = 2000, TAKEN_MAX = 2 * SMS_LIST_MAX };

struct sms_modem {
    struct sms_modem_setup setup;
    char device[FILE_PATH_MAX];
    struct sms_send *queue;    /* the first is being sent, if the job says so */
    uint32_t taken[TAKEN_MAX]; /* to be deleted */
    size_t n_taken;
    bool look;                   /* it is time to */
    bool busy;                   /* a job is under way */
    int line;                    /* -1 = closed */
    struct loop_poll *poll;      /* of line */
    struct loop_timer *again;    /* the line is somebody else's: try again */
    struct loop_timer *deadline; /* of the job */
    struct loop_timer *looking;  /* every look_ms */
    struct sms_dialog dialog;
};

static void next_job(struct sms_modem *m);

static void close_line(struct sms_modem *m)
{
    loop_poll_close(m->poll);
    m->poll = NULL;
    if (m->line >= 0)
        close(m->line);
    m->line = -1;
    loop_timer_stop(m->again);
    loop_timer_stop(m->deadline);
    m->busy = false;
}

static void end_send(struct sms_modem *m, const char *why)
{
    struct sms_send *send = m->queue;
    if (!send) /* dropped meanwhile */
        return;
    m->queue = send->next;
    send->sent(send, why);
}

static void hand_over(struct sms_modem *m)
{
    struct sms_dialog list = m->dialog;
    for (size_t i = 0; i < list.len; i++)
        m->setup.came(m->setup.context, m, &list.list[i]);
}

/* What a job that failed was to delete or find is found again by the next look. */
static void end_job(struct sms_modem *m, const char *why)
{
    enum sms_job job = m->dialog.job;
    close_line(m);
    if (job == SMS_JOB_SEND)
        end_send(m, why);
    else if (job == SMS_JOB_LIST && !why)
        hand_over(m);
    if (!m->busy)
        next_job(m);
}

static void say(struct sms_modem *m)
{
    size_t len = strlen(m->dialog.say);
    if (write(m->line, m->dialog.say, len) != (ssize_t)len)
        end_job(m, "the modem takes no command");
}

static void on_event(void *arg, int events)
{
    (void)events;
    struct sms_modem *m = arg;
    char bytes[512];
    ssize_t len = read(m->line, bytes, sizeof bytes);
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (len <= 0) {
        end_job(m, "the modem is gone");
        return;
    }
    enum sms_next next = sms_dialog_feed(&m->dialog, (struct slice){bytes, (size_t)len});
    if (next == SMS_SAYS)
        say(m);
    else if (next != SMS_WAITS)
        end_job(m, next == SMS_DONE ? NULL : m->dialog.why);
}

static void talk(struct sms_modem *m)
{
    int err = loop_poll_open(m->setup.loop, m->line, on_event, m, &m->poll);
    if (!err)
        err = loop_poll_want(m->poll, LOOP_READ);
    if (err)
        end_job(m, "the line cannot be watched");
    else
        say(m);
}

static void try_line(void *arg)
{
    struct sms_modem *m = arg;
    const struct serial_line line = {.baud = m->setup.baud, .parity = 0};
    int error = serial_open(m->setup.device, &line, &m->line);
    if (!error) {
        talk(m);
        return;
    }
    m->line = -1;
    if (error == EAGAIN)
        loop_timer_after(m->again, BUSY_MS);
    else
        end_job(m, strerror(error));
}

static void on_deadline(void *arg)
{
    struct sms_modem *m = arg;
    end_job(m, m->line < 0 ? "somebody else holds the modem" : "the modem gives no answer in time");
}

/* From the loop, not from here, so that whoever sends is not called back at once. */
static void start(struct sms_modem *m, int64_t timeout_ms)
{
    m->busy = true;
    loop_timer_after(m->again, 0);
    loop_timer_after(m->deadline, timeout_ms);
}

/* Pages first; then what was read is cleared away; then what else came. */
static void next_job(struct sms_modem *m)
{
    if (m->queue) {
        sms_dialog_send(&m->dialog, m->queue->number, m->queue->text);
        start(m, m->queue->timeout_ms);
    } else if (m->n_taken) {
        sms_dialog_delete(&m->dialog, m->taken[--m->n_taken]);
        start(m, LOOK_TIMEOUT_MS);
    } else if (m->look) {
        m->look = false;
        sms_dialog_list(&m->dialog);
        start(m, LOOK_TIMEOUT_MS);
    }
}

static void on_look(void *arg)
{
    struct sms_modem *m = arg;
    m->look = true;
    if (!m->busy)
        next_job(m);
}

int sms_modem_open(const struct sms_modem_setup *setup, struct sms_modem **ret_modem)
{
    struct sms_modem *m = calloc(1, sizeof *m);
    if (!m)
        return ERR_NOMEM;
    m->setup = *setup;
    snprintf(m->device, sizeof m->device, "%s", setup->device);
    m->setup.device = m->device;
    m->line = -1;
    int err = loop_timer_open(setup->loop, try_line, m, &m->again);
    if (!err)
        err = loop_timer_open(setup->loop, on_deadline, m, &m->deadline);
    if (!err)
        err = loop_timer_open(setup->loop, on_look, m, &m->looking);
    if (err) {
        sms_modem_close(m);
        return err;
    }
    if (setup->look_ms)
        loop_timer_every(m->looking, setup->look_ms, setup->look_ms);
    *ret_modem = m;
    return 0;
}

void sms_modem_close(struct sms_modem *m)
{
    if (!m)
        return;
    loop_poll_close(m->poll);
    if (m->line >= 0)
        close(m->line);
    loop_timer_close(m->again);
    loop_timer_close(m->deadline);
    loop_timer_close(m->looking);
    free(m);
}

const char *sms_modem_device(const struct sms_modem *m)
{
    return m->setup.device;
}

void sms_modem_send(struct sms_modem *m, struct sms_send *send)
{
    struct sms_send **end = &m->queue;
    while (*end)
        end = &(*end)->next;
    send->next = NULL;
    *end = send;
    if (!m->busy)
        next_job(m);
    else if (m->dialog.job != SMS_JOB_SEND && loop_timer_is_set(m->deadline))
        loop_timer_after(m->deadline, HURRY_MS); /* a page waits for a modem that may hang */
}

void sms_modem_drop(struct sms_modem *m, struct sms_send *send)
{
    bool first = m->queue == send;
    for (struct sms_send **at = &m->queue; *at; at = &(*at)->next) {
        if (*at != send)
            continue;
        *at = send->next;
        break;
    }
    if (!first || !m->busy || m->dialog.job != SMS_JOB_SEND)
        return;
    close_line(m);
    next_job(m);
}

void sms_modem_taken(struct sms_modem *m, uint32_t index)
{
    for (size_t i = 0; i < m->n_taken; i++)
        if (m->taken[i] == index)
            return;
    if (m->n_taken < TAKEN_MAX)
        m->taken[m->n_taken++] = index;
    if (!m->busy)
        next_job(m);
}
