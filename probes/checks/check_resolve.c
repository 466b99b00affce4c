#include "checks/check_resolve.h"

#include "base/err.h"

void check_resolve_failed(struct check *check, const char *host, int err)
{
    static const struct {
        int err;
        enum verdict verdict;
        const char *why;
    } meaning[] = {
        {ERR_NOT_FOUND, VERDICT_FAILED, "has no address"},
        {ERR_TIMEOUT, VERDICT_FAILED, "was not resolved in time"},
        {ERR_NOMEM, VERDICT_UNKNOWN, "not resolved: out of memory"},
    };

    enum verdict verdict = VERDICT_UNKNOWN;
    const char *why = "not resolved: no usable name server";
    for (size_t i = 0; i < CHECK_COUNT(meaning); i++) {
        if (meaning[i].err == err) {
            verdict = meaning[i].verdict;
            why = meaning[i].why;
        }
    }
    check_report_judge(check_draft(check), verdict, "%.64s %s", host, why);
    check_finish(check);
}
