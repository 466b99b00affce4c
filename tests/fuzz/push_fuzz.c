/* What other programs push, in both languages: every value that is taken has a name that can be
 * packed and a finite number, and is one of those counted. */
#include "check.h"
#include "checks/push/push_line.h"
#include "checks/push/push_senml.h"

#include <math.h>

static void on_item(void *arg, const struct push_item *item)
{
    unsigned *taken = arg;
    check(pack_part_ok(slice_of(item->name)) && pack_metric_ok(slice_of(item->name)),
          "a name can be packed");
    check(isfinite(item->number), "a number is finite");
    (*taken)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    unsigned lines = 0, records = 0;
    check(push_line_read(text, on_item, &lines).taken == lines, "what is taken is counted");
    check(push_senml_read(text, on_item, &records).taken == records, "what is taken is counted");
    return 0;
}
