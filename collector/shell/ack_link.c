#include "shell/ack_link.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/num.h"
#include "io/entropy.h"
#include "io/file.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

enum { MAC_BYTES = 16, MAC_TEXT_MAX = 2 * MAC_BYTES + 1 };

int ack_link_open(const char *folder, struct ack_link_key *ret_key)
{
    char path[FILE_PATH_MAX];
    struct buf text;
    buf_init(&text, sizeof ret_key->bytes);
    int err = file_join(path, folder, "link.key");
    if (!err)
        err = file_read(path, &text);
    if (!err && text.len != sizeof ret_key->bytes)
        err = ERR_CORRUPT;
    if (!err)
        memcpy(ret_key->bytes, text.data, sizeof ret_key->bytes);
    buf_done(&text);
    if (err != ERR_NOT_FOUND)
        return err;
    entropy_fill(ret_key->bytes, sizeof ret_key->bytes);
    return file_replace(path, ret_key->bytes, sizeof ret_key->bytes, 0600);
}

static bool sign(const struct ack_link_key *key, const char *what, size_t what_len,
                 char mac[MAC_TEXT_MAX])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (!HMAC(EVP_sha256(), key->bytes, sizeof key->bytes, (const unsigned char *)what, what_len,
              digest, &len) ||
        len < MAC_BYTES)
        return false;
    for (size_t i = 0; i < MAC_BYTES; i++)
        snprintf(mac + 2 * i, 3, "%02x", digest[i]);
    return true;
}

void ack_link_write(const struct ack_link_key *key, const char *base, uint64_t page,
                    struct wall_ms expires, char *to, size_t max)
{
    char what[64], mac[MAC_TEXT_MAX];
    snprintf(what, sizeof what, "%llu-%lld", (unsigned long long)page, (long long)expires.ms);
    bool slash = base[0] && base[strlen(base) - 1] == '/';
    to[0] = '\0';
    if (!sign(key, what, strlen(what), mac))
        return;
    int len = snprintf(to, max, "%s%sa/%s-%s", base, slash ? "" : "/", what, mac);
    if (len < 0 || (size_t)len >= max)
        to[0] = '\0';
}

/* The signature first: nothing else of a foreign text is looked at. */
static bool is_ours(const struct ack_link_key *key, const char *token, const char *tail)
{
    char mac[MAC_TEXT_MAX];
    return strlen(tail + 1) == MAC_TEXT_MAX - 1 && sign(key, token, (size_t)(tail - token), mac) &&
           CRYPTO_memcmp(mac, tail + 1, MAC_TEXT_MAX - 1) == 0;
}

int ack_link_read(const struct ack_link_key *key, const char *token, struct wall_ms now,
                  uint64_t *ret_page)
{
    uint64_t page = 0, expires = 0;
    const char *middle = strchr(token, '-');
    const char *tail = strrchr(token, '-');
    if (!tail || middle == tail || !is_ours(key, token, tail) ||
        num_parse_u64((struct slice){token, (size_t)(middle - token)}, &page) != 0 ||
        num_parse_u64((struct slice){middle + 1, (size_t)(tail - middle - 1)}, &expires) != 0)
        return ERR_DENIED;
    if (now.ms >= (int64_t)expires)
        return ERR_TIMEOUT;
    *ret_page = page;
    return 0;
}
