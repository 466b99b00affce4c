#include "io/sms_dialog.h"

#include "base/num.h"
#include "io/sms_ucs2.h"

#include <stdio.h>

enum { LETTERS_MAX = 160, SHORT_CODE_MAX = 6 };

/* What goes before each job. ESC leaves a text that somebody else began and never ended. Letters as
 * in ASCII, so that none of them is another one of the GSM alphabet. A modem that does not know a
 * command of no need is asked without it. */
static const struct {
    const char *command;
    bool needed;
    bool sending; /* only before a message is sent */
} BEFORE[] = {
    {"\033ATE0\r", false, false},        {"AT+CMEE=1\r", false, false},
    {"AT+CPIN?\r", false, false},        {"AT+CREG?\r", false, true},
    {"AT+CEREG?\r", false, true},        {"AT+CMGF=1\r", true, false},
    {"AT+CSCS=\"IRA\"\r", false, false},
};

enum { BEFORE_LEN = sizeof BEFORE / sizeof *BEFORE };

static void begin(struct sms_dialog *d, enum sms_job job)
{
    memset(d, 0, sizeof *d);
    d->job = job;
    snprintf(d->say, sizeof d->say, "%s", BEFORE[0].command);
}

void sms_dialog_send(struct sms_dialog *d, const char *number, const char *text)
{
    begin(d, SMS_JOB_SEND);
    bool international = number[0] != '0' && number[0] != '+' && strlen(number) > SHORT_CODE_MAX;
    snprintf(d->command, sizeof d->command, "AT+CMGS=\"%s%.20s\"\r", international ? "+" : "",
             number);
    snprintf(d->text, sizeof d->text, "%.*s", LETTERS_MAX, text);
}

void sms_dialog_list(struct sms_dialog *d)
{
    begin(d, SMS_JOB_LIST);
    snprintf(d->command, sizeof d->command, "AT+CMGL=\"ALL\"\r");
}

void sms_dialog_delete(struct sms_dialog *d, uint32_t index)
{
    begin(d, SMS_JOB_DELETE);
    snprintf(d->command, sizeof d->command, "AT+CMGD=%u\r", index);
}

static void keep(char *to, size_t max, struct slice from)
{
    size_t len = strlen(to);
    size_t take = from.len < max - 1 - len ? from.len : max - 1 - len;
    memcpy(to + len, from.at, take);
    to[len + take] = '\0';
}

/* +CMGL: index,"REC UNREAD","sender",,"time": the text is in the lines that follow. Those that we
 * once stored ourselves are not looked at. */
static void take_head(struct sms_dialog *d, struct slice line)
{
    struct slice field[AT_FIELDS_MAX];
    uint64_t index = 0;
    size_t word = strlen("+CMGL:");
    size_t n = at_line_fields((struct slice){line.at + word, line.len - word}, field);
    d->open = false;
    if (n < 3 || !at_line_begins(field[1], "REC") || d->len == SMS_LIST_MAX ||
        num_parse_u64(field[0], &index) != 0 || index > UINT32_MAX)
        return;
    struct sms_message *m = &d->list[d->len++];
    m->index = (uint32_t)index;
    keep(m->number, sizeof m->number, field[2]);
    d->open = true;
}

/* What modems say unasked, also in the middle of a list. */
static bool is_unasked(struct slice line)
{
    static const char *const words[] = {"+CMTI:", "+CDSI:", "+CDS:",  "+CREG:", "+CEREG:", "+CLIP:",
                                        "+CUSD:", "^RSSI:", "^HCSQ:", "^MODE:", "^SRVST:"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (at_line_begins(line, words[i]))
            return true;
    return slice_is(line, "RING") || slice_is(line, "NO CARRIER");
}

static void take_list(struct sms_dialog *d, struct slice line)
{
    if (at_line_begins(line, "+CMGL:")) {
        take_head(d, line);
        return;
    }
    if (is_unasked(line))
        return;
    struct sms_message *m = d->open ? &d->list[d->len - 1] : NULL;
    if (!m || line.len == 0)
        return;
    if (m->text[0])
        keep(m->text, sizeof m->text, (struct slice){" ", 1});
    keep(m->text, sizeof m->text, line);
}

static enum sms_next fail(struct sms_dialog *d, const char *what, struct slice line)
{
    snprintf(d->why, sizeof d->why, "%s: %.*s", what, line.len < 48 ? (int)line.len : 48, line.at);
    return SMS_FAILED;
}

static enum sms_next go_on(struct sms_dialog *d)
{
    do
        d->step++;
    while (d->step < BEFORE_LEN && BEFORE[d->step].sending && d->job != SMS_JOB_SEND);
    const char *command = d->step < BEFORE_LEN ? BEFORE[d->step].command : d->command;
    snprintf(d->say, sizeof d->say, "%s", command);
    return SMS_SAYS;
}

/* A message is sent once the network has given it a number; an "OK" before that belongs to what
 * somebody else began. */
static enum sms_next end_job(struct sms_dialog *d, struct slice line, enum at_end end)
{
    if (end == AT_END_ERROR)
        return fail(d, "the modem refuses", line);
    for (size_t i = 0; i < d->len; i++)
        (void)sms_ucs2_read(d->list[i].text);
    return d->job != SMS_JOB_SEND || d->numbered ? SMS_DONE : SMS_WAITS;
}

/* The state of +CREG and +CEREG (TS 27.007 sections 7.2 and 10.1.22): the second number of an
 * answer, the first of what a modem says unasked; a cell's number has four digits. */
static uint64_t state_of(struct slice line)
{
    struct slice field[AT_FIELDS_MAX];
    uint64_t state = 0;
    size_t word = (size_t)((const char *)memchr(line.at, ':', line.len) - line.at) + 1;
    size_t n = at_line_fields((struct slice){line.at + word, line.len - word}, field);
    struct slice said = n > 1 && field[1].len <= 2 ? field[1] : field[0];
    return num_parse_u64(said, &state) == 0 ? state : 0;
}

/* At home, abroad, and both for short messages only or without the voice of old. */
static bool is_registered(uint64_t state)
{
    static const uint64_t states[] = {1, 5, 6, 7, 9, 10};

    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (states[i] == state)
            return true;
    return false;
}

static void note_network(struct sms_dialog *d, struct slice line)
{
    if (!at_line_begins(line, "+CREG:") && !at_line_begins(line, "+CEREG:"))
        return;
    bool there = is_registered(state_of(line));
    d->served = d->served || there;
    d->lost = d->lost || !there;
}

/* Errors of the card (TS 27.007 section 9.2): not there, a PIN or PUK is asked, broken, busy,
 * wrong. */
static bool is_of_card(struct slice line)
{
    uint64_t code = 0;
    size_t word = strlen("+CME ERROR:");
    if (!at_line_begins(line, "+CME ERROR:"))
        return false;
    struct slice text = {line.at + word, line.len - word};
    while (text.len > 0 && *text.at == ' ')
        text = (struct slice){text.at + 1, text.len - 1};
    return num_parse_u64(text, &code) == 0 && code >= 10 && code <= 18;
}

/* Nobody enters a PIN here: a wrong one, tried at each start, would lock the card for good. */
static enum sms_next take_before(struct sms_dialog *d, struct slice line)
{
    enum at_end end = at_line_end(line);
    bool last_network = slice_is(slice_of(BEFORE[d->step].command), "AT+CEREG?\r");
    if (end == AT_END_ERROR && is_of_card(line))
        return fail(d, "the SIM does not serve", line);
    if (end == AT_END_ERROR && BEFORE[d->step].needed)
        return fail(d, "the modem knows no text mode", line);
    if (at_line_begins(line, "+CPIN:") && !slice_is(line, "+CPIN: READY"))
        return fail(d, "the SIM does not serve, take its PIN off", line);
    note_network(d, line);
    if (end == AT_END_NONE)
        return SMS_WAITS;
    if (last_network && d->lost && !d->served)
        return fail(d, "no network", slice_of("the modem is not registered"));
    return go_on(d);
}

static enum sms_next take_line(struct sms_dialog *d, struct slice line)
{
    enum at_end end = at_line_end(line);
    if (d->step < BEFORE_LEN)
        return take_before(d, line);
    if (end != AT_END_NONE)
        return end_job(d, line, end);
    if (d->job == SMS_JOB_LIST)
        take_list(d, line);
    d->numbered = d->numbered || (d->prompted && at_line_begins(line, "+CMGS:"));
    return SMS_WAITS;
}

static bool asks_for_text(const struct sms_dialog *d)
{
    return d->step == BEFORE_LEN && d->job == SMS_JOB_SEND && !d->prompted &&
           at_line_prompt(&d->line);
}

enum sms_next sms_dialog_feed(struct sms_dialog *d, struct slice bytes)
{
    enum sms_next next = SMS_WAITS;
    while (next == SMS_WAITS && at_line_feed(&d->line, &bytes))
        next = take_line(d, at_line_text(&d->line));
    if (next != SMS_WAITS || !asks_for_text(d))
        return next;
    d->prompted = true;
    snprintf(d->say, sizeof d->say, "%s\032", d->text);
    return SMS_SAYS;
}
