#include "core/vocabulary.h"

#include "unit.h"

#include <stdio.h>

enum { PACK = 100, MAX = 2000 };

/* A pack of metrics from @p first on; true if they may be used. */
static bool use(struct vocabulary *v, uint32_t source, int first)
{
    static char text[PACK][16];
    struct reading readings[PACK];
    for (int i = 0; i < PACK; i++) {
        snprintf(text[i], sizeof text[i], "m%d", first + i);
        readings[i] = (struct reading){
            .site = slice_of("S1"), .check = slice_of("icmp/a"), .metric = slice_of(text[i])};
    }
    return vocabulary_admits(v, source, readings, PACK);
}

static void who_uses_the_same_names_is_never_refused(void **state)
{
    (void)state;
    struct vocabulary *v = vocabulary_new(MAX);
    assert_non_null(v);
    for (int i = 0; i < 10000; i++)
        assert_true(use(v, 5, i % 3 * PACK));
    assert_int_equal(vocabulary_followed(v), 0);
    vocabulary_free(v);
}

static void new_names_end_at_the_bound_and_old_ones_go_on(void **state)
{
    (void)state;
    struct vocabulary *v = vocabulary_new(MAX);
    assert_non_null(v);
    int used = 0;
    while (used < 1000000 && use(v, 5, used))
        used += PACK;
    assert_int_equal(vocabulary_followed(v), 1);
    assert_true(used >= MAX);
    assert_true(used <= MAX + 12000); /* an eighth of the names is looked at, to about 700 seen */
    assert_false(use(v, 5, 5000000));
    assert_true(use(v, 5, used - PACK)); /* its last are known */
    assert_true(use(v, 6, 5000000));     /* another has a vocabulary of its own */
    vocabulary_free(v);
}

static void one_new_name_a_pack_is_found_too(void **state)
{
    (void)state;
    struct vocabulary *v = vocabulary_new(MAX);
    assert_non_null(v);
    int used = 0;
    bool may = true;
    while (used < 1000000 && may) {
        char text[16];
        snprintf(text, sizeof text, "m%d", used++);
        struct reading reading = {
            .site = slice_of("S1"), .check = slice_of("icmp/a"), .metric = slice_of(text)};
        may = vocabulary_admits(v, 5, &reading, 1);
    }
    assert_true(used > MAX && used <= MAX + 12000);
    vocabulary_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_uses_the_same_names_is_never_refused),
        cmocka_unit_test(new_names_end_at_the_bound_and_old_ones_go_on),
        cmocka_unit_test(one_new_name_a_pack_is_found_too),
    };
    return cmocka_run_group_tests_name("vocabulary", tests, NULL, NULL);
}
