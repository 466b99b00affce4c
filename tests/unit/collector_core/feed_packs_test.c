#include "core/feed_packs.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"
#include "wire/body.h"
#include "wire/pack_reader.h"

#include <string.h>

enum { MINUTE = 60000 };

static const struct feed_map map = {
    .period_ms = 5 * MINUTE, .ttl_ms = 11 * MINUTE, .max_age_ms = 60 * MINUTE};
static const struct wall_ms noon = {1790000000000};

static struct feed_voice voice_of(const struct inventory *inv, unsigned part, unsigned parts)
{
    return (struct feed_voice){&map, inv, sample_operator(inv, "a"), noon, part, parts};
}

static void add_event(struct feed_sheet *sheet, int64_t t, uint32_t unit, enum cause cause,
                      enum verdict verdict, uint32_t text)
{
    struct feed_event *event = vec_push(&sheet->events);
    assert_non_null(event);
    *event = (struct feed_event){t, unit, (uint8_t)cause, (uint8_t)verdict, text};
}

static void a_table_is_a_list_and_its_readings(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct feed_voice voice = voice_of(inv, 0, 1);
    struct feed_sheet sheet;
    struct feed_packs packs;
    struct body body;
    struct reason why;
    feed_sheet_init(&sheet);
    feed_packs_init(&packs);
    sheet.causes = 1U << CAUSE_FAULT | 1U << CAUSE_POWER;
    buf_str(&sheet.texts, "AC fail");
    add_event(&sheet, noon.ms - MINUTE, sample_unit(inv, "bts-1/5g@a"), CAUSE_POWER, VERDICT_FAILED,
              1);
    assert_int_equal(feed_packs_write(&voice, &sheet, &packs), 0);
    assert_int_equal(packs.ends.len, 2);
    assert_int_equal(body_read(feed_packs_at(&packs, 0), noon, &body, &why), 0);
    assert_int_equal(body.list.len, 6); /* bts-1 4g 5g, bts-2 4g, by two causes */
    assert_int_equal(body.list.len, feed_packs_checks(&voice, sheet.causes));
    assert_int_equal(body.list.time_us, (noon.ms - 60 * MINUTE) * 1000);
    assert_true(slice_is(body.list.entries[3].name, "operator/5g.power"));
    assert_true(slice_is(body.list.entries[3].units[0], "5g@a"));
    assert_int_equal(body.list.entries[3].cause, CAUSE_POWER);
    assert_int_equal(body.list.entries[3].ttl_ms, 11 * MINUTE);
    body_done(&body);
    struct slice pack = feed_packs_at(&packs, 1);
    static const char wanted[] =
        "[{\"bn\":\"bts-1/\",\"bt\":1789999940.000000,\"n\":\"operator/5g.power/state\",\"v\":2},"
        "{\"n\":\"operator/5g.power/alarm\",\"vs\":\"AC fail\"}]";
    assert_memory_equal(pack.at, wanted, sizeof wanted - 1);
    assert_int_equal(pack.len, sizeof wanted - 1);
    feed_packs_done(&packs);
    feed_sheet_done(&sheet);
    inventory_free(inv);
}

/* Each part has its own sites, and every site a part. */
static void parts_share_the_sites(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    size_t sum = 0;
    for (unsigned part = 0; part < 3; part++) {
        struct feed_voice voice = voice_of(inv, part, 3);
        sum += feed_packs_checks(&voice, 1U << CAUSE_FAULT);
    }
    assert_int_equal(sum, 3);
    inventory_free(inv);
}

static struct inventory *many_sites(unsigned n)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_str(&text,
            "[areas]\nid,level,name\np,province,P\n[operators]\nid\na\n[sites]\nid,kind,area\n");
    for (unsigned i = 0; i < n; i++)
        buf_printf(&text, "s%u,bts,p\n", i);
    buf_str(&text, "[units]\nsite,service,operator\n");
    for (unsigned i = 0; i < n; i++)
        buf_printf(&text, "s%u,4g,a\n", i);
    struct inventory *inv = sample_inventory(NULL, text.data, 0);
    buf_done(&text);
    return inv;
}

static void more_checks_than_a_list_holds_need_parts(void **state)
{
    (void)state;
    struct inventory *inv = many_sites(600);
    struct feed_sheet sheet;
    struct feed_packs packs;
    feed_sheet_init(&sheet);
    feed_packs_init(&packs);
    sheet.causes = 1U << CAUSE_FAULT;
    struct feed_voice one = voice_of(inv, 0, 1), first = voice_of(inv, 0, 2);
    assert_int_equal(feed_packs_write(&one, &sheet, &packs), ERR_FULL);
    assert_int_equal(feed_packs_write(&first, &sheet, &packs), 0);
    assert_int_equal(packs.ends.len, 1); /* nothing to tell but the list */
    assert_true(feed_packs_at(&packs, 0).len <= PACK_BYTES_MAX);
    feed_packs_done(&packs);
    feed_sheet_done(&sheet);
    inventory_free(inv);
}

/* Long texts fill packs: each is whole, in order, and none is lost. */
static void packs_are_cut_between_readings(void **state)
{
    (void)state;
    struct inventory *inv = many_sites(500);
    struct feed_sheet sheet;
    struct feed_packs packs;
    struct feed_voice voice = voice_of(inv, 0, 1);
    struct pack_reader reader;
    struct reason why;
    size_t readings = 0;
    feed_sheet_init(&sheet);
    feed_packs_init(&packs);
    sheet.causes = 1U << CAUSE_FAULT;
    for (int i = 0; i < 200; i++)
        buf_char(&sheet.texts, 'x');
    for (uint32_t unit = 0; unit < 500; unit++)
        add_event(&sheet, noon.ms, unit, CAUSE_FAULT, VERDICT_FAILED, 1);
    assert_int_equal(feed_packs_write(&voice, &sheet, &packs), 0);
    assert_int_equal(pack_reader_init(&reader), 0);
    for (size_t i = 1; i < packs.ends.len; i++) {
        assert_int_equal(
            pack_reader_read(&reader, feed_packs_at(&packs, i), PACK_STREAM, noon, &why), 0);
        readings += reader.len;
    }
    assert_int_equal(readings, 1000);
    assert_true(packs.ends.len > 3);
    pack_reader_done(&reader);
    feed_packs_done(&packs);
    feed_sheet_done(&sheet);
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_a_list_and_its_readings),
        cmocka_unit_test(parts_share_the_sites),
        cmocka_unit_test(more_checks_than_a_list_holds_need_parts),
        cmocka_unit_test(packs_are_cut_between_readings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
