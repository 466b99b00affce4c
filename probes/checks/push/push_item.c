#include "checks/push/push_item.h"

bool push_item_name(char name[PACK_PART_MAX + 1], struct slice part)
{
    size_t len = strlen(name), dot = len > 0;
    if (part.len == 0)
        return true;
    if (len + dot + part.len > PACK_PART_MAX)
        return false;
    if (dot)
        name[len] = '.';
    for (size_t i = 0; i < part.len; i++) {
        char c = part.at[i];
        bool fits = pack_part_ok((struct slice){&c, 1}) || (c && strchr("-:._", c));
        name[len + dot + i] = fits ? c : '_';
    }
    name[len + dot + part.len] = 0;
    return true;
}

bool push_item_name_ok(const char *name)
{
    return pack_part_ok(slice_of(name)) && pack_metric_ok(slice_of(name));
}
