/* The memory of a module, which its maker or a loose plug has filled: numbers or none. */
#include "check.h"
#include "checks/sfp/sfp_module.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sfp_module module;
    memset(&module, 0x5a, sizeof module);
    if (sfp_module_read(data, size, &module) != 0)
        return 0;
    check(strnlen(module.vendor, 17) < 17 && strnlen(module.part, 17) < 17, "texts end");
    check(!module.los || module.has_los, "no light is seen by who looks");
    for (int q = 0; q < SFP_QUANTITIES; q++) {
        const struct sfp_limits *own = &module.limits[q];
        check(!isinf(module.value[q]), "a value is a number or none");
        check(module.diagnostics || isnan(module.value[q]), "who measures nothing has no value");
        check(!own->given || own->high_alarm > own->low_alarm, "limits leave room between them");
    }
    return 0;
}
