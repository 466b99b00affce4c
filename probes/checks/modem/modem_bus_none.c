/* Stands for modem_bus.c in a probe built without ModemManager. */
#include "checks/modem/modem_bus.h"

#include "base/err.h"

bool modem_bus_built(void)
{
    return false;
}

int modem_bus_start(struct loop *loop, const char *identifier, modem_bus_fn *fn, void *arg,
                    struct modem_bus **ret_bus)
{
    (void)loop, (void)identifier, (void)fn, (void)arg, (void)ret_bus;
    return ERR_UNKNOWN;
}

void modem_bus_end(struct modem_bus *bus)
{
    (void)bus;
}
