/**
 * @file
 * Tokens of people: a file with one line each, `NAME:ROLE:HASH`, where the hash is the SHA-256 of
 * the token in hexadecimal, so that whoever reads the file can use none of them.
 *
 * Lines may be empty or begin with #. What a role may do is the routes', whether a request has a
 * token http_guard.h's.
 */
#ifndef SHELL_HTTP_TOKENS_H
#define SHELL_HTTP_TOKENS_H

#include "base/buf.h"
#include "io/digest.h"
#include "shell/http_server.h"

/** Tokens of one file at most. */
#define HTTP_TOKENS_MAX 250
/** Longest name of a token, with its NUL. */
#define HTTP_WHO_MAX 65
/** Longest token, with its NUL. */
#define HTTP_TOKEN_MAX 128

/** One token. */
struct http_token {
    char who[HTTP_WHO_MAX];           /**< whose it is */
    enum http_role role;              /**< what he may */
    unsigned char hash[DIGEST_BYTES]; /**< of the token */
};

/** The tokens of a file; storage of the caller. */
struct http_tokens {
    struct http_token item[HTTP_TOKENS_MAX]; /**< in order of their lines */
    size_t len;                              /**< of them */
};

/** Reads the text of a file called @p file: 0, or ERR_SYNTAX with every mistake as a line
 * `file:line: ...` in @p complaints. A file without any token is a mistake. */
int http_tokens_parse(const char *file, struct slice text, struct http_tokens *ret_tokens,
                      struct buf *complaints) MUST_USE;
/** Reads @p file, as above; errors of reading are complained of too. */
int http_tokens_read(const char *file, struct http_tokens *ret_tokens,
                     struct buf *complaints) MUST_USE;
/** `ioc-collector token make NAME ROLE`: adds a random token to @p file and prints it, which is the
 * only time that anybody sees it. 0, or 1 with the reason on stderr. */
int http_tokens_command(const char *file, const char *name, const char *role);

#endif
