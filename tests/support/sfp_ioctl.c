/* The kernel's side of ethtool's questions about modules; every other ioctl goes to the kernel. For
 * programs linked with --wrap=ioctl. */
#include "sfp_images.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>

static const uint8_t *module_bytes;
static size_t module_len;
static int module_error = EOPNOTSUPP;

int __real_ioctl(int fd, unsigned long request, void *arg);
int __wrap_ioctl(int fd, unsigned long request, void *arg);

void sfp_ioctl_module(const uint8_t *bytes, size_t len, int error)
{
    module_bytes = bytes;
    module_len = len;
    module_error = error;
}

static int answer(void *data)
{
    struct ethtool_modinfo *info = data;
    struct ethtool_eeprom *eeprom = data;
    errno = module_error;
    if (module_error)
        return -1;
    if (info->cmd == ETHTOOL_GMODULEINFO) {
        info->eeprom_len = (uint32_t)module_len;
        return 0;
    }
    if (eeprom->cmd != ETHTOOL_GMODULEEEPROM || eeprom->offset + eeprom->len > module_len) {
        errno = EINVAL;
        return -1;
    }
    memcpy(eeprom->data, module_bytes + eeprom->offset, eeprom->len);
    return 0;
}

int __wrap_ioctl(int fd, unsigned long request, void *arg)
{
    const struct ifreq *ask = arg;
    return request == SIOCETHTOOL ? answer(ask->ifr_data) : __real_ioctl(fd, request, arg);
}
