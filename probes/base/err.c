#include "base/err.h"

#include <errno.h>
#include <stddef.h>

const char *err_text(int code)
{
#define ERR_CASE(name, value, text) \
    case value:                     \
        return text;
    switch (code) {
    case 0:
        return "ok";
        ERR_MAP(ERR_CASE)
    default:
        return "unknown error";
    }
#undef ERR_CASE
}

int err_from_errno(int errno_value)
{
    static const struct {
        int value;
        int code;
    } map[] = {
        {ENOMEM, ERR_NOMEM},          {ENOSPC, ERR_NO_SPACE}, {EDQUOT, ERR_NO_SPACE},
        {EACCES, ERR_DENIED},         {EPERM, ERR_DENIED},    {ENOENT, ERR_NOT_FOUND},
        {EEXIST, ERR_EXISTS},         {EBUSY, ERR_BUSY},      {EADDRINUSE, ERR_BUSY},
        {ETIMEDOUT, ERR_TIMEOUT},     {EPIPE, ERR_CLOSED},    {ECONNRESET, ERR_CLOSED},
        {ENAMETOOLONG, ERR_TOO_LONG},
    };

    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (map[i].value == errno_value)
            return map[i].code;
    return ERR_IO;
}
