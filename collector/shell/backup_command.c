#include "shell/backup_command.h"

#include "base/iso.h"
#include "shell/backup.h"

#include <stdio.h>

static int tell(const struct backup_report *report, int err, const char *done)
{
    char at[ISO_TEXT_MAX];
    if (err) {
        fprintf(stderr, "ioc-collector: %s\n", report->why);
        return 1;
    }
    int len = (int)iso_write(report->at, at);
    printf("%s %s: the collector as of %.*s, %llu bytes, %llu batches for the database\n",
           report->file, done, len, at, (unsigned long long)report->bytes,
           (unsigned long long)report->batches);
    if (report->missing)
        fprintf(stderr,
                "ioc-collector: %llu batches had lost their files before; their readings are "
                "counted as dead\n",
                (unsigned long long)report->missing);
    return 0;
}

int backup_command_make(const char *data_folder, const char *to)
{
    struct backup_report report;
    int err = backup_make(data_folder, to, &report);
    return tell(&report, err, "made");
}

int backup_command_restore(const char *data_folder, const char *from)
{
    struct backup_report report;
    int err = backup_restore(from, data_folder, &report);
    return tell(&report, err, "restored");
}
