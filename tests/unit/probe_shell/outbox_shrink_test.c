#include "shell/outbox_shrink.h"

#include "base/err.h"
#include "base/rng.h"
#include "unit.h"
#include "wire/pack.h"

enum { READINGS = 100, FLASH_PAGE = 4096 };

/* As the checks of a probe fill it: names that repeat, numbers that do not. */
static void fill(struct buf *pack)
{
    struct rng rng = {1};
    buf_init(pack, PACK_BYTES_MAX);
    buf_str(pack, "[{\"bn\":\"bts-1/\",\"bt\":1795375957.045501");
    for (int i = 0; i < READINGS; i++)
        buf_printf(pack, "},{\"n\":\"icmp/core-%d/rtt_max\",\"u\":\"ms\",\"v\":%d.%03d", i % 8,
                   (int)rng_below(&rng, 90) + 10, (int)rng_below(&rng, 1000));
    buf_str(pack, "}]");
}

static void a_pack_fits_into_a_page_and_comes_back(void **state)
{
    (void)state;
    struct outbox_shrink shrink = {0};
    struct buf pack, back;
    fill(&pack);
    buf_init(&back, PACK_BYTES_MAX);
    for (int again = 0; again < 2; again++) {
        struct slice small = outbox_shrink_pack(&shrink, (struct slice){pack.data, pack.len});
        assert_true(pack.len > FLASH_PAGE && small.len > 0 && small.len < FLASH_PAGE / 2);
        assert_int_equal(outbox_shrink_undo(small, pack.len, &back), 0);
        assert_int_equal(back.len, pack.len);
        assert_memory_equal(back.data, pack.data, pack.len);
    }
    outbox_shrink_done(&shrink);
    outbox_shrink_done(&shrink);
    buf_done(&back);
    buf_done(&pack);
}

static void what_is_short_or_does_not_shrink_stays(void **state)
{
    (void)state;
    struct outbox_shrink shrink = {0};
    char noise[PACK_BYTES_MAX];
    struct rng rng = {2};
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)rng_below(&rng, 256);
    static const size_t lens[] = {0, 1, OUTBOX_SHRINK_MIN - 1, OUTBOX_SHRINK_MIN, sizeof noise};
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++)
        assert_int_equal(outbox_shrink_pack(&shrink, (struct slice){noise, lens[i]}).len, 0);
    char same[OUTBOX_SHRINK_MIN] = {0};
    assert_int_equal(outbox_shrink_pack(&shrink, (struct slice){same, sizeof same - 1}).len, 0);
    assert_true(outbox_shrink_pack(&shrink, (struct slice){same, sizeof same}).len > 0);
    outbox_shrink_done(&shrink);
}

/* Whatever the disk made of it: an error, or bytes of the length that was asked for. */
static void what_is_damaged_is_told(void **state)
{
    (void)state;
    struct outbox_shrink shrink = {0};
    struct buf pack, back;
    struct rng rng = {3};
    fill(&pack);
    buf_init(&back, PACK_BYTES_MAX);
    struct slice small = outbox_shrink_pack(&shrink, (struct slice){pack.data, pack.len});
    char bytes[FLASH_PAGE];
    for (size_t cut = 0; cut < small.len; cut++)
        assert_int_equal(outbox_shrink_undo((struct slice){small.at, cut}, pack.len, &back),
                         ERR_CORRUPT);
    assert_int_equal(outbox_shrink_undo(small, pack.len - 1, &back), ERR_CORRUPT);
    assert_int_equal(outbox_shrink_undo(small, pack.len + 1, &back), ERR_CORRUPT);
    assert_int_equal(outbox_shrink_undo(small, PACK_BYTES_MAX + 1, &back), ERR_FULL);
    for (int i = 0; i < 2000; i++) {
        memcpy(bytes, small.at, small.len);
        bytes[rng_below(&rng, small.len)] ^= (char)(1 << rng_below(&rng, 8));
        int err = outbox_shrink_undo((struct slice){bytes, small.len}, pack.len, &back);
        assert_true(err == ERR_CORRUPT || (err == 0 && back.len == pack.len));
    }
    outbox_shrink_done(&shrink);
    buf_done(&back);
    buf_done(&pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pack_fits_into_a_page_and_comes_back),
        cmocka_unit_test(what_is_short_or_does_not_shrink_stays),
        cmocka_unit_test(what_is_damaged_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
