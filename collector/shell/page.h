/**
 * @file
 * The page's files, built into the program from dashboards/wall.
 *
 * It hands out bytes; what the page asks for afterwards is the API's.
 */
#ifndef SHELL_PAGE_H
#define SHELL_PAGE_H

#include "shell/http_server.h"

/** One file. */
struct page_file {
    const char *path;           /**< "/wall-4F2A.js" */
    const char *type;           /**< content type */
    bool gzip;                  /**< the bytes are compressed */
    bool kept;                  /**< its name changes with its content: browsers may keep it */
    const unsigned char *bytes; /**< its content */
    size_t len;                 /**< bytes */
};

/** All files; made by dashboards/wall/build.mjs. */
extern const struct page_file PAGE_FILES[];
extern const size_t PAGE_FILES_LEN; /**< how many */
extern const char PAGE_BUILD[];     /**< changes with any of them; an open page compares */
extern const char PAGE_SCRIPT[];    /**< the script within the page, as a policy names it (CSP 3) */

/** Answers with the file that @p query asks for ("/" is the page itself): false if there is none.
 * Clients that do not take gzip get it unpacked. */
bool page_answer(const struct http_query *query, struct http_answer *answer);

#endif
