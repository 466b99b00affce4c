/**
 * @file
 * What the layouts of module memory share: big-endian numbers, checksums, powers, rows of limits.
 *
 * Pure; for the readers of sfp_module.h only. Offsets are the caller's to keep within the bytes.
 */
#ifndef SFP_SFP_LAYOUT_H
#define SFP_SFP_LAYOUT_H

#include "checks/sfp/sfp_module.h"

/** A number as the module counts it, in units of the quantity: temperature 1/256 Cel, supply 100
 * uV, bias 2 uA, powers 0.1 uW (SFF-8472 section 9, SFF-8636 section 6.2.4). */
double sfp_layout_value(enum sfp_quantity quantity, double raw);
/** The two bytes at @p at as a number of the quantity: signed for temperatures only. */
double sfp_layout_raw(enum sfp_quantity quantity, const uint8_t *at);
/** Two bytes, the higher first. */
uint16_t sfp_layout_u16(const uint8_t *at);
/** Two bytes in two's complement, the higher first. */
int sfp_layout_s16(const uint8_t *at);
/** True if the sum of @p len @p bytes, modulo 256, is the byte behind them. */
bool sfp_layout_sum_ok(const uint8_t *bytes, size_t len);
/** Copies a text of 16 bytes; what is not printable ASCII becomes '?'. */
void sfp_layout_text(const uint8_t *at, char ret_text[17]);
/** Limits in the order high alarm, low alarm, high warning, low warning, as values; not given if
 * high and low cannot be. */
struct sfp_limits sfp_layout_limits(const double value[4]);

/** Reads SFF-8472; @p bytes begin with A0h, A2h follows if @p len is at least 512. */
int sfp_layout_8472(const uint8_t *bytes, size_t len, struct sfp_module *ret_module) MUST_USE;
/** Reads SFF-8636; limits are there if @p len is 640. */
int sfp_layout_8636(const uint8_t *bytes, size_t len, struct sfp_module *ret_module) MUST_USE;
/** Reads CMIS. */
int sfp_layout_cmis(const uint8_t *bytes, size_t len, struct sfp_module *ret_module) MUST_USE;

#endif
