/**
 * @file
 * The page at `/`, built into the program.
 */
#ifndef SHELL_PAGE_H
#define SHELL_PAGE_H

#include "shell/http_server.h"

/** Answers with the page. */
void page_answer(struct http_answer *answer);

#endif
