#include "shell/sink_text.h"

#include <stdio.h>
#include <string.h>

/* One known trouble and what to do about it; the first text is the database or bucket, the
 * second the URL. */
struct advice {
    int status;        /* HTTP status */
    int kind;          /* enum sink_kind, or -1 = any */
    const char *words; /* found in the server's words; "" = any */
    const char *text;
};

static const struct advice ADVICE[] = {
    {404, -1, "database not found",
     "database \"%s\" does not exist on %s; create it or fix sink.database"},
    {404, SINK_INFLUXDB2, "bucket",
     "bucket \"%s\" does not exist on %s; create it or fix sink.bucket and sink.org"},
    {404, SINK_INFLUXDB2, "organization",
     "the organisation of bucket \"%s\" is not known to %s; fix sink.org"},
    {404, -1, "", "nothing for \"%s\" is found at %s; check sink.kind and sink.url"},
    {500, -1, "retention policy not found",
     "database \"%s\" on %s has no such retention policy; create it or fix "
     "sink.retention_policy"},
    {401, -1, "",
     "writing to \"%s\" is not authorised by %s; check sink.user, sink.password_file or "
     "sink.token_file"},
    {403, -1, "",
     "writing to \"%s\" is forbidden by %s; give the user or token the right to write"},
    {413, -1, "", "a line for \"%s\" is too large for %s; raise the server's limit"},
    {400, -1, "", "writing to \"%s\" is refused by %s"},
};

static const struct advice *find_advice(const struct sink_conf *conf,
                                        const struct sending_trouble *trouble)
{
    for (size_t i = 0; i < sizeof ADVICE / sizeof *ADVICE; i++) {
        const struct advice *a = &ADVICE[i];
        if (a->status == trouble->status && (a->kind < 0 || a->kind == conf->kind) &&
            strstr(trouble->words, a->words))
            return a;
    }
    return NULL;
}

static const char *general(const struct sending_trouble *trouble)
{
    if (trouble->status == 0)
        return "%s does not answer";
    if (trouble->status < 300)
        return "%s answers with a page instead of a receipt: is it a database? check sink.url";
    if (trouble->class == SENDING_BUSY)
        return "%s asks for time";
    return "%s fails";
}

/* The sentence without the server's words. All formats of one kind take the same texts, so the
 * compiler need not check them. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static int begin(const struct sink_conf *conf, const struct sending_trouble *trouble,
                 char ret_text[SINK_TEXT_MAX])
{
    const struct advice *advice = find_advice(conf, trouble);
    const char *what = conf->kind == SINK_INFLUXDB2 ? conf->bucket : conf->database;
    if (advice)
        return snprintf(ret_text, SINK_TEXT_MAX, advice->text, what, conf->url);
    return snprintf(ret_text, SINK_TEXT_MAX, general(trouble), conf->url);
}

#pragma GCC diagnostic pop

void sink_text(const struct sink_conf *conf, const struct sending_trouble *trouble,
               char ret_text[SINK_TEXT_MAX])
{
    size_t len = 0;
    ret_text[0] = '\0';
    if (trouble->class != SENDING_OK) {
        len = (size_t)begin(conf, trouble, ret_text);
        if (trouble->status)
            len += (size_t)snprintf(ret_text + len, SINK_TEXT_MAX - len, " (%d%s%s)",
                                    trouble->status, trouble->words[0] ? ": " : "", trouble->words);
        else if (trouble->words[0])
            len += (size_t)snprintf(ret_text + len, SINK_TEXT_MAX - len, " (%s)", trouble->words);
    }
    if (trouble->aside)
        snprintf(ret_text + len, SINK_TEXT_MAX - len,
                 "%s%u batch%s set aside while others pass: %s", len ? "; " : "", trouble->aside,
                 trouble->aside == 1 ? " is" : "es are", trouble->aside_words);
}
