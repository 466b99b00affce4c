#include "shell/rota_file.h"

#include "base/err.h"
#include "io/file.h"

#include <string.h>

enum { BYTES_MAX = 1 << 20, MINUTE_MS = 60000 };

/* Where mistakes are told. */
struct telling {
    const char *file;
    struct buf *out;
};

static void on_complaint(void *context, size_t line, size_t column, const char *text)
{
    const struct telling *t = context;
    buf_printf(t->out, "%s:%zu:%zu: %s\n", t->file, line, column, text);
}

static int read_rows(const struct rules_file *rules, int64_t zone_ms, const struct inventory *inv,
                     struct buf *out, struct rota *rota)
{
    struct buf text;
    struct telling telling = {rules->rota, out};
    struct rota_reading reading = {.zone_min = (int)(zone_ms / MINUTE_MS),
                                   .dial_code = rules->dial_code,
                                   .inv = inv,
                                   .complain = on_complaint,
                                   .context = &telling};
    buf_init(&text, BYTES_MAX);
    int err = file_read(rules->rota, &text);
    if (err)
        buf_printf(out, "%s: %s\n", rules->rota, err_text(err));
    else
        err = rota_read(rota, (struct slice){text.data, text.len}, &reading);
    if (err && err != ERR_SYNTAX && text.len)
        buf_printf(out, "%s: %s\n", rules->rota, err_text(err));
    buf_done(&text);
    return err;
}

/* A role that nobody ever has would be found out when it is needed. */
static int check_roles(const struct rules_file *rules, const struct rota *rota, struct buf *out)
{
    int err = 0;
    size_t prefix = strlen(NOTIFY_ROTA);
    for (size_t t = 0; t < rules->rules.targets; t++) {
        const struct field_texts *numbers = &rules->target[t].numbers;
        for (size_t i = 0; i < numbers->len; i++) {
            const char *text = numbers->text[i];
            if (strncmp(text, NOTIFY_ROTA, prefix) != 0 || rota_has_role(rota, text + prefix))
                continue;
            buf_printf(out, "target \"%s\": nobody in the rota has the role \"%s\"\n",
                       rules->target[t].name, text + prefix);
            err = ERR_SYNTAX;
        }
    }
    return err;
}

int rota_file_read(const struct rules_file *rules, int64_t zone_ms, const struct inventory *inv,
                   struct buf *out, struct rota *ret_rota)
{
    rota_init(ret_rota);
    int err = rules->rota[0] ? read_rows(rules, zone_ms, inv, out, ret_rota) : 0;
    return err ? err : check_roles(rules, ret_rota, out);
}
