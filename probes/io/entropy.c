#include "io/entropy.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

void entropy_fill(void *bytes, size_t len)
{
    assert(len <= 256); /* getrandom() gives that much or nothing */
    ssize_t got;
    do
        got = getrandom(bytes, len, 0);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)len)
        abort();
}

uint64_t entropy_u64(void)
{
    uint64_t value = 0;
    while (value == 0)
        entropy_fill(&value, sizeof value);
    return value;
}
