/**
 * @file
 * What SQLite answers, as our own codes. Shared by what reads and writes the store's files; texts
 * for people are SQLite's own (sqlite3_errmsg()).
 */
#ifndef SHELL_STORE_CODE_H
#define SHELL_STORE_CODE_H

/** @p result of an sqlite3_ call: 0 where it went well (a row and the end of rows are), ERR_BUSY,
 * ERR_NO_SPACE, ERR_NOMEM, ERR_CORRUPT, ERR_DENIED, or ERR_IO for all others. */
int store_code(int result);

#endif
