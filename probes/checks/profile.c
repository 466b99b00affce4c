#include "checks/profile.h"

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int profile_path(const char *type, const char *name, char ret_path[FILE_PATH_MAX])
{
    if (!name[0] || (name[0] != '/' && strchr(name, '/')) || name[0] == '.')
        return ERR_SYNTAX;
    const char *folder = getenv("IOC_PROFILES");
    int len = name[0] == '/' ? snprintf(ret_path, FILE_PATH_MAX, "%s", name)
                             : snprintf(ret_path, FILE_PATH_MAX, "%s/%s/%s.yaml",
                                        folder ? folder : IOC_PROFILES, type, name);
    return len < FILE_PATH_MAX ? 0 : ERR_TOO_LONG;
}

/* The first line of what conf says, or @p err itself. */
static void tell(const struct conf_errors *errors, int err, char ret_why[FIELD_WHY_MAX])
{
    if (errors->len > 0)
        snprintf(ret_why, FIELD_WHY_MAX, "%.*s", (int)strcspn(errors->text.data, "\n"),
                 errors->text.data);
    else
        snprintf(ret_why, FIELD_WHY_MAX, "%s: %s", errors->file, err_text(err));
}

/* From the file at @p path, or from @p text where there is none. */
static int read_object(const struct profile_reader *reader, const char *path, struct slice text,
                       void *object, struct conf_errors *errors)
{
    return path ? conf_read(reader->sections, reader->len, object, errors)
                : conf_read_text(reader->sections, reader->len, text, object, errors);
}

static int read_from(const struct profile_reader *reader, const char *path, struct slice text,
                     void *ret_profile, char ret_why[FIELD_WHY_MAX])
{
    struct conf_errors errors;
    void *object = calloc(1, reader->bytes);
    conf_errors_init(&errors, path ? path : "profile");
    int err = object ? read_object(reader, path, text, object, &errors) : ERR_NOMEM;
    if (!err)
        err = reader->take(object, ret_profile);
    if (err)
        tell(&errors, err, ret_why);
    if (object)
        conf_done(reader->sections, reader->len, object);
    free(object);
    conf_errors_done(&errors);
    return err;
}

int profile_read(const struct profile_reader *reader, const char *name, void *ret_profile,
                 char ret_why[FIELD_WHY_MAX])
{
    char path[FILE_PATH_MAX];
    int err = profile_path(reader->type, name, path);
    if (err)
        snprintf(ret_why, FIELD_WHY_MAX, "%s: %s", name, err_text(err));
    return err ? err : read_from(reader, path, (struct slice){0}, ret_profile, ret_why);
}

int profile_read_text(const struct profile_reader *reader, struct slice text, void *ret_profile,
                      char ret_why[FIELD_WHY_MAX])
{
    return read_from(reader, NULL, text, ret_profile, ret_why);
}
