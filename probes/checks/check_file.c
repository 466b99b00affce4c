#include "checks/check_file.h"

#include "base/err.h"
#include "io/file.h"

#include <stdarg.h>
#include <stdio.h>

int check_file_path(const struct check_env *env, char *ret_path, size_t size, const char *path, ...)
{
    size_t root = strlen(env->root);
    if (root >= size)
        return ERR_TOO_LONG;
    memcpy(ret_path, env->root, root);
    va_list args;
    va_start(args, path);
    int len = vsnprintf(ret_path + root, size - root, path, args);
    va_end(args);
    return len < 0 || (size_t)len >= size - root ? ERR_TOO_LONG : 0;
}

int check_file_read(const struct check_env *env, const char *path, struct buf *out)
{
    char full[FILE_PATH_MAX];
    buf_clear(out);
    int err = check_file_path(env, full, sizeof full, "%s", path);
    return err ? err : file_read(full, out);
}

struct slice check_file_text(const struct buf *out)
{
    return out->len ? (struct slice){out->data, out->len} : (struct slice){"", 0};
}
