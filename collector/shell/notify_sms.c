/* SMS: one page to several numbers, one after the other, by modems or a gateway. */
#include "shell/notify_template.h"

#include "base/err.h"
#include "io/log.h"

#include <stdio.h>
#include <string.h>

enum { URL_MAX = 2048, GATEWAY_ANSWER_MAX = 4096 };

static bool is_told(const struct notify_flight *f, const char *phone)
{
    size_t len = strlen(phone);
    for (const char *at = strstr(f->told, phone); at; at = strstr(at + 1, phone))
        if ((at == f->told || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

static bool is_listed(const struct notify_flight *f, const char *phone)
{
    for (size_t i = 0; i < f->numbers; i++)
        if (strcmp(f->number[i], phone) == 0)
            return true;
    return false;
}

static void add_number(struct notify_flight *f, const char *phone)
{
    if (f->numbers < NOTIFY_NUMBERS_MAX && !is_told(f, phone) && !is_listed(f, phone))
        snprintf(f->number[f->numbers++], PHONE_MAX, "%s", phone);
}

/* How many have the role, whether they have the page or not. */
static size_t add_role(struct notify_flight *f, const char *role)
{
    char phones[NOTIFY_NUMBERS_MAX][PHONE_MAX];
    size_t n = notify_duty(f->owner, role, f->page.area, phones, NOTIFY_NUMBERS_MAX);
    for (size_t i = 0; i < n; i++)
        add_number(f, phones[i]);
    return n;
}

bool notify_find_numbers(struct notify_flight *f)
{
    size_t prefix = strlen(NOTIFY_ROTA);
    size_t found = 0;
    snprintf(f->told, sizeof f->told, "%s", f->page.told);
    for (size_t i = 0; i < f->conf.numbers.len; i++) {
        const char *text = f->conf.numbers.text[i];
        if (strncmp(text, NOTIFY_ROTA, prefix) == 0) {
            found += add_role(f, text + prefix);
        } else {
            add_number(f, text);
            found++;
        }
    }
    snprintf(f->words, sizeof f->words, "nobody is on duty by the rota");
    return found > 0;
}

static void note_told(struct notify_flight *f, const char *phone)
{
    size_t len = strlen(f->told);
    if (len + strlen(phone) + 2 <= sizeof f->told)
        snprintf(f->told + len, sizeof f->told - len, "%s%s", len ? " " : "", phone);
    notify_told(f);
}

static void next_number(struct notify_flight *f);
typedef void send_one(struct notify_flight *flight);

/* One number is done with; the others are told whatever became of it. */
static void number_done(struct notify_flight *f, const struct page_outcome *one)
{
    if (one->taken)
        note_told(f, f->number[f->at]);
    else
        f->missed++;
    f->refused += one->refused;
    if (!one->taken || !f->missed) {
        f->outcome = *one;
        snprintf(f->words, sizeof f->words, "%s", one->words);
    }
    f->at++;
    next_number(f);
}

/* ---- modems ---- */

static void try_device(struct notify_flight *f);

static void on_sent(struct sms_send *send, const char *why)
{
    struct notify_flight *f = send->arg;
    const char *device = f->conf.devices.text[f->device];
    f->modem = NULL;
    if (!why) {
        notify_use_device(f, f->device);
        number_done(f, &(struct page_outcome){.taken = true, .words = device});
        return;
    }
    log_event(LOG_WARNING, "modem.failed", "target=%s device=%s why=%s", f->conf.name, device, why);
    if (++f->devices_tried < f->conf.devices.len) {
        f->device = (f->device + 1) % f->conf.devices.len;
        try_device(f);
        return;
    }
    char words[PAGE_ANSWER_MAX];
    snprintf(words, sizeof words, "%.50s: %.70s", device, why);
    number_done(f, &(struct page_outcome){.words = words});
}

static void try_device(struct notify_flight *f)
{
    f->send = (struct sms_send){.number = f->number[f->at],
                                .text = f->page.sms,
                                .timeout_ms = f->conf.send_ms,
                                .sent = on_sent,
                                .arg = f};
    f->modem = notify_modem_of(f, f->conf.devices.text[f->device]);
    if (f->modem)
        sms_modem_send(f->modem, &f->send);
    else
        on_sent(&f->send, "there is no memory for it");
}

static void send_by_modem(struct notify_flight *f)
{
    f->devices_tried = 0;
    try_device(f);
}

void notify_leave_modem(struct notify_flight *f)
{
    if (f->modem)
        sms_modem_drop(f->modem, &f->send);
    f->modem = NULL;
}

/* ---- gateways ---- */

static void on_answer(void *arg, const struct http_response *r)
{
    struct notify_flight *f = arg;
    char words[PAGE_ANSWER_MAX];
    f->call = NULL;
    struct page_outcome outcome = notify_judge(r, f->conf.expect, words);
    number_done(f, &outcome);
}

static int ask_gateway(struct notify_flight *f, struct buf *url)
{
    char type[96];
    snprintf(type, sizeof type, "Content-Type: %s", f->conf.content_type);
    const char *headers[] = {f->conf.body[0] ? type : NULL, NULL};
    notify_template_write(f, f->conf.url, NOTIFY_FORM, url);
    buf_clear(&f->body);
    notify_template_write(f, f->conf.body, notify_template_escape(f->conf.content_type), &f->body);
    buf_char(url, '\0');
    if (url->err || f->body.err)
        return url->err ? url->err : f->body.err;
    struct http_request q = {.method = f->conf.body[0] ? "POST" : "GET",
                             .url = url->data,
                             .headers = headers,
                             .body = {f->body.data, f->body.len},
                             .bearer = f->token[0] ? f->token : NULL,
                             .ca_file = f->conf.ca_file[0] ? f->conf.ca_file : NULL,
                             .timeout_ms = f->conf.timeout_ms,
                             .max_body = GATEWAY_ANSWER_MAX};
    return http_send(notify_client(f), &q, on_answer, f, &f->call);
}

static void send_by_gateway(struct notify_flight *f)
{
    struct buf url;
    buf_init(&url, URL_MAX);
    int err = ask_gateway(f, &url);
    buf_done(&url);
    if (err)
        number_done(f, &(struct page_outcome){.words = err_text(err)});
}

/* ---- both ---- */

static void end(struct notify_flight *f)
{
    struct page_outcome outcome = f->outcome;
    char words[PAGE_ANSWER_MAX];
    snprintf(words, sizeof words, "%s", f->numbers ? f->words : "everybody has it");
    outcome.taken = f->missed == 0;
    outcome.refused = f->missed > 0 && f->refused == f->missed;
    outcome.words = words;
    outcome.told = f->told;
    notify_landed(f, &outcome);
}

/* The numbers that are left are told by the next start. */
static void give_up_rest(struct notify_flight *f)
{
    f->missed += f->numbers - f->at;
    snprintf(f->words, sizeof f->words, "the collector stops");
    end(f);
}

static void next_number(struct notify_flight *f)
{
    if (f->at == f->numbers)
        end(f);
    else if (notify_is_finishing(f))
        give_up_rest(f);
    else if (f->conf.kind == NOTIFY_MODEM)
        send_by_modem(f);
    else
        send_by_gateway(f);
}

/* Ends from the loop even if nobody is left to be told. */
static int begin(struct notify_flight *f)
{
    if (!notify_find_numbers(f))
        return ERR_NOT_FOUND;
    next_number(f);
    return 0;
}

int notify_modem(struct notify_flight *f)
{
    return begin(f);
}

int notify_gateway(struct notify_flight *f)
{
    return begin(f);
}
