#include "core/nfc.h"

#include "base/err.h"

#include <stdint.h>
#include <stdlib.h>
#include <utf8proc.h>

static bool control(char c)
{
    return (unsigned char)c < 0x20 || (unsigned char)c == 0x7f;
}

/* Printable ASCII is in NFC already, and is most of what a table holds. */
static bool plain(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (control(text.at[i]) || (unsigned char)text.at[i] >= 0x80)
            return false;
    return true;
}

static void put_line(struct buf *out, const char *text, size_t len)
{
    bool pending = false;
    for (size_t i = 0; i < len; i++) {
        if (control(text[i])) {
            pending = true;
            continue;
        }
        if (pending && out->len > 0)
            buf_char(out, ' ');
        pending = false;
        buf_char(out, text[i]);
    }
}

int nfc_line(struct slice text, struct buf *scratch, struct slice *ret_text)
{
    if (plain(text)) {
        *ret_text = text;
        return 0;
    }
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)text.at, (utf8proc_ssize_t)text.len, &composed,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (len < 0)
        return len == UTF8PROC_ERROR_NOMEM ? ERR_NOMEM : ERR_SYNTAX;
    buf_clear(scratch);
    put_line(scratch, (const char *)composed, (size_t)len);
    free(composed);
    if (scratch->err != 0)
        return scratch->err;
    *ret_text = (struct slice){scratch->data, scratch->len};
    return 0;
}
