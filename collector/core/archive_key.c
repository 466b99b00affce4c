#include "core/archive_key.h"

enum { WORD = 4 };

static void put(char *at, int64_t number)
{
    uint32_t word = number < 0 ? 0 : number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
    for (int i = 0; i < WORD; i++)
        at[i] = (char)(word >> 8 * (WORD - 1 - i));
}

static uint32_t get(const char *at)
{
    uint32_t word = 0;
    for (int i = 0; i < WORD; i++)
        word = word << 8 | (uint8_t)at[i];
    return word;
}

struct slice archive_key_make(struct archive_key *key, size_t len, uint32_t unit, int64_t first,
                              int64_t second)
{
    put(key->bytes, unit);
    put(key->bytes + WORD, first);
    put(key->bytes + 2 * WORD, second);
    return (struct slice){key->bytes, len};
}

bool archive_key_read(struct slice key, size_t len, uint32_t *ret_unit, int64_t *ret_first,
                      int64_t *ret_second)
{
    if (key.len != len)
        return false;
    *ret_unit = get(key.at);
    *ret_first = get(key.at + WORD);
    if (len == ARCHIVE_KEY_LONG)
        *ret_second = get(key.at + (ptrdiff_t)2 * WORD);
    return true;
}
