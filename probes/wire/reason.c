#include "wire/reason.h"

#include <stdarg.h>
#include <stdio.h>

void reason_set(struct reason *ret_why, const char *fmt, ...)
{
    if (!ret_why)
        return;
    va_list args;
    va_start(args, fmt);
    vsnprintf(ret_why->text, sizeof ret_why->text, fmt, args);
    va_end(args);
    for (char *at = ret_why->text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
            *at = '?';
    }
}
