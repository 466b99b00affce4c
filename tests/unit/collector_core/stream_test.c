#include "core/stream.h"

#include "base/buf.h"
#include "base/err.h"
#include "unit.h"

#include <string.h>

enum { PROBE = 2 };

static struct stream_decision offer(struct stream *s, uint64_t epoch, uint64_t low, uint64_t seq,
                                    uint64_t dropped)
{
    struct stream_offer o = {PROBE, epoch, low, seq, dropped, {0}};
    struct stream_decision judged = stream_judge(s, &o), settled;
    assert_int_equal(stream_settle(s, &o, STREAM_STORED, &settled), 0);
    assert_int_equal(judged.verdict, settled.verdict);
    assert_int_equal(judged.upto, settled.upto);
    return settled;
}

static struct stream_mark mark_of(const struct stream *s, uint64_t epoch)
{
    size_t len;
    const struct stream_mark *marks = stream_marks(s, PROBE, &len);
    for (size_t i = 0; i < len; i++)
        if (marks[i].epoch == epoch)
            return marks[i];
    return (struct stream_mark){0};
}

static void accepts_the_next_and_nothing_else(void **state)
{
    (void)state;

    static const struct {
        uint64_t low, seq, upto;
        enum stream_verdict verdict;
        bool gap;
    } cases[] = {
        {1, 2, 0, STREAM_AHEAD, true},      {1, 1, 1, STREAM_ACCEPT, false},
        {1, 1, 1, STREAM_DUPLICATE, false}, {1, 3, 1, STREAM_AHEAD, true},
        {2, 2, 2, STREAM_ACCEPT, false},    {5, 4, 2, STREAM_REFUSED, false},
        {0, 3, 2, STREAM_REFUSED, false},   {1, 0, 2, STREAM_REFUSED, false},
        {2, 3, 3, STREAM_ACCEPT, false},    {2, 1, 3, STREAM_REFUSED, false},
    };
    struct stream *s = stream_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stream_decision d = offer(s, 7, cases[i].low, cases[i].seq, 0);
        assert_int_equal(d.verdict, cases[i].verdict);
        assert_int_equal(d.upto, cases[i].upto);
        assert_int_equal(d.gap, cases[i].gap);
    }
    assert_int_equal(offer(s, 0, 1, 4, 0).verdict, STREAM_REFUSED);
    stream_free(s);
}

static void a_raised_low_is_lost_as_far_as_the_probe_says_so(void **state)
{
    (void)state;
    struct stream *s = stream_new();
    offer(s, 7, 1, 1, 0);
    struct stream_decision d = offer(s, 7, 6, 6, 3); /* 2..5 are gone, 3 by the bound */
    assert_int_equal(d.verdict, STREAM_ACCEPT);
    assert_int_equal(d.lost, 3);
    assert_int_equal(d.missing, 1);
    d = offer(s, 7, 9, 9, 5); /* 7, 8 gone; of the 5 dropped so far 3 are booked */
    assert_int_equal(d.lost, 2);
    assert_int_equal(d.missing, 0);
    d = offer(s, 7, 11, 12, 9);
    assert_int_equal(d.verdict, STREAM_AHEAD);
    struct stream_mark mark = mark_of(s, 7);
    assert_int_equal(mark.highest, 12);
    assert_int_equal(mark.upto, 9);
    assert_int_equal(stream_open_packs(&mark), 3);
    assert_int_equal(mark.stored, 3);
    assert_true(stream_balanced(&mark));
    stream_free(s);
}

static void every_fate_has_its_counter(void **state)
{
    (void)state;

    static const enum stream_fate fates[] = {STREAM_STORED, STREAM_FATE_REFUSED,
                                             STREAM_FATE_UNTIMED, STREAM_FATE_REFUSED};
    struct stream *s = stream_new();
    for (uint64_t i = 0; i < 4; i++) {
        struct stream_offer o = {PROBE, 7, 1, i + 1, 0, {0}};
        struct stream_decision d;
        assert_int_equal(stream_settle(s, &o, fates[i], &d), 0);
    }
    struct stream_mark mark = mark_of(s, 7);
    assert_int_equal(mark.stored, 1);
    assert_int_equal(mark.refused, 2);
    assert_int_equal(mark.untimed, 1);
    assert_true(stream_balanced(&mark));
    stream_free(s);
}

static void eight_epochs_are_kept_and_the_rest_is_summed(void **state)
{
    (void)state;
    struct stream *s = stream_new();
    for (uint64_t epoch = 1; epoch <= STREAM_EPOCHS; epoch++)
        for (uint64_t seq = 1; seq <= epoch; seq++)
            offer(s, epoch, 1, seq, 0);
    offer(s, 1, 1, 2, 0); /* epoch 1 is heard again: 2 is the oldest now */
    offer(s, 99, 1, 1, 0);
    size_t len;
    const struct stream_mark *marks = stream_marks(s, PROBE, &len);
    assert_int_equal(len, STREAM_EPOCHS);
    assert_int_equal(marks[0].epoch, 99);
    assert_int_equal(marks[1].epoch, 1);
    assert_int_equal(mark_of(s, 2).epoch, 0);
    assert_int_equal(mark_of(s, 1).upto, 2);
    struct stream_mark retired = stream_retired(s, PROBE);
    assert_int_equal(retired.stored, 2);
    assert_true(stream_balanced(&retired));
    stream_free(s);
}

static void probes_do_not_meet(void **state)
{
    (void)state;
    struct stream *s = stream_new();
    struct stream_decision d;
    struct stream_offer o = {9, 7, 1, 1, 0, {0}};
    assert_int_equal(stream_settle(s, &o, STREAM_STORED, &d), 0);
    assert_int_equal(mark_of(s, 7).upto, 0);
    assert_int_equal(stream_retired(s, 500).highest, 0);
    stream_free(s);
}

struct kept {
    char key[8], value[640];
    size_t key_len, value_len, puts;
};

static int keep(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct kept *k = context;
    assert_int_equal(kind, ROW_STREAM);
    memcpy(k->key, key.at, k->key_len = key.len);
    memcpy(k->value, value.at, k->value_len = value.len);
    k->puts++;
    return 0;
}

static int refuse(void *context, uint8_t kind, struct slice key, struct slice value)
{
    (void)context, (void)kind, (void)key, (void)value;
    return ERR_BUSY;
}

static void rows_carry_every_mark(void **state)
{
    (void)state;
    struct stream *s = stream_new();
    for (uint64_t epoch = 1; epoch <= STREAM_EPOCHS + 2; epoch++)
        offer(s, epoch, 3, 3, 1);
    struct kept kept = {0};
    struct row_sink busy = {.put = refuse}, sink = {.context = &kept, .put = keep};
    assert_int_equal(stream_save(s, &busy), ERR_BUSY);
    assert_int_equal(stream_save(s, &sink), 0);
    offer(s, STREAM_EPOCHS, 3, 3, 1); /* a duplicate changes no row */
    assert_int_equal(stream_save(s, &sink), 0);
    assert_int_equal(kept.puts, 1);

    struct stream *again = stream_new();
    struct slice key = {kept.key, kept.key_len}, value = {kept.value, kept.value_len};
    assert_int_equal(stream_load(again, key, value), 0);
    assert_int_equal(stream_load(again, key, value), 0);
    size_t len, len_again;
    const struct stream_mark *marks = stream_marks(s, PROBE, &len);
    const struct stream_mark *loaded = stream_marks(again, PROBE, &len_again);
    assert_int_equal(len, len_again);
    assert_memory_equal(marks, loaded, len * sizeof *marks);
    assert_int_equal(stream_retired(again, PROBE).missing, 2);
    assert_int_equal(offer(again, STREAM_EPOCHS, 3, 4, 1).verdict, STREAM_ACCEPT);
    stream_free(again);
    stream_free(s);
}

static void a_broken_equation_is_loaded_for_the_audit_to_find(void **state)
{
    (void)state;
    struct stream *s = stream_new();
    offer(s, 7, 1, 1, 0);
    struct kept kept = {0};
    struct row_sink sink = {.context = &kept, .put = keep};
    assert_int_equal(stream_save(s, &sink), 0);
    kept.value[4 + 7 + 8 + 2]++; /* stored of the first mark */
    assert_int_equal(stream_load(s, (struct slice){kept.key, kept.key_len},
                                 (struct slice){kept.value, kept.value_len}),
                     0);
    struct stream_mark mark = mark_of(s, 7);
    assert_false(stream_balanced(&mark));
    stream_free(s);
}

static void a_refused_pack_is_stored_after_all_once(void **state)
{
    (void)state;
    struct stream *s = stream_new();
    struct stream_offer o = {PROBE, 7, 1, 1, 0, {0}};
    struct stream_decision d;
    assert_int_equal(stream_requeue(s, PROBE, 7), ERR_NOT_FOUND);
    assert_int_equal(stream_settle(s, &o, STREAM_FATE_REFUSED, &d), 0);
    assert_int_equal(stream_requeue(s, PROBE, 7), 0);
    struct stream_mark mark = mark_of(s, 7);
    assert_int_equal(mark.stored, 1);
    assert_int_equal(mark.refused, 0);
    assert_true(stream_balanced(&mark));
    assert_int_equal(stream_requeue(s, PROBE, 7), ERR_NOT_FOUND);
    stream_free(s);
}

static void the_age_of_open_packs_counts_from_the_last_settled(void **state)
{
    (void)state;

    static const struct {
        uint64_t seq;
        int64_t at, since;
    } steps[] = {{1, 10, 0},  {5, 20, 20}, {6, 30, 20}, {2, 40, 40},
                 {3, 50, 50}, {4, 60, 60}, {5, 70, 70}, {6, 80, 0}};
    struct stream *s = stream_new();
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct stream_offer o = {
            .probe = PROBE, .epoch = 7, .low = 1, .seq = steps[i].seq, .at = {steps[i].at}};
        struct stream_decision d;
        assert_int_equal(stream_settle(s, &o, STREAM_STORED, &d), 0);
        assert_int_equal(mark_of(s, 7).open_since.ms, steps[i].since);
    }
    stream_free(s);
}

static void damaged_rows_are_refused(void **state)
{
    (void)state;
    struct stream *s = stream_new();
    offer(s, 7, 1, 1, 0);
    struct kept kept = {0};
    struct row_sink sink = {.context = &kept, .put = keep};
    assert_int_equal(stream_save(s, &sink), 0);
    struct slice key = {kept.key, kept.key_len};
    for (size_t len = 1; len < kept.value_len; len++)
        assert_int_equal(stream_load(s, key, (struct slice){kept.value, len}), ERR_CORRUPT);
    assert_int_equal(stream_load(s, (struct slice){"g\xff\xff\xff\xff", 5},
                                 (struct slice){kept.value, kept.value_len}),
                     ERR_CORRUPT);
    kept.value[4 + 7 + 8]++; /* upto of the first mark: the equation breaks */
    assert_int_equal(stream_load(s, key, (struct slice){kept.value, kept.value_len}), ERR_CORRUPT);
    kept.value[0] = 9;
    assert_int_equal(stream_load(s, key, (struct slice){kept.value, kept.value_len}), ERR_VERSION);
    assert_int_equal(mark_of(s, 7).upto, 1);
    stream_free(s);
}

static int drop(void *context, uint8_t kind, struct slice key)
{
    struct kept *k = context;
    assert_int_equal(kind, ROW_STREAM);
    memcpy(k->key, key.at, k->key_len = key.len);
    k->puts++;
    return 0;
}

static int put_nothing(void *context, uint8_t kind, struct slice key, struct slice value)
{
    (void)context, (void)kind, (void)value;
    assert_int_equal(key.len, 5);
    return 0;
}

/* A store of before had one row a probe; the first save replaces them all. */
static void rows_of_version_1_are_read_and_replaced(void **state)
{
    (void)state;
    struct buf row;
    struct kept dropped = {0};
    struct row_sink sink = {.context = &dropped, .put = put_nothing, .drop = drop};
    buf_init(&row, 1000);
    buf_put(&row, "\1\1", 2);
    for (int i = 0; i < 8; i++)
        buf_le64(&row, 0);
    static const uint64_t mark[] = {7, 5, 6, 4, 1, 0, 0, 0}; /* epoch 7: upto 5 of 6, 1 refused */
    for (int i = 0; i < 8; i++)
        buf_le64(&row, mark[i]);
    struct stream *s = stream_new();
    struct slice value = {row.data, row.len};
    assert_int_equal(stream_load(s, (struct slice){"\x2c\1\0\0", 4}, value), 0);
    size_t len;
    const struct stream_mark *marks = stream_marks(s, 300, &len);
    assert_int_equal(len, 1);
    assert_true(marks->epoch == 7 && marks->upto == 5 && marks->highest == 6);
    assert_true(marks->stored == 4 && marks->refused == 1);
    assert_int_equal(stream_save(s, &sink), 0);
    assert_int_equal(dropped.puts, 1);
    assert_memory_equal(dropped.key, "\x2c\1\0\0", 4);
    assert_int_equal(stream_save(s, &sink), 0);
    assert_int_equal(dropped.puts, 1);
    value.len--;
    assert_int_equal(stream_load(s, (struct slice){"\x2c\1\0\0", 4}, value), ERR_CORRUPT);
    stream_free(s);
    buf_done(&row);
}

/* Each probe of a row is as it was, whichever of them changed. */
static void neighbours_share_a_row(void **state)
{
    (void)state;
    struct stream *s = stream_new(), *again = stream_new();
    struct kept kept = {0};
    struct row_sink sink = {.context = &kept, .put = keep};
    struct stream_decision d;
    for (uint32_t probe = 32; probe < 40; probe++)
        assert_int_equal(
            stream_settle(s, &(struct stream_offer){probe, 7, 1, 1, 0, {0}}, STREAM_STORED, &d), 0);
    assert_int_equal(stream_save(s, &sink), 0);
    assert_int_equal(kept.puts, 1);
    assert_int_equal(
        stream_settle(s, &(struct stream_offer){39, 7, 1, 2, 0, {0}}, STREAM_STORED, &d), 0);
    assert_int_equal(stream_save(s, &sink), 0);
    assert_int_equal(kept.puts, 2);
    assert_int_equal(stream_load(again, (struct slice){kept.key, kept.key_len},
                                 (struct slice){kept.value, kept.value_len}),
                     0);
    size_t len;
    for (uint32_t probe = 32; probe < 40; probe++)
        assert_int_equal(stream_marks(again, probe, &len)->upto, probe == 39 ? 2 : 1);
    assert_null(stream_marks(again, 31, &len));
    stream_free(again);
    stream_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_the_next_and_nothing_else),
        cmocka_unit_test(a_raised_low_is_lost_as_far_as_the_probe_says_so),
        cmocka_unit_test(every_fate_has_its_counter),
        cmocka_unit_test(eight_epochs_are_kept_and_the_rest_is_summed),
        cmocka_unit_test(probes_do_not_meet),
        cmocka_unit_test(rows_carry_every_mark),
        cmocka_unit_test(a_broken_equation_is_loaded_for_the_audit_to_find),
        cmocka_unit_test(a_refused_pack_is_stored_after_all_once),
        cmocka_unit_test(the_age_of_open_packs_counts_from_the_last_settled),
        cmocka_unit_test(damaged_rows_are_refused),
        cmocka_unit_test(rows_of_version_1_are_read_and_replaced),
        cmocka_unit_test(neighbours_share_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
