#include "io/digest.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

/* FIPS 180-4's example. */
static void a_digest_is_that_of_the_standard(void **state)
{
    (void)state;
    unsigned char digest[DIGEST_BYTES], back[DIGEST_BYTES];
    char text[DIGEST_TEXT_MAX];
    assert_int_equal(digest_sha256(slice_of("abc"), digest), 0);
    digest_text(digest, text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(digest_parse(slice_of(text), back), 0);
    assert_memory_equal(back, digest, sizeof back);
    assert_int_equal(digest_parse(slice_of("ba78"), back), ERR_SYNTAX);
}

/* RFC 4231 sections 4.3 and 4.7 (a key longer than a block). */
static void a_code_is_that_of_the_standard(void **state)
{
    (void)state;

    static const struct {
        size_t key_len;
        const char *bytes, *want;
    } cases[] = {
        {4, "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {131, "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };

    for (size_t i = 0; i < 2; i++) {
        char key[131], text[DIGEST_TEXT_MAX];
        unsigned char code[DIGEST_BYTES];
        memset(key, 0xaa, sizeof key);
        if (cases[i].key_len == 4)
            memcpy(key, "Jefe", 4);
        assert_int_equal(digest_hmac_sha256((struct slice){key, cases[i].key_len},
                                            slice_of(cases[i].bytes), code),
                         0);
        digest_text(code, text);
        assert_string_equal(text, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_digest_is_that_of_the_standard),
        cmocka_unit_test(a_code_is_that_of_the_standard),
    };
    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
