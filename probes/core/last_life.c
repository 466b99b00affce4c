#include "core/last_life.h"

enum start last_life_start(const struct last_life *life, uint64_t machine)
{
    bool ran_on = machine != 0 && machine == life->machine;
    if (!life->known)
        return START_FIRST;
    if (ran_on)
        return life->stopped ? START_STOPPED : START_KILLED;
    if (life->gasped)
        return START_POWER;
    return life->stopped ? START_SHUTDOWN : START_RESET;
}
