#include "shell/probe_configs.h"

#include "base/err.h"
#include "io/file.h"
#include "wire/changes.h"
#include "wire/pack.h"
#include "wire/topic.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

static const char ENDING[] = ".json";

/* One reading of a folder. */
struct reader {
    const char *folder;
    const struct inventory *inv;
    struct buf *out;
    struct probe_configs *configs;
    bool wrong; /* there was a complaint */
};

void probe_configs_init(struct probe_configs *c)
{
    names_init(&c->probes, PROBE_CONFIGS_MAX);
    vec_init(&c->texts, sizeof(struct buf), PROBE_CONFIGS_MAX);
}

void probe_configs_done(struct probe_configs *c)
{
    for (size_t i = 0; i < c->texts.len; i++)
        buf_done(vec_at(&c->texts, i));
    vec_done(&c->texts);
    names_done(&c->probes);
}

static unsigned line_of(struct slice text, size_t at)
{
    unsigned line = 1;
    for (size_t i = 0; i < at && i < text.len; i++)
        line += text.at[i] == '\n';
    return line;
}

static void complain(struct reader *r, const char *path, unsigned line, const char *why)
{
    buf_printf(r->out, "%s:%u: %s\n", path, line, why);
    r->wrong = true;
}

static void check_text(struct reader *r, const char *path, struct slice text)
{
    struct reason why;
    size_t at = 0;
    if (changes_check(text, &why, &at) != 0)
        complain(r, path, line_of(text, at), why.text);
}

static int keep(struct reader *r, struct slice probe, struct buf *text)
{
    uint32_t number;
    int err = names_add(&r->configs->probes, probe, &number);
    struct buf *kept = err ? NULL : vec_push(&r->configs->texts);
    if (!kept)
        return err ? err : ERR_NOMEM;
    *kept = *text;
    *text = (struct buf){0};
    return 0;
}

static int read_one(struct reader *r, const char *name, size_t len)
{
    char path[FILE_PATH_MAX];
    struct slice probe = {name, len};
    struct buf text;
    int err = file_join(path, r->folder, name);
    if (err)
        return err;
    buf_init(&text, PACK_BYTES_MAX);
    err = file_read(path, &text);
    if (err == 0) {
        if (names_find(&r->inv->probes, probe) == NAMES_NONE)
            complain(r, path, 1, "the inventory has no probe of this name");
        check_text(r, path, (struct slice){text.data, text.len});
    } else {
        complain(r, path, 1, err_text(err));
        err = 0;
    }
    if (!err)
        err = keep(r, probe, &text);
    buf_done(&text);
    return err;
}

static int read_folder(struct reader *r)
{
    DIR *dir = opendir(r->folder);
    int err = 0;
    if (!dir) {
        err = err_from_errno(errno);
        complain(r, r->folder, 0, err_text(err));
        return err;
    }
    for (struct dirent *e = readdir(dir); e && !err; e = readdir(dir)) {
        size_t len = strlen(e->d_name);
        if (e->d_name[0] == '.' || len < sizeof ENDING ||
            strcmp(e->d_name + len - strlen(ENDING), ENDING) != 0)
            continue;
        err = read_one(r, e->d_name, len - strlen(ENDING));
    }
    closedir(dir);
    return err;
}

int probe_configs_read(const char *folder, const struct inventory *inv, struct buf *out,
                       struct probe_configs *ret_configs)
{
    probe_configs_init(ret_configs);
    struct reader r = {folder, inv, out, ret_configs, false};
    int err = folder[0] ? read_folder(&r) : 0;
    if (!err && r.wrong)
        err = ERR_SYNTAX;
    if (err)
        probe_configs_done(ret_configs);
    return err;
}
