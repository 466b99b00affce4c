#include "base/err.h"
#include "checks/sfp/sfp_layout.h"

#include <math.h>
#include <string.h>

enum { A2 = 256, RX_CONSTANTS = A2 + 56, STATUS = A2 + 110 };

/* Byte 92 of A0h, "diagnostic monitoring type". */
enum { EXTERNAL = 1 << 4, INTERNAL = 1 << 5, IMPLEMENTED = 1 << 6 };

/* Where each quantity is in A2h: its measurement, its four limits, and slope and offset of the
 * external calibration (0 = by the polynomial). */
static const struct {
    size_t value;
    size_t limits;
    size_t slope;
} places[SFP_QUANTITIES] = {
    [SFP_TEMPERATURE] = {A2 + 96, A2 + 0, A2 + 84},
    [SFP_VCC] = {A2 + 98, A2 + 8, A2 + 88},
    [SFP_BIAS] = {A2 + 100, A2 + 16, A2 + 76},
    [SFP_TX] = {A2 + 102, A2 + 24, A2 + 80},
    [SFP_RX] = {A2 + 104, A2 + 32, 0},
};

/* IEEE 754, the highest byte first. */
static double single(const uint8_t *at)
{
    uint32_t bits = (uint32_t)sfp_layout_u16(at) << 16 | sfp_layout_u16(at + 2);
    float value = 0;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

/* Received power: a polynomial, its coefficient of the fourth power first (section 9.3). */
static double polynomial(const uint8_t *bytes, double raw)
{
    double value = 0;
    for (size_t i = 0; i < 5; i++)
        value = value * raw + single(bytes + RX_CONSTANTS + 4 * i);
    return value;
}

static double calibrated(const uint8_t *bytes, enum sfp_quantity quantity, size_t at)
{
    double raw = sfp_layout_raw(quantity, bytes + at);
    size_t slope = places[quantity].slope;
    if (!(bytes[92] & EXTERNAL))
        return sfp_layout_value(quantity, raw);
    if (quantity == SFP_RX)
        raw = polynomial(bytes, raw);
    else
        raw = raw * sfp_layout_u16(bytes + slope) / 256 + sfp_layout_s16(bytes + slope + 2);
    return isfinite(raw) ? sfp_layout_value(quantity, raw) : NAN;
}

static bool blank(const uint8_t *bytes, size_t len)
{
    for (size_t i = 1; i < len; i++) {
        if (bytes[i] != bytes[0])
            return false;
    }
    return bytes[0] == 0xFF || bytes[0] == 0;
}

/* A wrong checksum of A2h's constants takes the limits away, and all that needs the constants. */
static void read_diagnostics(const uint8_t *bytes, struct sfp_module *m)
{
    bool constants = sfp_layout_sum_ok(bytes + A2, 95);
    if (blank(bytes + places[SFP_TEMPERATURE].value, 10))
        return; /* said to be there, and never written */
    m->diagnostics = constants || !(bytes[92] & EXTERNAL);
    for (int q = 0; q < SFP_QUANTITIES && m->diagnostics; q++) {
        enum sfp_quantity quantity = (enum sfp_quantity)q;
        double limit[4];
        m->value[q] = calibrated(bytes, quantity, places[q].value);
        for (size_t i = 0; i < 4; i++)
            limit[i] = calibrated(bytes, quantity, places[q].limits + 2 * i);
        if (constants)
            m->limits[q] = sfp_layout_limits(limit);
    }
    m->has_los =
        m->diagnostics && (bytes[93] & 1 << 4) != 0; /* "enhanced options": LOS monitored */
    m->los = m->has_los && (bytes[STATUS] & 1 << 1) != 0;
    m->tx_fault = m->diagnostics && (bytes[93] & 1 << 5) != 0 && (bytes[STATUS] & 1 << 2) != 0;
}

int sfp_layout_8472(const uint8_t *bytes, size_t len, struct sfp_module *ret_module)
{
    if (len < 128)
        return ERR_END;
    if (!sfp_layout_sum_ok(bytes, 63))
        return ERR_CORRUPT;
    sfp_layout_text(bytes + 20, ret_module->vendor);
    sfp_layout_text(bytes + 40, ret_module->part);
    bool has = (bytes[92] & IMPLEMENTED) != 0 && (bytes[92] & (INTERNAL | EXTERNAL)) != 0;
    if (has && len >= 512 && sfp_layout_sum_ok(bytes + 64, 31))
        read_diagnostics(bytes, ret_module);
    return 0;
}
