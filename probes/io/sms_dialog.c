#include "io/sms_dialog.h"

#include "base/num.h"

#include <stdio.h>

enum { LETTERS_MAX = 160, SHORT_CODE_MAX = 6 };

/* What goes before each job. ESC leaves a text that somebody else began and never ended. Letters as
 * in ASCII, so that none of them is another one of the GSM alphabet. */
static const struct {
    const char *command;
    bool needed;
} BEFORE[] = {
    {"\033ATE0\r", false},
    {"AT+CMGF=1\r", true},
    {"AT+CSCS=\"IRA\"\r", false},
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

static void take_list(struct sms_dialog *d, struct slice line)
{
    if (at_line_begins(line, "+CMGL:")) {
        take_head(d, line);
        return;
    }
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
    const char *command = ++d->step < BEFORE_LEN ? BEFORE[d->step].command : d->command;
    snprintf(d->say, sizeof d->say, "%s", command);
    return SMS_SAYS;
}

/* A message is sent once the network has given it a number; an "OK" before that belongs to what
 * somebody else began. */
static enum sms_next end_job(struct sms_dialog *d, struct slice line, enum at_end end)
{
    if (end == AT_END_ERROR)
        return fail(d, "the modem refuses", line);
    return d->job != SMS_JOB_SEND || d->numbered ? SMS_DONE : SMS_WAITS;
}

static enum sms_next take_line(struct sms_dialog *d, struct slice line)
{
    enum at_end end = at_line_end(line);
    bool before = d->step < BEFORE_LEN;
    if (before && end == AT_END_ERROR && BEFORE[d->step].needed)
        return fail(d, "the modem knows no text mode", line);
    if (before)
        return end == AT_END_NONE ? SMS_WAITS : go_on(d);
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
