#include "shell/http_rate.h"

#include "base/names.h"

#include <arpa/inet.h>
#include <string.h>

enum { WHOLE = 1000, NETWORK_BYTES = 8 };

static uint64_t key_of(const void *bytes, size_t len)
{
    uint64_t key = names_hash((struct slice){bytes, len});
    return key ? key : 1;
}

uint64_t http_rate_address(const char *text)
{
    struct in6_addr v6;
    if (inet_pton(AF_INET6, text, &v6) == 1)
        return key_of(&v6, NETWORK_BYTES);
    return key_of(text, strlen(text));
}

uint64_t http_rate_token(const char *who)
{
    return ~key_of(who, strlen(who)) | 1;
}

static int64_t level_at(const struct http_rate *rate, const struct http_rate_entry *e,
                        struct mono_ms now)
{
    int64_t full = rate->burst * WHOLE;
    int64_t passed = mono_since(now, e->since);
    if (e->key == 0 || passed >= full / rate->per_second)
        return full;
    int64_t level = e->level + passed * rate->per_second;
    return level < full ? level : full;
}

/* That of @p key, else the one whose loss means least. */
static struct http_rate_entry *entry_of(struct http_rate *rate, uint64_t key, struct mono_ms now)
{
    struct http_rate_entry *set = rate->entry[key % HTTP_RATE_SETS];
    struct http_rate_entry *fullest = set;
    for (int i = 0; i < HTTP_RATE_WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (level_at(rate, &set[i], now) > level_at(rate, fullest, now))
            fullest = &set[i];
    }
    *fullest = (struct http_rate_entry){key, now, rate->burst * WHOLE};
    return fullest;
}

unsigned http_rate_take(struct http_rate *rate, uint64_t key, struct mono_ms now)
{
    if (rate->per_second == 0)
        return 0;
    struct http_rate_entry *e = entry_of(rate, key, now);
    int64_t level = level_at(rate, e, now);
    int64_t second = rate->per_second * WHOLE;
    e->since = now;
    e->level = level;
    if (level < WHOLE)
        return (unsigned)((WHOLE - level + second - 1) / second);
    e->level -= WHOLE;
    return 0;
}
