/**
 * @file
 * Memories of optical modules as bytes, laid out by hand from SFF-8472, SFF-8636 and CMIS; what
 * each measures stands beside it in sfp_images.c. With sfp_ioctl.c, and ioctl wrapped by the
 * linker, a module that a test has put into every port.
 */
#ifndef SUPPORT_SFP_IMAGES_H
#define SUPPORT_SFP_IMAGES_H

#include <stddef.h>
#include <stdint.h>

/** Bytes of the largest. */
#define SFP_IMAGES_MAX 640

/** Which one. */
enum sfp_image {
    SFP_IMAGE_HEALTHY,  /**< SFP, internal calibration, limits */
    SFP_IMAGE_NONE,     /**< SFP without diagnostics */
    SFP_IMAGE_EXTERNAL, /**< SFP, external calibration, no limits */
    SFP_IMAGE_BLANK,    /**< all 0xFF */
    SFP_IMAGE_GARBAGE,  /**< an SFP whose checksum is wrong */
    SFP_IMAGE_QSFP,     /**< four lanes, with page 03h */
    SFP_IMAGE_CMIS,     /**< QSFP-DD, lower page */
    SFP_IMAGES          /**< how many */
};

/** Writes one; returns its length. */
size_t sfp_images_make(enum sfp_image which, uint8_t ret_bytes[SFP_IMAGES_MAX]);
/** Sets two bytes, the higher first, and mends the checksums of an SFP's A2h. */
void sfp_images_set(uint8_t *bytes, size_t at, uint16_t value);

/** What ethtool's ioctl gives from now on: @p len @p bytes, which stay the caller's, or the errno
 * value @p error. */
void sfp_ioctl_module(const uint8_t *bytes, size_t len, int error);

#endif
