#include "shell/results.h"

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 3 };

int results_init(struct results *r, size_t len)
{
    r->result = calloc(len ? len : 1, sizeof *r->result);
    r->len = r->result ? len : 0;
    return r->result ? 0 : ERR_NOMEM;
}

void results_done(struct results *r)
{
    free(r->result);
    *r = (struct results){0};
}

static int put_value(char *to, size_t size, const struct check_metric *metric,
                     const struct check_value *value)
{
    const char *unit = metric->unit ? metric->unit : "";
    if (metric->kind == READING_TEXT)
        return snprintf(to, size, "%s %s", metric->name, value->text);
    if (metric->kind == READING_FLAG)
        return snprintf(to, size, "%s %s", metric->name, value->number != 0 ? "yes" : "no");
    if (strcmp(unit, "/") == 0)
        return snprintf(to, size, "%s %.3g %%", metric->name, value->number * 100);
    return snprintf(to, size, "%s %.6g%s%s", metric->name, value->number, *unit ? " " : "", unit);
}

void results_values(const struct check_type *type, const struct check_report *report,
                    char ret_text[RESULTS_VALUES_MAX])
{
    size_t len = 0;
    int shown = 0;
    ret_text[0] = '\0';
    for (size_t i = 0; i < type->n_metrics && shown < SHOWN; i++) {
        char one[RESULTS_VALUES_MAX];
        if (!report->values[i].known)
            continue;
        put_value(one, sizeof one, &type->metrics[i], &report->values[i]);
        if (len + strlen(one) + 3 > RESULTS_VALUES_MAX)
            break;
        len += (size_t)snprintf(ret_text + len, RESULTS_VALUES_MAX - len, "%s%s", shown ? ", " : "",
                                one);
        shown++;
    }
}

bool results_add(struct results *r, size_t index, const struct check_type *type,
                 struct mono_ms started, const struct check_report *report)
{
    struct result *result = &r->result[index];
    bool changed = !result->known || result->verdict != report->verdict;
    result->known = true;
    result->verdict = report->verdict;
    result->started = started;
    snprintf(result->reason, sizeof result->reason, "%s", report->reason);
    results_values(type, report, result->values);
    return changed;
}

enum verdict results_worst(const struct results *r)
{
    static const int severity[] = {
        [VERDICT_OK] = 1, [VERDICT_UNKNOWN] = 2, [VERDICT_DEGRADED] = 3, [VERDICT_FAILED] = 4};
    int worst = 0;
    enum verdict verdict = VERDICT_UNKNOWN;
    for (size_t i = 0; i < r->len; i++) {
        if (!r->result[i].known || severity[r->result[i].verdict] <= worst)
            continue;
        worst = severity[r->result[i].verdict];
        verdict = r->result[i].verdict;
    }
    return verdict;
}
