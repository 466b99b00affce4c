#include "checks/http/http_machine.h"

#include <ctype.h>
#include <math.h>

bool http_machine_status_text_ok(struct slice text)
{
    if (text.len != 3 || text.at[0] < '1' || text.at[0] > '5')
        return false;
    for (size_t i = 1; i < text.len; i++) {
        if (!isdigit((unsigned char)text.at[i]) && text.at[i] != 'x')
            return false;
    }
    return true;
}

static bool stands_for(const char *pattern, int status)
{
    const int digits[] = {status / 100, status / 10 % 10, status % 10};
    for (size_t i = 0; i < 3; i++) {
        if (pattern[i] != 'x' && pattern[i] - '0' != digits[i])
            return false;
    }
    return true;
}

bool http_machine_status_ok(const struct field_texts *expected, int status)
{
    for (size_t i = 0; i < expected->len; i++) {
        if (stands_for(expected->text[i], status))
            return true;
    }
    return false;
}

bool http_machine_url_ok(struct slice text)
{
    static const char *const schemes[] = {"http://", "https://"};

    for (size_t i = 0; i < text.len; i++) {
        if (!isgraph((unsigned char)text.at[i]))
            return false;
    }
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t len = strlen(schemes[i]);
        if (text.len > len && memcmp(text.at, schemes[i], len) == 0)
            return !strchr("/?#:@", text.at[len]);
    }
    return false;
}

struct http_times http_machine_times(const int64_t ends_us[HTTP_MACHINE_ENDS])
{
    double phase_ms[HTTP_MACHINE_ENDS];
    int64_t before_us = 0;
    for (int i = 0; i < HTTP_MACHINE_ENDS; i++) {
        phase_ms[i] = ends_us[i] > 0 ? (double)(ends_us[i] - before_us) / 1e3 : -1;
        if (ends_us[i] > 0)
            before_us = ends_us[i];
    }
    return (struct http_times){
        .resolve_ms = phase_ms[0],
        .connect_ms = phase_ms[1],
        .tls_ms = phase_ms[2],
        .wait_ms = phase_ms[3],
        .transfer_ms = ends_us[3] > 0 ? phase_ms[4] : -1,
        .total_ms = ends_us[4] > 0 ? (double)ends_us[4] / 1e3 : -1,
    };
}

double http_machine_days_left(struct wall_ms expiry, struct wall_ms now)
{
    return floor((double)(expiry.ms - now.ms) / 864e5 * 100) / 100;
}
