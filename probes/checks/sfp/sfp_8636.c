#include "base/err.h"
#include "checks/sfp/sfp_layout.h"

#include <math.h>

enum { LANES = 4, PAGE_3 = 512, WHOLE = 640 };

/* Where each quantity is: its measurement, by lane or one for all, and its limits in page 03h. */
static const struct {
    size_t value;
    size_t lanes;
    size_t limits;
} places[SFP_QUANTITIES] = {
    [SFP_TEMPERATURE] = {22, 1, PAGE_3 + 0}, [SFP_VCC] = {26, 1, PAGE_3 + 16},
    [SFP_BIAS] = {42, LANES, PAGE_3 + 56},   [SFP_TX] = {50, LANES, PAGE_3 + 64},
    [SFP_RX] = {34, LANES, PAGE_3 + 48},
};

/* The worst lane: the least light, the most current. Byte 113 names lanes that do not exist. */
static double worst(const uint8_t *bytes, enum sfp_quantity quantity)
{
    double worst = NAN;
    for (size_t lane = 0; lane < places[quantity].lanes; lane++) {
        const uint8_t *at = bytes + places[quantity].value + 2 * lane;
        double value = sfp_layout_value(quantity, sfp_layout_raw(quantity, at));
        if (places[quantity].lanes > 1 && (bytes[113] & 1U << lane) != 0)
            continue;
        worst = quantity == SFP_BIAS ? fmax(worst, value) : fmin(worst, value);
    }
    return worst;
}

static bool measures(const uint8_t *bytes, enum sfp_quantity quantity)
{
    return quantity != SFP_TX || (bytes[220] & 1 << 2) != 0; /* optional, says byte 220 */
}

int sfp_layout_8636(const uint8_t *bytes, size_t len, struct sfp_module *ret_module)
{
    struct sfp_module *m = ret_module;
    unsigned absent = 0;
    if (len < 256)
        return ERR_END;
    if (!sfp_layout_sum_ok(bytes + 128, 63))
        return ERR_CORRUPT;
    sfp_layout_text(bytes + 148, m->vendor);
    sfp_layout_text(bytes + 168, m->part);
    absent = bytes[113] & 0x0FU;
    m->diagnostics = sfp_layout_u16(bytes + 26) != 0 && sfp_layout_u16(bytes + 26) != 0xFFFF;
    for (int q = 0; q < SFP_QUANTITIES && m->diagnostics; q++) {
        enum sfp_quantity quantity = (enum sfp_quantity)q;
        double limit[4];
        if (measures(bytes, quantity))
            m->value[q] = worst(bytes, quantity);
        for (size_t i = 0; i < 4 && len >= WHOLE; i++)
            limit[i] = sfp_layout_value(quantity,
                                        sfp_layout_raw(quantity, bytes + places[q].limits + 2 * i));
        if (len >= WHOLE && (bytes[2] & 1 << 2) == 0) /* else its memory is flat: no page 03h */
            m->limits[q] = sfp_layout_limits(limit);
    }
    m->has_los = m->diagnostics;
    m->los = m->has_los && (bytes[3] & 0x0FU & ~absent) != 0;
    m->tx_fault = m->diagnostics && (bytes[4] & 0x0FU & ~absent) != 0;
    return 0;
}
