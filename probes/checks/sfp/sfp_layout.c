#include "checks/sfp/sfp_layout.h"

#include "base/err.h"

#include <math.h>

uint16_t sfp_layout_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

int sfp_layout_s16(const uint8_t *at)
{
    int value = sfp_layout_u16(at);
    return value < 0x8000 ? value : value - 0x10000;
}

double sfp_layout_raw(enum sfp_quantity quantity, const uint8_t *at)
{
    return quantity == SFP_TEMPERATURE ? sfp_layout_s16(at) : sfp_layout_u16(at);
}

double sfp_layout_value(enum sfp_quantity quantity, double raw)
{
    static const double scale[SFP_QUANTITIES] = {
        [SFP_TEMPERATURE] = 1 / 256.0, [SFP_VCC] = 1e-4, [SFP_BIAS] = 2e-3};

    if (quantity != SFP_TX && quantity != SFP_RX)
        return raw * scale[quantity];
    return raw >= 1 ? 10 * log10(raw / 10000) : SFP_MODULE_DARK_DBM;
}

bool sfp_layout_sum_ok(const uint8_t *bytes, size_t len)
{
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += bytes[i];
    return (sum & 0xFF) == bytes[len];
}

void sfp_layout_text(const uint8_t *at, char ret_text[17])
{
    size_t len = 16;
    while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == 0))
        len--;
    for (size_t i = 0; i < len; i++)
        ret_text[i] = at[i] >= ' ' && at[i] <= '~' ? (char)at[i] : '?';
    ret_text[len] = '\0';
}

struct sfp_limits sfp_layout_limits(const double value[4])
{
    struct sfp_limits limits = {.given = value[0] > value[1],
                                .high_alarm = value[0],
                                .low_alarm = value[1],
                                .high_warn = value[2],
                                .low_warn = value[3]};
    if (value[2] <= value[3]) { /* alarms without warnings */
        limits.high_warn = value[0];
        limits.low_warn = value[1];
    }
    return limits;
}

/* Lower page 00h: temperature and supply at 14 and 16, checksum of the upper page at 222. */
int sfp_layout_cmis(const uint8_t *bytes, size_t len, struct sfp_module *ret_module)
{
    struct sfp_module *m = ret_module;
    if (len < 256)
        return ERR_END;
    if (!sfp_layout_sum_ok(bytes + 128, 94))
        return ERR_CORRUPT;
    sfp_layout_text(bytes + 129, m->vendor);
    sfp_layout_text(bytes + 148, m->part);
    m->diagnostics = true;
    m->value[SFP_TEMPERATURE] =
        sfp_layout_value(SFP_TEMPERATURE, sfp_layout_raw(SFP_TEMPERATURE, bytes + 14));
    m->value[SFP_VCC] = sfp_layout_value(SFP_VCC, sfp_layout_raw(SFP_VCC, bytes + 16));
    return 0;
}
