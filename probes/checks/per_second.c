#include "checks/per_second.h"

enum { SECOND_US = 1000000 };

bool per_second_may(struct per_second *second, int64_t rate, int64_t now_us)
{
    if (now_us - second->began_us >= SECOND_US)
        *second = (struct per_second){.began_us = now_us};
    return second->count++ < rate;
}
