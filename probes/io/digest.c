#include "io/digest.h"

#include "base/err.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

static const char DIGITS[] = "0123456789abcdef";

int digest_sha256(struct slice bytes, unsigned char ret_digest[DIGEST_BYTES])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (EVP_Digest(bytes.len ? bytes.at : "", bytes.len, digest, NULL, EVP_sha256(), NULL) != 1)
        return ERR_LIBRARY;
    memcpy(ret_digest, digest, DIGEST_BYTES);
    return 0;
}

int digest_hmac_sha256(struct slice key, struct slice bytes, unsigned char ret_code[DIGEST_BYTES])
{
    unsigned char code[EVP_MAX_MD_SIZE];
    if (!HMAC(EVP_sha256(), key.len ? key.at : "", (int)key.len,
              (const unsigned char *)(bytes.len ? bytes.at : ""), bytes.len, code, NULL))
        return ERR_LIBRARY;
    memcpy(ret_code, code, DIGEST_BYTES);
    return 0;
}

void digest_text(const unsigned char digest[DIGEST_BYTES], char ret_text[DIGEST_TEXT_MAX])
{
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        ret_text[2 * i] = DIGITS[digest[i] >> 4];
        ret_text[2 * i + 1] = DIGITS[digest[i] & 15];
    }
    ret_text[DIGEST_TEXT_MAX - 1] = '\0';
}

/* Value of a digit, -1 if it is none. */
static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int digest_parse(struct slice text, unsigned char ret_digest[DIGEST_BYTES])
{
    unsigned char digest[DIGEST_BYTES];
    if (text.len != DIGEST_TEXT_MAX - 1)
        return ERR_SYNTAX;
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        int high = digit(text.at[2 * i]);
        int low = digit(text.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return ERR_SYNTAX;
        digest[i] = (unsigned char)(high << 4 | low);
    }
    memcpy(ret_digest, digest, DIGEST_BYTES);
    return 0;
}
