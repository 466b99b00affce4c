#include "shell/store_code.h"

#include "base/err.h"
#include "unit.h"

#include <sqlite3.h>

static void results_become_codes(void **state)
{
    static const struct {
        int result, code;
    } rows[] = {
        {SQLITE_OK, 0},
        {SQLITE_ROW, 0},
        {SQLITE_DONE, 0},
        {SQLITE_BUSY, ERR_BUSY},
        {SQLITE_BUSY_SNAPSHOT, ERR_BUSY},
        {SQLITE_FULL, ERR_NO_SPACE},
        {SQLITE_CORRUPT, ERR_CORRUPT},
        {SQLITE_NOTADB, ERR_CORRUPT},
        {SQLITE_READONLY_DBMOVED, ERR_DENIED},
        {SQLITE_IOERR_FSYNC, ERR_IO},
        {SQLITE_CONSTRAINT, ERR_IO},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(store_code(rows[i].result), rows[i].code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(results_become_codes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
