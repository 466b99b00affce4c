/* The chain of the audit log: each part of a row, and each row before it, is in its hash. */
#include "shell/audit.h"

#include "unit.h"

#include <string.h>

static const unsigned char ZEROS[DIGEST_BYTES];

static struct audit_entry some(void)
{
    static const struct audit_actor actor = {"lan", "operator", "10.0.0.7"};
    struct audit_entry entry = audit_by(&actor, (struct wall_ms){1790000000000}, "close", "SC7");
    entry.text[AUDIT_DETAIL] = slice_of("{}");
    return entry;
}

static void hash(const unsigned char *before, uint64_t number, const struct audit_entry *entry,
                 unsigned char *ret)
{
    assert_int_equal(audit_hash(before, number, entry, ret), 0);
}

static void every_part_is_in_the_hash(void **state)
{
    (void)state;
    unsigned char one[DIGEST_BYTES];
    unsigned char other[DIGEST_BYTES];
    struct audit_entry entry = some();
    hash(ZEROS, 1, &entry, one);
    hash(ZEROS, 1, &entry, other);
    assert_memory_equal(one, other, DIGEST_BYTES);
    hash(one, 1, &entry, other);
    assert_memory_not_equal(one, other, DIGEST_BYTES);
    hash(ZEROS, 2, &entry, other);
    assert_memory_not_equal(one, other, DIGEST_BYTES);
    entry.at.ms++;
    hash(ZEROS, 1, &entry, other);
    assert_memory_not_equal(one, other, DIGEST_BYTES);
    for (int i = 0; i < AUDIT_TEXTS; i++) {
        entry = some();
        entry.text[i] = slice_of("x");
        hash(ZEROS, 1, &entry, other);
        assert_memory_not_equal(one, other, DIGEST_BYTES);
    }
}

/* What stands at the end of one text does not stand as well at the beginning of the next. */
static void texts_do_not_run_into_each_other(void **state)
{
    (void)state;
    unsigned char one[DIGEST_BYTES];
    unsigned char other[DIGEST_BYTES];
    struct audit_entry entry = some();
    entry.text[AUDIT_ACT] = slice_of("clo");
    entry.text[AUDIT_TARGET] = slice_of("seSC7");
    hash(ZEROS, 1, &entry, other);
    entry = some();
    hash(ZEROS, 1, &entry, one);
    assert_memory_not_equal(one, other, DIGEST_BYTES);
}

/* FIPS 180-4, appendix: the digest of "abc". */
static void digests_are_sha256(void **state)
{
    (void)state;
    unsigned char digest[DIGEST_BYTES];
    unsigned char back[DIGEST_BYTES];
    char text[DIGEST_TEXT_MAX];
    assert_int_equal(digest_sha256(slice_of("abc"), digest), 0);
    digest_text(digest, text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(digest_parse(slice_of(text), back), 0);
    assert_memory_equal(digest, back, DIGEST_BYTES);
    text[3] = 'g';
    assert_int_not_equal(digest_parse(slice_of(text), back), 0);
    assert_int_not_equal(digest_parse(slice_of("ba78"), back), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_in_the_hash),
        cmocka_unit_test(texts_do_not_run_into_each_other),
        cmocka_unit_test(digests_are_sha256),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
