#include "shell/wall_outlines.h"

#include "base/err.h"
#include "io/file.h"

#include <cJSON.h>

#include <stdbool.h>
#include <string.h>

enum { BYTES_MAX = 16 << 20 };

static bool is_collection(const struct buf *text)
{
    cJSON *root = cJSON_ParseWithLength(text->data, text->len);
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, "type"));
    bool is = type && strcmp(type, "FeatureCollection") == 0 &&
              cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(root, "features"));
    cJSON_Delete(root);
    return is;
}

int wall_outlines_read(const char *file, struct buf *out)
{
    buf_init(out, BYTES_MAX);
    int err = file[0] ? file_read(file, out) : 0;
    if (!err && file[0] && !is_collection(out))
        err = ERR_SYNTAX;
    if (err)
        buf_clear(out);
    return err;
}
