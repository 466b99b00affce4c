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
