#include "core/deadman_text.h"

#include "unit.h"

#include <string.h>

/* 2026-11-22T17:12:00Z: the day after in Việt Nam. */
static const struct deadman_story STORY = {.word = DEADMAN_GONE,
                                           .centre = "Trung tâm IOC Khánh Hòa",
                                           .probe = "canh-1",
                                           .reason = "kết nối bị từ chối",
                                           .advice = "Kiểm tra điện, mạng, máy chủ tại trung tâm.",
                                           .timed = true,
                                           .since = {INT64_C(1795367520000)},
                                           .until = {INT64_C(1795368060000)},
                                           .lasted_ms = 540000,
                                           .zone_min = 420};

static void expect(const struct deadman_story *story, const char *expected)
{
    char text[DEADMAN_TEXT_MAX];
    size_t len = deadman_text_write(story, text);
    assert_string_equal(text, expected);
    assert_int_equal(len, strlen(expected));
    assert_true(len <= 160);
}

static void it_says_what_since_when_whose_and_what_to_do(void **state)
{
    (void)state;
    struct deadman_story story = STORY;
    expect(&story, "KHAN CAP: Trung tam IOC Khanh Hoa khong tra loi binh thuong tu 00:12 23/11 "
                   "GMT+7 (ket noi bi tu choi). Kiem tra dien, mang, may chu tai trung tam. Tin tu "
                   "canh-1");
    story.probe = "canh-thanh-hai"; /* the reason makes room */
    expect(&story, "KHAN CAP: Trung tam IOC Khanh Hoa khong tra loi binh thuong tu 00:12 23/11 "
                   "GMT+7 (ket noi bi). Kiem tra dien, mang, may chu tai trung tam. Tin tu "
                   "canh-thanh-hai");
    story = STORY;
    story.centre = "IOC";
    story.word = DEADMAN_STILL;
    expect(&story, "NHAC LAI: IOC khong tra loi binh thuong tu 00:12 23/11 GMT+7 (ket noi bi tu "
                   "choi). Kiem tra dien, mang, may chu tai trung tam. Tin tu canh-1");
    story.word = DEADMAN_BACK;
    expect(&story, "HET SU CO: IOC tra loi lai luc 00:21 23/11 GMT+7, sau 9 phut (tu 00:12 23/11 "
                   "GMT+7). Tin tu canh-1");
}

static void without_a_clock_it_says_how_long(void **state)
{
    static const struct {
        int64_t minutes;
        const char *text;
    } cases[] = {
        {0, "da 0 phut."},    {119, "da 119 phut."}, {120, "da 2 gio."},
        {2879, "da 47 gio."}, {2880, "da 2 ngay."},  {-5, "da 0 phut."},
    };

    (void)state;
    struct deadman_story story = STORY;
    char text[DEADMAN_TEXT_MAX];
    story.timed = false;
    story.reason = "";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        story.lasted_ms = cases[i].minutes * 60000;
        deadman_text_write(&story, text);
        assert_non_null(strstr(text, cases[i].text));
    }
    story.word = DEADMAN_BACK;
    story.lasted_ms = 540000;
    expect(&story, "HET SU CO: Trung tam IOC Khanh Hoa tra loi lai sau 9 phut. Tin tu canh-1");
}

static void zones_are_told(void **state)
{
    static const struct {
        int zone_min;
        const char *text;
    } cases[] = {
        {0, "17:12 22/11 GMT "}, {330, "22:42 22/11 GMT+5:30 "}, {-570, "07:42 22/11 GMT-9:30 "}};

    (void)state;
    struct deadman_story story = STORY;
    char text[DEADMAN_TEXT_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        story.zone_min = cases[i].zone_min;
        deadman_text_write(&story, text);
        assert_non_null(strstr(text, cases[i].text));
    }
}

/* The longest of everything: what to do and who says so still stand at the end. */
static void it_always_fits_one_sms(void **state)
{
    (void)state;
    struct deadman_story story = STORY;
    char text[DEADMAN_TEXT_MAX], longest[200];
    memset(longest, 'm', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    story.centre = story.probe = story.advice = story.reason = longest;
    story.zone_min = 345;
    for (int word = DEADMAN_GONE; word <= DEADMAN_BACK; word++) {
        story.word = (enum deadman_word)word;
        size_t len = deadman_text_write(&story, text);
        assert_true(len <= 160);
        assert_string_equal(text + len - 24, " Tin tu mmmmmmmmmmmmmmmm");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_since_when_whose_and_what_to_do),
        cmocka_unit_test(without_a_clock_it_says_how_long),
        cmocka_unit_test(zones_are_told),
        cmocka_unit_test(it_always_fits_one_sms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
