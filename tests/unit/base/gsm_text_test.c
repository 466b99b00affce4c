#include "base/gsm_text.h"

#include "unit.h"

#include <string.h>

static void vietnamese_loses_its_marks_only(void **state)
{
    (void)state;

    static const struct {
        const char *text, *plain;
    } cases[] = {
        {"Trạm BTS Phước Đại – mất liên lạc", "Tram BTS Phuoc Dai - mat lien lac"},
        {"ĂẰẮẲẴẶÂẦẤẨẪẬăằắẳẵặâầấẩẫậ", "AAAAAAAAAAAAaaaaaaaaaaaa"},
        {"ÈÉẺẼẸÊỀẾỂỄỆèéẻẽẹêềếểễệ", "EEEEEEEEEEEeeeeeeeeeee"},
        {"ÌÍỈĨỊìíỉĩị", "IIIIIiiiii"},
        {"ÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢòóỏõọôồốổỗộơờớởỡợ", "OOOOOOOOOOOOOOOOOooooooooooooooooo"},
        {"ÙÚỦŨỤƯỪỨỬỮỰùúủũụưừứửữự", "UUUUUUUUUUUuuuuuuuuuuu"},
        {"ỲÝỶỸỴỳýỷỹỵĐđ", "YYYYYyyyyyDd"},
        {"ba\xCC\x80n", "ban"}, /* a mark behind its letter */
        {"a[b]{c}\\^~|`\n", "a(b)(c)/'-/' "},
        {"中\xE2", "??"},
    };

    char to[161];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(gsm_text_write(slice_of(cases[i].text), to, sizeof to),
                         strlen(cases[i].plain));
        assert_string_equal(to, cases[i].plain);
    }
}

static void what_does_not_fit_is_cut(void **state)
{
    (void)state;
    char to[4];
    assert_int_equal(gsm_text_write(slice_of("Đường"), to, sizeof to), 3);
    assert_string_equal(to, "Duo");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vietnamese_loses_its_marks_only),
        cmocka_unit_test(what_does_not_fit_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
