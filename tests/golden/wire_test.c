/* The files of golden/wire are contract v1 to the byte: what is written is exactly they, and what
 * is read from them is exactly what was meant. */
#include "base/buf.h"
#include "unit.h"
#include "wire/ack.h"
#include "wire/body.h"
#include "wire/centre.h"
#include "wire/pack_reader.h"
#include "wire/pack_writer.h"
#include "wire/status.h"

#include <stdio.h>

#define BOOT UINT64_C(0x00c0ffee00c0ffee)
#define EPOCH UINT64_C(0x0123456789abcdef)
#define T INT64_C(1790000000123456)
#define NOW ((struct wall_ms){1790000200000})
#define TEXT(literal)                \
    {                                \
        literal, sizeof(literal) - 1 \
    }

static char file_bytes[PACK_BYTES_MAX];

static struct slice load(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s%s.json", GOLDEN_DIR, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot open %s", path);
    size_t len = fread(file_bytes, 1, sizeof file_bytes, file);
    fclose(file);
    return (struct slice){file_bytes, len};
}

/* What was written is the file; the buffer is freed. */
static void assert_golden(const char *name, struct buf *out)
{
    struct slice want = load(name);
    if (!slice_equal(want, (struct slice){out->data, out->len}))
        fail_msg("%s: wrote %s", name, out->data);
    buf_done(out);
}

static struct buf fresh(void)
{
    struct buf out;
    buf_init(&out, PACK_BYTES_MAX);
    return out;
}

static const struct reading readings[] = {
    {TEXT("NT-0042"), TEXT("icmp/core-1"), TEXT("state"), {0}, T, READING_NUMBER, .number = 0},
    {TEXT("NT-0042"), TEXT("icmp/core-1"), TEXT("rtt"), TEXT("ms"), T, READING_NUMBER,
     .number = 12.345},
    {TEXT("NT-0042"), TEXT("icmp/core-1"), TEXT("loss"), TEXT("/"), T, READING_NUMBER,
     .number = 0.05},
    {TEXT("NT-0042"),
     TEXT("tcp/portal"),
     TEXT("state"),
     {0},
     INT64_C(1790000010000001),
     READING_NUMBER,
     .number = 2},
    {TEXT("NT-0042"),
     TEXT("tcp/portal"),
     TEXT("open"),
     {0},
     INT64_C(1790000010000001),
     READING_FLAG,
     .flag = false},
    {TEXT("NT-0043"),
     TEXT("tcp/portal"),
     TEXT("banner"),
     {0},
     INT64_C(1790000010000001),
     READING_TEXT,
     .text = TEXT("t\"\\\n\xe1\xbb\x87")},
};

enum { N_READINGS = sizeof readings / sizeof *readings };

static void assert_same_reading(const struct reading *a, const struct reading *b)
{
    assert_true(slice_equal(a->site, b->site) && slice_equal(a->check, b->check));
    assert_true(slice_equal(a->metric, b->metric) && slice_equal(a->unit, b->unit));
    assert_int_equal(a->time_us, b->time_us);
    assert_int_equal(a->kind, b->kind);
    assert_true(a->number == b->number && a->flag == b->flag);
    assert_true(slice_equal(a->text, b->text));
}

static void pack(void **state)
{
    (void)state;
    struct buf out = fresh();
    struct pack_writer w;
    pack_writer_begin(&w, &out);
    for (size_t i = 0; i < N_READINGS; i++)
        assert_int_equal(pack_writer_add(&w, &readings[i]), 0);
    assert_int_equal(pack_writer_end(&w), 0);
    assert_golden("pack", &out);

    struct pack_reader reader;
    assert_int_equal(pack_reader_init(&reader), 0);
    assert_int_equal(pack_reader_read(&reader, load("pack"), PACK_STREAM, NOW, NULL), 0);
    assert_int_equal(reader.len, N_READINGS);
    for (size_t i = 0; i < N_READINGS; i++)
        assert_same_reading(&reader.readings[i], &readings[i]);
    pack_reader_done(&reader);
}

static const struct slice units[] = {TEXT("5g@a"), TEXT("link")};
static const struct checklist_entry entries[] = {
    {TEXT("icmp/core-1"), TEXT("NT-0042"), units, 2, 10000, 2000, 25000, ROLE_REQUIRED,
     CAUSE_TRANSPORT},
    {TEXT("host/self"), TEXT("NT-0042"), NULL, 0, 60000, 5000, 125000, ROLE_INFO, CAUSE_FAULT},
};

static void checklist(void **state)
{
    (void)state;
    struct checklist list = {.time_us = INT64_C(1790000000000000), .entries = entries, .len = 2};
    struct buf out = fresh();
    checklist_write(&out, &list);
    assert_golden("checklist", &out);

    struct body body;
    assert_int_equal(body_read(load("checklist"), NOW, &body, NULL), 0);
    assert_int_equal(body.kind, BODY_CHECKLIST);
    assert_int_equal(body.list.time_us, list.time_us);
    assert_int_equal(body.list.len, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct checklist_entry *got = &body.list.entries[i];
        assert_true(slice_equal(got->name, entries[i].name));
        assert_true(slice_equal(got->site, entries[i].site));
        assert_int_equal(got->n_units, entries[i].n_units);
        for (size_t k = 0; k < got->n_units; k++)
            assert_true(slice_equal(got->units[k], units[k]));
        assert_int_equal(got->interval_ms, entries[i].interval_ms);
        assert_int_equal(got->timeout_ms, entries[i].timeout_ms);
        assert_int_equal(got->ttl_ms, entries[i].ttl_ms);
        assert_int_equal(got->role, entries[i].role);
        assert_int_equal(got->cause, entries[i].cause);
    }
    body_done(&body);
}

static void other_bodies(void **state)
{
    (void)state;
    struct buf out = fresh();
    body_write_power_lost(&out, INT64_C(1790000123456789));
    assert_golden("power_lost", &out);
    out = fresh();
    body_write_untimed(&out, 17);
    assert_golden("untimed", &out);

    struct body body;
    assert_int_equal(body_read(load("power_lost"), NOW, &body, NULL), 0);
    assert_int_equal(body.kind, BODY_POWER_LOST);
    assert_int_equal(body.power_lost_us, INT64_C(1790000123456789));
    body_done(&body);
    assert_int_equal(body_read(load("untimed"), NOW, &body, NULL), 0);
    assert_int_equal(body.kind, BODY_UNTIMED);
    assert_int_equal(body.untimed, 17);
    body_done(&body);
}

static const struct status_result results[] = {
    {TEXT("NT-0042"), TEXT("icmp/core-1"), VERDICT_OK, T},
    {TEXT("NT-0042"), TEXT("tcp/portal"), VERDICT_FAILED, INT64_C(1790000010000001)},
};

static const struct {
    const char *name;
    struct status status;
} statuses[] = {
    {"status_online",
     {.state = STATUS_ONLINE,
      .boot = BOOT,
      .conn = 3,
      .time_us = T,
      .version = TEXT("0.1.0"),
      .clock = CLOCK_SYSTEM,
      .epoch = EPOCH,
      .backlog = 2,
      .dropped = 1,
      .unwritten = 4,
      .now = results,
      .n_now = 2}},
    {"status_work",
     {.state = STATUS_ONLINE,
      .boot = BOOT,
      .conn = 3,
      .clock = CLOCK_SYSTEM,
      .backlog = 2,
      .work = {.from_us = T, .until_us = T + INT64_C(3600000000), .reason = TEXT("pin")}}},
    {"status_untrusted", {.state = STATUS_ONLINE, .boot = BOOT, .conn = 1}},
    {"status_will", {.state = STATUS_OFFLINE, .boot = BOOT, .conn = 3}},
    {"status_power_lost",
     {.state = STATUS_POWER_LOST, .boot = BOOT, .conn = 3, .time_us = INT64_C(1790000123456789)}},
};

static void assert_same_status(const struct status *a, const struct status *b)
{
    assert_int_equal(a->state, b->state);
    assert_true(a->boot == b->boot && a->conn == b->conn && a->epoch == b->epoch);
    assert_int_equal(a->time_us, b->time_us);
    assert_true(slice_equal(a->version, b->version));
    assert_int_equal(a->clock, b->clock);
    assert_true(a->backlog == b->backlog && a->dropped == b->dropped &&
                a->unwritten == b->unwritten);
    assert_true(a->work.from_us == b->work.from_us && a->work.until_us == b->work.until_us);
    assert_true(slice_equal(a->work.reason, b->work.reason));
    assert_int_equal(a->n_now, b->n_now);
    for (size_t i = 0; i < a->n_now; i++) {
        assert_true(slice_equal(a->now[i].site, b->now[i].site));
        assert_true(slice_equal(a->now[i].check, b->now[i].check));
        assert_int_equal(a->now[i].verdict, b->now[i].verdict);
        assert_int_equal(a->now[i].time_us, b->now[i].time_us);
    }
}

static void status(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct buf out = fresh();
        status_write(&out, &statuses[i].status);
        assert_golden(statuses[i].name, &out);
        struct status got;
        assert_int_equal(status_read(load(statuses[i].name), &got, NULL), 0);
        assert_same_status(&got, &statuses[i].status);
        status_done(&got);
    }
}

static const struct ack_refused refusals[] = {
    {16, TEXT("not JSON at byte 17")},
    {17, TEXT("label foo_ must be understood")},
};

static const struct {
    const char *name;
    struct ack ack;
} acks[] = {
    {"ack", {.epoch = EPOCH, .upto = 17, .now_us = T}},
    {"ack_gap",
     {.epoch = EPOCH, .upto = 17, .now_us = T, .gap = true, .refused = refusals, .n_refused = 2}},
    {"ack_hold", {.now_us = T, .hold = TEXT("site NT-0099 is not in the inventory")}},
};

static void ack(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof acks / sizeof *acks; i++) {
        const struct ack *want = &acks[i].ack;
        struct buf out = fresh();
        ack_write(&out, want);
        assert_golden(acks[i].name, &out);
        struct ack got;
        assert_int_equal(ack_read(load(acks[i].name), &got, NULL), 0);
        assert_true(got.epoch == want->epoch && got.upto == want->upto);
        assert_int_equal(got.now_us, want->now_us);
        assert_int_equal(got.gap, want->gap);
        assert_true(slice_equal(got.hold, want->hold));
        assert_int_equal(got.n_refused, want->n_refused);
        for (size_t k = 0; k < got.n_refused; k++) {
            assert_true(got.refused[k].seq == refusals[k].seq);
            assert_true(slice_equal(got.refused[k].reason, refusals[k].reason));
        }
        ack_done(&got);
    }
}

static void centre(void **state)
{
    (void)state;
    struct centre_status mine = {.online = true, .boot = BOOT};
    struct buf out = fresh();
    centre_write_status(&out, &mine, slice_of("0.1.0"));
    assert_golden("centre_status", &out);
    struct centre_status read_back;
    assert_int_equal(centre_read_status(load("centre_status"), &read_back, NULL), 0);
    assert_true(read_back.online && read_back.boot == BOOT);

    struct centre_echo echo = {.id = "c1", .boot = BOOT, .number = 42};
    out = fresh();
    centre_write_echo(&out, &echo);
    assert_golden("centre_echo", &out);
    struct centre_echo heard;
    assert_int_equal(centre_read_echo(load("centre_echo"), &heard, NULL), 0);
    assert_string_equal(heard.id, "c1");
    assert_true(heard.boot == BOOT && heard.number == 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pack),   cmocka_unit_test(checklist), cmocka_unit_test(other_bodies),
        cmocka_unit_test(status), cmocka_unit_test(ack),       cmocka_unit_test(centre),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
