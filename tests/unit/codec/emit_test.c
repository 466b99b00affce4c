#include "codec/emit.h"

#include "unit.h"

#include <math.h>
#include <string.h>

static void writes_every_kind_of_value_with_its_commas(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1024);
    struct emit e = emit_to(&out);
    emit_object(&e, NULL);
    emit_text(&e, "name", "Đô \"Vinh\"\n");
    emit_text(&e, "none", NULL);
    emit_int(&e, "big", INT64_MIN);
    emit_number(&e, "ratio", 0.9962);
    emit_number(&e, "nan", NAN);
    emit_bool(&e, "yes", true);
    emit_instant(&e, "t", (struct wall_ms){1790000000123});
    emit_instant(&e, "never", (struct wall_ms){WALL_NEVER_MS});
    emit_array(&e, "list");
    emit_int(&e, NULL, 1);
    emit_object(&e, NULL);
    emit_end(&e);
    emit_array(&e, NULL);
    emit_int(&e, NULL, 2);
    emit_int(&e, NULL, 3);
    emit_end(&e);
    emit_end(&e);
    emit_object(&e, "after");
    emit_end(&e);
    emit_end(&e);
    assert_string_equal(
        out.data, "{\"name\":\"Đô "
                  "\\\"Vinh\\\"\\n\",\"none\":null,\"big\":-9223372036854775808,\"ratio\":0.9962,"
                  "\"nan\":null,\"yes\":true,\"t\":\"2026-09-21T14:13:20.123Z\",\"never\":null,"
                  "\"list\":[1,{},[2,3]],\"after\":{}}");
    buf_done(&out);
}

static void an_answer_over_its_bound_is_an_error_not_a_shorter_answer(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 10);
    struct emit e = emit_to(&out);
    emit_array(&e, NULL);
    for (int i = 0; i < 10; i++)
        emit_int(&e, NULL, 1000);
    emit_end(&e);
    assert_true(out.err != 0);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_every_kind_of_value_with_its_commas),
        cmocka_unit_test(an_answer_over_its_bound_is_an_error_not_a_shorter_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
