#include "shell/status_text.h"

#include <stdio.h>
#include <string.h>

#define ROW(name, english, vietnamese) \
    [name] = {[STATUS_ENGLISH] = (english), [STATUS_VIETNAMESE] = (vietnamese)},

static const char *const TEXTS[STATUS_TEXTS][2] = {STATUS_TEXT_MAP(ROW)};

static const char *const VERDICTS[][2] = {
    [VERDICT_OK] = {"ok", "tốt"},
    [VERDICT_DEGRADED] = {"DEGRADED", "SUY GIẢM"},
    [VERDICT_FAILED] = {"FAILED", "HỎNG"},
    [VERDICT_UNKNOWN] = {"UNKNOWN", "KHÔNG RÕ"},
};

const char *status_text(enum status_language language, enum status_text text)
{
    return TEXTS[text][language];
}

const char *status_text_verdict(enum status_language language, enum verdict verdict)
{
    return VERDICTS[verdict][language];
}

enum status_language status_text_language(const char *locale)
{
    bool vietnamese = locale && strncmp(locale, "vi", 2) == 0 &&
                      (locale[2] == '\0' || locale[2] == '_' || locale[2] == '.');
    return vietnamese ? STATUS_VIETNAMESE : STATUS_ENGLISH;
}

void status_text_duration(struct buf *out, int64_t ms)
{
    static const struct {
        int64_t seconds;
        const char *unit;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};

    int64_t s = ms > 0 ? ms / 1000 : 0;
    size_t i = 0;
    while (i < 3 && s < units[i].seconds)
        i++;
    buf_printf(out, "%lld %s", (long long)(s / units[i].seconds), units[i].unit);
    if (i < 3 && s % units[i].seconds >= units[i + 1].seconds)
        buf_printf(out, " %lld %s", (long long)(s % units[i].seconds / units[i + 1].seconds),
                   units[i + 1].unit);
}

void status_text_bytes(struct buf *out, int64_t bytes)
{
    if (bytes < 1000)
        buf_printf(out, "%lld B", (long long)bytes);
    else if (bytes < 1000000)
        buf_printf(out, "%.1f kB", (double)bytes / 1e3);
    else
        buf_printf(out, "%.1f MB", (double)bytes / 1e6);
}

size_t status_text_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80; /* not a continuation byte of UTF-8 */
    return width;
}

void status_text_padded(struct buf *out, const char *text, size_t columns)
{
    buf_str(out, text);
    for (size_t width = status_text_width(text); width < columns; width++)
        buf_char(out, ' ');
}
