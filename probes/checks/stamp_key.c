#include "checks/stamp_key.h"

#include "base/err.h"
#include "io/digest.h"
#include "io/file.h"

#include <string.h>

enum { LEAST = 16 };

int stamp_key_read(const char *file, struct stamp_key *ret_key)
{
    struct stamp_key key = {0};
    int err = file[0] ? file_read_secret(file, key.bytes, sizeof key.bytes) : 0;
    key.len = strlen(key.bytes);
    if (!err && file[0] && key.len < LEAST)
        err = ERR_RANGE;
    if (!err)
        *ret_key = key;
    explicit_bzero(&key, sizeof key);
    return err;
}

static int code_of(const struct stamp_key *key, const unsigned char *packet,
                   unsigned char code[DIGEST_BYTES])
{
    return digest_hmac_sha256((struct slice){key->bytes, key->len},
                              (struct slice){(const char *)packet, STAMP_PACKET_CODE_AT}, code);
}

int stamp_key_seal(const struct stamp_key *key, unsigned char packet[STAMP_PACKET_SEALED])
{
    unsigned char code[DIGEST_BYTES];
    int err = code_of(key, packet, code);
    if (!err)
        memcpy(packet + STAMP_PACKET_CODE_AT, code, STAMP_PACKET_CODE);
    return err;
}

bool stamp_key_fits(const struct stamp_key *key, const unsigned char packet[STAMP_PACKET_SEALED])
{
    unsigned char code[DIGEST_BYTES], differs = 0;
    if (code_of(key, packet, code) != 0)
        return false;
    for (size_t i = 0; i < STAMP_PACKET_CODE; i++)
        differs |= (unsigned char)(code[i] ^ packet[STAMP_PACKET_CODE_AT + i]);
    return differs == 0;
}
