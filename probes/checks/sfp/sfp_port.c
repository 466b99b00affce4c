#include "checks/sfp/sfp_port.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* struct ethtool_eeprom ends in the bytes. */
union answer {
    struct ethtool_modinfo info;
    struct ethtool_eeprom eeprom;
    uint8_t bytes[sizeof(struct ethtool_eeprom) + SFP_MODULE_MAX];
};

static int ask(int fd, const char *name, union answer *answer)
{
    struct ifreq request = {.ifr_data = (void *)answer};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    return ioctl(fd, SIOCETHTOOL, &request) == 0 ? 0 : errno;
}

static int read_module(int fd, const char *name, union answer *answer)
{
    memset(answer, 0, sizeof *answer);
    answer->info.cmd = ETHTOOL_GMODULEINFO;
    int error = ask(fd, name, answer);
    if (error)
        return error;
    uint32_t len = answer->info.eeprom_len;
    memset(answer, 0, sizeof *answer);
    answer->eeprom.cmd = ETHTOOL_GMODULEEEPROM;
    answer->eeprom.len = len < SFP_MODULE_MAX ? len : SFP_MODULE_MAX;
    return ask(fd, name, answer);
}

int sfp_port_read(const char *name, uint8_t ret_bytes[SFP_MODULE_MAX], size_t *ret_len)
{
    union answer answer;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    int error = read_module(fd, name, &answer);
    close(fd);
    if (error)
        return error;
    *ret_len = answer.eeprom.len < SFP_MODULE_MAX ? answer.eeprom.len : SFP_MODULE_MAX;
    memcpy(ret_bytes, answer.bytes + sizeof(struct ethtool_eeprom), *ret_len);
    return 0;
}
