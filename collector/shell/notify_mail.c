/* Pages as mails: the message (RFC 5322, in UTF-8 and base64) and its way to a server. */
#include "shell/notify_own.h"

#include "base/err.h"
#include "base/iso.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

enum { WORD_BYTES = 45, LINE_BYTES = 57, TEXT_MAX = 2048, REFUSED_FROM = 500 };

static void put_base64(struct slice bytes, struct buf *out)
{
    unsigned char text[4 * ((LINE_BYTES + 2) / 3) + 1];
    int len = EVP_EncodeBlock(text, (const unsigned char *)bytes.at, (int)bytes.len);
    buf_put(out, text, (size_t)len);
}

/* Words of a header are cut between characters (RFC 2047 section 5). */
static void put_subject(const char *subject, struct buf *out)
{
    struct slice rest = slice_of(subject);
    buf_str(out, "Subject:");
    while (rest.len > 0) {
        struct slice word = slice_front(rest, WORD_BYTES);
        if (word.len == 0)
            break;
        buf_str(out, rest.at == subject ? " =?UTF-8?B?" : "\r\n =?UTF-8?B?");
        put_base64(word, out);
        buf_str(out, "?=");
        rest.at += word.len;
        rest.len -= word.len;
    }
    buf_str(out, "\r\n");
}

static void put_text(struct slice text, struct buf *out)
{
    for (size_t at = 0; at < text.len; at += LINE_BYTES) {
        size_t left = text.len - at;
        put_base64((struct slice){text.at + at, left < LINE_BYTES ? left : LINE_BYTES}, out);
        buf_str(out, "\r\n");
    }
}

/* RFC 5322 section 3.3, in UTC. */
static void put_date(struct wall_ms t, struct buf *out)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int year = 0, month = 1, day = 1;
    int64_t of_day = t.ms % 86400000 / 1000;
    iso_date(t.ms / 86400000, &year, &month, &day);
    buf_printf(out, "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n", days[t.ms / 86400000 % 7], day,
               months[month - 1], year, (int)(of_day / 3600), (int)(of_day / 60 % 60),
               (int)(of_day % 60));
}

/* The same page has the same id, so that a reader shows it once. */
static void write_message(const struct notify_flight *f, struct buf *out)
{
    const struct page *p = &f->page;
    char text[TEXT_MAX];
    buf_printf(out, "From: <%s>\r\n", f->conf.from);
    for (size_t i = 0; i < f->conf.to.len; i++)
        buf_printf(out, i ? ",\r\n <%s>" : "To: <%s>", f->conf.to.text[i]);
    buf_str(out, "\r\n");
    put_date(p->made, out);
    buf_printf(out, "Message-ID: <%s-%llu@ioc-telemetry>\r\n", f->centre,
               (unsigned long long)p->id);
    put_subject(p->sms, out);
    buf_str(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
                 "charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    int len = snprintf(text, sizeof text, "%s\r\n\r\n%s\r\n%s%s%s", p->vi, p->en,
                       f->link[0] ? "\r\n" : "", f->link, f->link[0] ? "\r\n" : "");
    put_text((struct slice){text, len > 0 ? (size_t)len : 0}, out);
}

static void on_mailed(void *arg, const struct mail_result *result)
{
    struct notify_flight *f = arg;
    f->mail = NULL;
    struct page_outcome outcome = {.taken = result->taken,
                                   .refused = !result->taken && result->status >= REFUSED_FROM,
                                   .status = result->status,
                                   .words = result->taken ? "the mail server has it" : result->why};
    notify_landed(f, &outcome);
}

int notify_mail(struct notify_flight *f)
{
    const struct notify_conf *conf = &f->conf;
    struct mail_request q = {.url = conf->url,
                             .plain = conf->plain,
                             .user = conf->user[0] ? conf->user : NULL,
                             .password = f->secret,
                             .ca_file = conf->ca_file[0] ? conf->ca_file : NULL,
                             .from = conf->from,
                             .to_len = conf->to.len,
                             .timeout_ms = conf->timeout_ms};
    for (size_t i = 0; i < conf->to.len; i++)
        q.to[i] = conf->to.text[i];
    write_message(f, &f->body);
    if (f->body.err)
        return f->body.err;
    q.message = (struct slice){f->body.data, f->body.len};
    return mail_send(notify_mailer(f), &q, on_mailed, f, &f->mail);
}
