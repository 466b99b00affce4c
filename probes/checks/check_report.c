#include "checks/check_report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

void check_report_clear(struct check_report *report)
{
    memset(report, 0, sizeof *report);
}

void check_report_number(struct check_report *report, int metric, double number)
{
    struct check_value *value = &report->values[metric];
    value->known = isfinite(number);
    value->number = value->known ? number : 0;
}

void check_report_flag(struct check_report *report, int metric, bool flag)
{
    check_report_number(report, metric, flag);
}

void check_report_text(struct check_report *report, int metric, struct slice text)
{
    struct check_value *value = &report->values[metric];
    size_t len = text.len < sizeof value->text ? text.len : sizeof value->text - 1;
    for (size_t i = 0; i < len; i++)
        value->text[i] = text.at[i] >= ' ' && text.at[i] <= '~' ? text.at[i] : '?';
    value->text[len] = 0;
    value->known = true;
}

void check_report_judge(struct check_report *report, enum verdict verdict, const char *reason, ...)
{
    static const int rank[] = {
        [VERDICT_OK] = 0, [VERDICT_UNKNOWN] = 1, [VERDICT_DEGRADED] = 2, [VERDICT_FAILED] = 3};

    if (rank[verdict] <= rank[report->verdict])
        return;
    report->verdict = verdict;
    va_list args;
    va_start(args, reason);
    vsnprintf(report->reason, sizeof report->reason, reason, args);
    va_end(args);
}
