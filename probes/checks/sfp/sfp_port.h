/**
 * @file
 * Fetches the memory of the optical module in a port of this machine, through ethtool's ioctl.
 *
 * The driver reads it over a slow bus, tenths of a second: not for the loop's thread. What the
 * bytes mean is sfp_module.h's.
 */
#ifndef SFP_SFP_PORT_H
#define SFP_SFP_PORT_H

#include "checks/sfp/sfp_module.h"

/** Reads up to SFP_MODULE_MAX bytes of the module in @p name: 0 or an errno value. Blocks. */
int sfp_port_read(const char *name, uint8_t ret_bytes[SFP_MODULE_MAX], size_t *ret_len) MUST_USE;

#endif
