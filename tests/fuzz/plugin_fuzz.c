/* The output of a foreign program: whatever it prints, what is taken from it could be packed. */
#include "base/err.h"
#include "check.h"
#include "checks/plugin/plugin_output.h"
#include "checks/plugin/plugin_perf.h"

#include <math.h>

static void take_values(struct slice text)
{
    struct plugin_perf perf;
    size_t before = text.len;
    int err = 0;
    while ((err = plugin_perf_next(&text, &perf)) != ERR_END) {
        check(text.len < before, "every word leads on");
        before = text.len;
        if (err)
            continue;
        struct slice name = slice_of(perf.name);
        check(pack_part_ok(name) && pack_metric_ok(name), "a label becomes a name of a metric");
        check(!slice_is(name, "state"), "nobody else's value is a verdict");
        check(isnan(perf.plain) || isfinite(perf.plain), "a value is a number or none");
        check(!perf.warn.given || perf.warn.low <= perf.warn.high, "a range begins before its end");
        check(!plugin_perf_alerts(&perf.crit, NAN), "what was not measured warns of nothing");
    }
    check(text.len == 0, "all was read");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice all = {(const char *)data, size};
    struct plugin_output parts = plugin_output_split(all);
    check(parts.text.len + parts.perf[0].len + parts.perf[1].len <= size, "parts of the whole");
    take_values(parts.perf[0]);
    take_values(parts.perf[1]);
    take_values(all);
    return 0;
}
