#include "core/phone.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

enum { SHORT_CODE_MAX = 6, SHORT_CODE_MIN = 3, RAW_MAX = 24 };

static bool is_between(char c)
{
    return c == ' ' || c == '.' || c == '-' || c == '(' || c == ')';
}

/* Digits only; false for anything else. */
static bool gather(struct slice text, char digits[RAW_MAX])
{
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (is_between(text.at[i]))
            continue;
        if (text.at[i] < '0' || text.at[i] > '9' || len == RAW_MAX - 1)
            return false;
        digits[len++] = text.at[i];
    }
    digits[len] = '\0';
    return len >= SHORT_CODE_MIN;
}

int phone_read(struct slice text, const char *dial_code, char ret_phone[PHONE_MAX])
{
    char digits[RAW_MAX];
    bool plus = text.len > 0 && *text.at == '+';
    if (!gather((struct slice){text.at + plus, text.len - plus}, digits))
        return ERR_SYNTAX;
    const char *rest = digits;
    const char *code = "";
    if (!plus && strncmp(rest, "00", 2) == 0) {
        rest += 2;
    } else if (!plus && *rest == '0' && dial_code[0] && strlen(rest) > SHORT_CODE_MAX) {
        rest++;
        code = dial_code;
    }
    char number[2 * RAW_MAX];
    int len = snprintf(number, sizeof number, "%s%s", code, rest);
    if (!*rest || len >= PHONE_MAX)
        return ERR_SYNTAX;
    memcpy(ret_phone, number, (size_t)len + 1);
    return 0;
}
