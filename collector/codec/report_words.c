#include "codec/report_words.h"

#include "base/iso.h"
#include "core/life.h"
#include "wire/verdict.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400000, HOUR_MS = 3600000, MINUTE_MS = 60000 };

static const char *const phrases[PHRASES][REPORT_LANGUAGES] = {
    [PHRASE_TITLE] = {"BÁO CÁO NHANH · {0} · tính đến {1}", "FLASH REPORT · {0} · as of {1}"},
    [PHRASE_SIMULATED] = {"SỐ LIỆU MÔ PHỎNG", "SIMULATED DATA"},
    [PHRASE_BTS] = {"1. Trạm BTS mất liên lạc: {0}/{1}", "1. Base stations down: {0}/{1}"},
    [PHRASE_BTS_MORE] = {"   Tồn đọng từ {0} trở lên: {1}; chưa xác minh (mất tín hiệu giám sát): "
                         "{2}; đã khôi phục trong 24 giờ qua: {3}",
                         "   Standing for {0} or longer: {1}; unverified (silent): {2}; restored "
                         "in the last 24 h: {3}"},
    [PHRASE_OPERATOR] = {"   {0}: {1}/{2} (tồn đọng: {3}; chưa xác minh: {4})",
                         "   {0}: {1}/{2} (standing: {3}; unverified: {4})"},
    [PHRASE_NO_OPERATOR] = {"Không rõ nhà mạng", "No operator given"},
    [PHRASE_CAUSES] = {"   Nguyên nhân: ", "   Causes: "},
    [PHRASE_POWER_ABSENT] = {"2. Chạy ắc quy, chạy máy phát: không có số liệu",
                             "2. On battery, on generator: no data"},
    [PHRASE_POWER] = {"2. Trạm BTS chạy ắc quy: {0}; chạy máy phát: {1}; ngắt ắc quy điện áp thấp: "
                      "{2}",
                      "2. Base stations on battery: {0}; on generator: {1}; battery exhausted: "
                      "{2}"},
    [PHRASE_POWER_OF] = {"   (trong {0} trạm có giám sát nguồn điện; không rõ: {1})",
                         "   (of {0} stations whose power is watched; unknown: {1})"},
    [PHRASE_ROUTES] = {"3. Tuyến truyền dẫn, cáp quang gián đoạn: {0}/{1}",
                       "3. Links and fibre routes cut: {0}/{1}"},
    [PHRASE_ROUTE] = {"   {0}: từ {1}, nguyên nhân: {2}", "   {0}: since {1}, cause: {2}"},
    [PHRASE_ROUTE_UNSURE] = {"   {0}: từ {1}, chưa xác minh", "   {0}: since {1}, unverified"},
    [PHRASE_COMMUNES] = {"4. Xã, phường, thị trấn, đặc khu mất dịch vụ di động hoàn toàn: {0}/{1}",
                         "4. Communes without any mobile service: {0}/{1}"},
    [PHRASE_COMMUNES_UNSURE] = {"   Chưa xác minh: {0}", "   Unverified: {0}"},
    [PHRASE_PEOPLE_MOBILE] = {"5. Mất dịch vụ di động hoàn toàn: {0} người, {1} hộ, {2} thôn",
                              "5. Without any mobile service: {0} people, {1} households, {2} "
                              "villages"},
    [PHRASE_PEOPLE_FIBRE] = {"   Mất dịch vụ cáp quang hoàn toàn: {0} người, {1} hộ, {2} thôn",
                             "   Without any fibre service: {0} people, {1} households, {2} "
                             "villages"},
    [PHRASE_PEOPLE_UNSURE] = {"   Chưa xác minh: {0} người, {1} hộ, {2} thôn",
                              "   Unverified: {0} people, {1} households, {2} villages"},
    [PHRASE_CENSUS] = {"   (số dân theo điều tra năm {0})", "   (people by the census of {0})"},
    [PHRASE_OUTAGES] = {"6. Sự cố đang diễn ra: {0} (chưa xác minh: {1})",
                        "6. Outages that last: {0} (unverified: {1})"},
    [PHRASE_STAGES] = {"   Xử lý: ", "   Work: "},
    [PHRASE_EXPECTED] = {"   {0}, {1}: dự kiến khôi phục {2}", "   {0}, {1}: expected back {2}"},
    [PHRASE_UNEXPECTED] = {"   Chưa có dự kiến khôi phục: {0} sự cố",
                           "   Without an expected time: {0} outages"},
    [PHRASE_HIDDEN_SITE] = {"trạm hạn chế công bố", "restricted site"},
    [PHRASE_AND_MORE] = {", và {0} nơi khác", ", and {0} more"},
    [PHRASE_HOURS] = {"{0} giờ", "{0} h"},
};

static const char *const causes[CAUSE_NONE][REPORT_LANGUAGES] = {
    [CAUSE_FAULT] = {"thiết bị", "fault"},
    [CAUSE_POWER] = {"nguồn điện", "power"},
    [CAUSE_TRANSPORT] = {"truyền dẫn", "transport"},
    [CAUSE_MANUAL] = {"tác động chủ động", "manual"},
    [CAUSE_ENERGY_SAVING] = {"tiết kiệm năng lượng", "energy saving"},
    [CAUSE_PROBE] = {"thiết bị giám sát", "probe"},
    [CAUSE_THIRD_PARTY] = {"bên thứ ba", "third party"},
    [CAUSE_UNKNOWN] = {"chưa rõ", "unknown"},
};

static const char *const stages[LIFE_STAGES][REPORT_LANGUAGES] = {
    [LIFE_NEW] = {"chưa tiếp nhận", "not acknowledged"},
    [LIFE_ACKNOWLEDGED] = {"đã tiếp nhận", "acknowledged"},
    [LIFE_ASSIGNED] = {"đã chuyển xử lý", "assigned"},
    [LIFE_IN_PROGRESS] = {"đang xử lý", "in progress"},
    [LIFE_RESTORED] = {"đã khôi phục", "restored"},
    [LIFE_CLOSED] = {"đã đóng", "closed"},
};

void report_say(struct buf *out, enum report_language language, enum report_phrase phrase,
                const char *const *values, size_t n)
{
    for (const char *at = phrases[phrase][language]; *at; at++) {
        size_t which = at[0] == '{' ? (size_t)(at[1] - '0') : n;
        if (which >= n) {
            buf_char(out, *at);
            continue;
        }
        buf_str(out, values[which]);
        at += strlen("{0");
    }
}

const char *report_cause(enum report_language language, int cause)
{
    return cause >= 0 && cause < CAUSE_NONE ? causes[cause][language] : "";
}

const char *report_stage(enum report_language language, int stage)
{
    return stage >= 0 && stage < LIFE_STAGES ? stages[stage][language] : "";
}

const char *report_number(enum report_language language, int64_t value, char text[REPORT_VALUE_MAX])
{
    char digits[REPORT_VALUE_MAX];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%lld", (long long)value);
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        bool apart = i > 0 && (len - i) % 3 == 0 && digits[i - 1] != '-';
        if (apart)
            text[at++] = language == REPORT_VI ? '.' : ',';
        text[at++] = digits[i];
    }
    text[at] = '\0';
    return text;
}

const char *report_time(struct wall_ms t, int64_t zone_ms, char text[REPORT_VALUE_MAX])
{
    int year, month, day;
    int64_t local = t.ms + zone_ms;
    int64_t days = local / DAY_MS - (local % DAY_MS < 0);
    int64_t rest = local - days * DAY_MS;
    iso_date(days, &year, &month, &day);
    snprintf(text, REPORT_VALUE_MAX, "%02d:%02d %02d/%02d/%04d", (int)(rest / HOUR_MS),
             (int)(rest % HOUR_MS / MINUTE_MS), day, month, year);
    return text;
}
