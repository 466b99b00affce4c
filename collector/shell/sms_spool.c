#include "shell/sms_spool.h"

#include "base/buf.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 4096 };

static void keep(char *to, size_t max, const char *from, size_t len)
{
    snprintf(to, max, "%.*s", (int)(len < max ? len : max - 1), from);
}

static struct slice next_line(struct slice *rest)
{
    const char *end = memchr(rest->at, '\n', rest->len);
    size_t len = end ? (size_t)(end - rest->at) : rest->len;
    size_t used = end ? len + 1 : len;
    struct slice line = {rest->at, len && rest->at[len - 1] == '\r' ? len - 1 : len};
    rest->at += used;
    rest->len -= used;
    return line;
}

void sms_spool_parse(struct slice text, struct sms_message *ret_message)
{
    static const char FROM[] = "From: ";
    memset(ret_message, 0, sizeof *ret_message);
    while (text.len > 0) {
        struct slice line = next_line(&text);
        if (line.len == 0)
            break;
        if (line.len > sizeof FROM - 1 && memcmp(line.at, FROM, sizeof FROM - 1) == 0)
            keep(ret_message->number, sizeof ret_message->number, line.at + sizeof FROM - 1,
                 line.len - (sizeof FROM - 1));
    }
    keep(ret_message->text, sizeof ret_message->text, text.at ? text.at : "", text.len);
}

static void take_file(struct sms_spool *s, const char *name)
{
    struct buf text;
    char path[FILE_PATH_MAX];
    buf_init(&text, FILE_MAX);
    /* what is no message is handed over as nobody's, so that it does not come for ever */
    if (file_join(path, s->folder, name) == 0) {
        int err = file_read(path, &text);
        bool readable = !err || text.len > 0;
        sms_spool_parse(readable ? (struct slice){text.data, text.len} : slice_of(""),
                        &s->message[s->len]);
        snprintf(s->name[s->len], SMS_SPOOL_NAME_MAX, "%s", name);
        s->len += readable;
    }
    buf_done(&text);
}

static void on_work(void *arg)
{
    struct sms_spool *s = arg;
    DIR *dir = opendir(s->folder);
    const struct dirent *e;
    while (dir && s->len < SMS_SPOOL_FILES && (e = readdir(dir)))
        if (e->d_name[0] != '.' && !strstr(e->d_name, ".LOCK") &&
            strlen(e->d_name) < SMS_SPOOL_NAME_MAX)
            take_file(s, e->d_name);
    if (dir)
        closedir(dir);
}

static void on_worked(void *arg)
{
    struct sms_spool *s = arg;
    s->done(s);
}

int sms_spool_read(struct loop *loop, struct sms_spool *spool, sms_spool_done *done)
{
    spool->done = done;
    return loop_work(loop, on_work, on_worked, spool);
}
