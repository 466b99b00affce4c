#include "checks/check_port.h"

#include "base/num.h"
#include "checks/check_file.h"
#include "io/file.h"

#include <net/if.h>
#include <stdio.h>
#include <sys/stat.h>

bool check_port_name_ok(const struct check_common *common, char ret_why[FIELD_WHY_MAX])
{
    const char *name = common->target;
    if (name[0] && strlen(name) < IF_NAMESIZE && !strpbrk(name, "/: \t") &&
        strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
        return true;
    snprintf(ret_why, FIELD_WHY_MAX, "target must be an interface's name, such as eth0");
    return false;
}

bool check_port_number(struct check *check, const char *file, struct buf *text, int64_t *ret_value)
{
    char path[FILE_PATH_MAX];
    snprintf(path, sizeof path, "/sys/class/net/%.16s/%s", check_common_of(check)->target, file);
    if (check_file_read(check_env(check), path, text) != 0)
        return false;
    struct slice number = check_file_text(text);
    if (number.len > 0 && number.at[number.len - 1] == '\n')
        number.len--;
    return num_parse_i64(number, ret_value) == 0;
}

void check_port_missing(struct check *check)
{
    char path[FILE_PATH_MAX];
    struct stat folder;
    if (check_file_path(check_env(check), path, sizeof path, "/sys/class/net") == 0 &&
        stat(path, &folder) == 0)
        check_report_judge(check_draft(check), VERDICT_FAILED, "no such interface");
    else
        check_report_judge(check_draft(check), VERDICT_UNKNOWN, "/sys/class/net cannot be read");
}
