#include "checks/sfp/sfp_module.h"

#include "base/err.h"
#include "checks/check_keys.h"
#include "checks/sfp/sfp_layout.h"

#include <math.h>

/* Byte 0 of every module (SFF-8024 table 4-1). */
static const struct {
    uint8_t identifier;
    int (*read)(const uint8_t *bytes, size_t len, struct sfp_module *ret_module);
} kinds[] = {
    {0x02, sfp_layout_8472}, /* soldered to the board */
    {0x03, sfp_layout_8472}, /* SFP, SFP+, SFP28 */
    {0x0C, sfp_layout_8636}, /* QSFP */
    {0x0D, sfp_layout_8636}, /* QSFP+ */
    {0x11, sfp_layout_8636}, /* QSFP28 */
    {0x18, sfp_layout_cmis}, /* QSFP-DD */
    {0x19, sfp_layout_cmis}, /* OSFP */
    {0x1E, sfp_layout_cmis}, /* QSFP with CMIS */
    {0x1F, sfp_layout_cmis}, /* SFP-DD with CMIS */
};

int sfp_module_read(const uint8_t *bytes, size_t len, struct sfp_module *ret_module)
{
    struct sfp_module module = {.diagnostics = false};
    for (int q = 0; q < SFP_QUANTITIES; q++)
        module.value[q] = NAN;
    if (len == 0)
        return ERR_END;
    if (bytes[0] == 0xFF)
        return ERR_CORRUPT; /* nobody drives the bus */
    for (size_t i = 0; i < CHECK_COUNT(kinds); i++) {
        if (kinds[i].identifier != bytes[0])
            continue;
        int err = kinds[i].read(bytes, len, &module);
        if (!err)
            *ret_module = module;
        return err;
    }
    return ERR_UNKNOWN;
}

const char *sfp_module_word(enum sfp_quantity quantity)
{
    static const char *const words[SFP_QUANTITIES] = {
        [SFP_TEMPERATURE] = "temperature", [SFP_VCC] = "supply voltage",
        [SFP_BIAS] = "laser current",      [SFP_TX] = "sent power",
        [SFP_RX] = "received power",
    };

    return words[quantity];
}
