#include "checks/plugin/plugin_output.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct slice trim(struct slice text)
{
    while (text.len > 0 && is_blank(text.at[0])) {
        text.at++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.at[text.len - 1]))
        text.len--;
    return text;
}

/* Cuts @p text before the first @p mark and returns what is behind it; empty without one. */
static struct slice cut_at(struct slice *text, char mark)
{
    const char *at = text->len ? memchr(text->at, mark, text->len) : NULL;
    if (!at)
        return (struct slice){0};
    struct slice rest = {at + 1, (size_t)(text->at + text->len - (at + 1))};
    text->len = (size_t)(at - text->at);
    return rest;
}

struct plugin_output plugin_output_split(struct slice output)
{
    struct plugin_output parts = {.text = output};
    struct slice rest = cut_at(&parts.text, '\n');
    parts.perf[0] = cut_at(&parts.text, '|');
    parts.perf[1] = cut_at(&rest, '|');
    parts.text = trim(parts.text);
    return parts;
}

enum verdict plugin_output_verdict(int exit_code)
{
    static const enum verdict verdicts[] = {[PLUGIN_OUTPUT_OK] = VERDICT_OK,
                                            [PLUGIN_OUTPUT_WARNING] = VERDICT_DEGRADED,
                                            [PLUGIN_OUTPUT_CRITICAL] = VERDICT_FAILED,
                                            [PLUGIN_OUTPUT_UNKNOWN] = VERDICT_UNKNOWN};

    return exit_code >= PLUGIN_OUTPUT_OK && exit_code <= PLUGIN_OUTPUT_UNKNOWN ? verdicts[exit_code]
                                                                               : VERDICT_UNKNOWN;
}
