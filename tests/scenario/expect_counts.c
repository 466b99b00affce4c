#include "expect_counts.h"

#include "base/num.h"

#include <string.h>

bool expect_counts_pair(struct slice word, struct slice *ret_key, struct slice *ret_value)
{
    const char *eq = memchr(word.at, '=', word.len);
    if (!eq)
        return false;
    *ret_key = (struct slice){word.at, (size_t)(eq - word.at)};
    *ret_value = (struct slice){eq + 1, word.len - ret_key->len - 1};
    return true;
}

bool expect_counts_read(struct slice word, struct expect_counts *ret_counts)
{
    struct expect_counts counts = {true, -1, -1, -1};
    int64_t *const parts[] = {&counts.villages, &counts.population, &counts.households};
    for (size_t i = 0; i < 3 && word.len; i++) {
        const char *colon = memchr(word.at, ':', word.len);
        size_t len = colon ? (size_t)(colon - word.at) : word.len;
        if (num_parse_i64((struct slice){word.at, len}, parts[i]))
            return false;
        word.at += len + (colon != NULL);
        word.len -= len + (colon != NULL);
    }
    *ret_counts = counts;
    return counts.villages >= 0 && !word.len;
}

bool expect_counts_hold(struct script *s, const char *who, const char *what,
                        const struct expect_counts *wanted, const struct expect_counts *found)
{
    if (!wanted->said || (wanted->villages == found->villages &&
                          (wanted->population < 0 || wanted->population == found->population) &&
                          (wanted->households < 0 || wanted->households == found->households)))
        return true;
    return script_complain(s, "%s: %s is %lld:%lld:%lld", who, what, (long long)found->villages,
                           (long long)found->population, (long long)found->households);
}
