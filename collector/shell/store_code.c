#include "shell/store_code.h"

#include "base/err.h"

#include <sqlite3.h>
#include <stddef.h>

enum { PRIMARY = 0xff }; /* extended codes have the primary one in their lowest byte */

int store_code(int result)
{
    static const struct {
        int result, code;
    } codes[] = {
        {SQLITE_OK, 0},
        {SQLITE_DONE, 0},
        {SQLITE_ROW, 0},
        {SQLITE_BUSY, ERR_BUSY},
        {SQLITE_LOCKED, ERR_BUSY},
        {SQLITE_FULL, ERR_NO_SPACE},
        {SQLITE_NOMEM, ERR_NOMEM},
        {SQLITE_CORRUPT, ERR_CORRUPT},
        {SQLITE_NOTADB, ERR_CORRUPT},
        {SQLITE_PERM, ERR_DENIED},
        {SQLITE_READONLY, ERR_DENIED},
        {SQLITE_CANTOPEN, ERR_DENIED},
    };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if ((result & PRIMARY) == codes[i].result)
            return codes[i].code;
    return ERR_IO;
}
