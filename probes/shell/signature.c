#include "shell/signature.h"

#include "base/err.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>

enum { BYTES_MAX = 512 };

static int sign(EVP_PKEY *key, struct slice text, unsigned char *bytes, size_t *ret_len)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    *ret_len = BYTES_MAX;
    bool ok =
        context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestSign(context, bytes, ret_len, (const unsigned char *)text.at, text.len) == 1;
    EVP_MD_CTX_free(context);
    return ok ? 0 : ERR_LIBRARY;
}

int signature_make(const char *key_file, struct slice text, char ret_text[SIGNATURE_TEXT_MAX])
{
    unsigned char bytes[BYTES_MAX];
    size_t len = 0;
    FILE *file = fopen(key_file, "re");
    if (!file)
        return err_from_errno(errno);
    EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    fclose(file);
    int err = key ? sign(key, text, bytes, &len) : ERR_SYNTAX;
    EVP_PKEY_free(key);
    if (!err)
        EVP_EncodeBlock((unsigned char *)ret_text, bytes, (int)len);
    return err;
}
