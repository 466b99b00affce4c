/**
 * @file
 * SHA-256 of bytes (FIPS 180-4) and codes made with it (HMAC), by OpenSSL. What is hashed, and why,
 * is the caller's.
 */
#ifndef IO_DIGEST_H
#define IO_DIGEST_H

#include "base/attr.h"
#include "base/slice.h"

/** Bytes of a digest. */
#define DIGEST_BYTES 32
/** Characters of one in hexadecimal, with its NUL. */
#define DIGEST_TEXT_MAX 65

/** The digest of @p bytes: 0 or ERR_LIBRARY. */
int digest_sha256(struct slice bytes, unsigned char ret_digest[DIGEST_BYTES]) MUST_USE;
/** The code of @p bytes under @p key (HMAC, RFC 2104): 0 or ERR_LIBRARY. */
int digest_hmac_sha256(struct slice key, struct slice bytes,
                       unsigned char ret_code[DIGEST_BYTES]) MUST_USE;
/** A digest in hexadecimal, small letters. */
void digest_text(const unsigned char digest[DIGEST_BYTES], char ret_text[DIGEST_TEXT_MAX]);
/** Reads one back, of either case: 0 or ERR_SYNTAX. */
int digest_parse(struct slice text, unsigned char ret_digest[DIGEST_BYTES]) MUST_USE;

#endif
