/**
 * @file
 * The page's files, built into the program from dashboards/wall.
 */
#ifndef SHELL_PAGE_H
#define SHELL_PAGE_H

#include "shell/http_server.h"

/** One file. */
struct page_file {
    const char *path;           /**< "/page.js" */
    const unsigned char *bytes; /**< its content */
    size_t len;                 /**< bytes */
};

/** All files; made by cmake/embed.cmake. */
extern const struct page_file PAGE_FILES[];
extern const size_t PAGE_FILES_LEN; /**< how many */

/** Answers with the file at @p path ("/" is the page itself): false if there is none. */
bool page_answer(const char *path, struct http_answer *answer);

#endif
