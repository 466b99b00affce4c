#include "shell/status_reason.h"

#include "unit.h"

static void expect(enum status_language language, const char *reason, const char *want)
{
    struct buf out;
    buf_init(&out, 1000);
    status_reason(&out, language, reason);
    assert_string_equal(out.len ? out.data : "", want);
    buf_done(&out);
}

static void known_sentences_are_vietnamese(void **state)
{
    (void)state;

    static const char *const cases[][2] = {
        {"no connection in time", "không kết nối được trong thời hạn"},
        {"Connection refused", "kết nối bị từ chối"},
        {"rtt 120 ms is at or above its limit 100 ms", "rtt 120 ms chạm hoặc vượt ngưỡng 100 ms"},
        {"status 503 is not expected", "mã trạng thái 503 không như mong đợi"},
        {"no answer: No route to host", "không có trả lời: không có đường tới máy này"},
        {"unit 4g@a of site S1 is not in the inventory",
         "trung tâm chưa khai báo dịch vụ 4g@a của trạm S1"},
        {"Failed to connect to 10.0.0.5 port 443 after 3 ms: Couldn't connect to server",
         "không kết nối được tới 10.0.0.5 cổng 443"},
        {"mail.example has no address", "mail.example không có địa chỉ"},
        {"mains lost: on battery, about 35 min left", "mất điện lưới: chạy ắc quy, còn ≈ 35 phút"},
        {"switched off (ip link set eth0 up)", "đang tắt (ip link set eth0 up)"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect(STATUS_VIETNAMESE, cases[i][0], cases[i][1]);
        expect(STATUS_ENGLISH, cases[i][0], cases[i][0]);
    }
}

static void what_is_not_known_stays(void **state)
{
    (void)state;
    static const char *const same[] = {
        "", "*", "0x80090326", "status 503", "no answer to", "a server's own words * with a star"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        expect(STATUS_VIETNAMESE, same[i], same[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_sentences_are_vietnamese),
        cmocka_unit_test(what_is_not_known_stays),
    };
    return cmocka_run_group_tests_name("status_reason", tests, NULL, NULL);
}
