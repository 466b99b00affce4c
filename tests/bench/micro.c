/* What each module on a reading's way costs: CPU of this thread in ns per reading, one line of JSON
 * each. The same packs for all: 1,000 probes at the live edge, 20 readings a pack. */
#include "load.h"
#include "memory_of.h"

#include "base/err.h"
#include "codec/points.h"
#include "core/reception.h"
#include "io/segment.h"
#include "shell/answers.h"
#include "shell/batch.h"
#include "shell/change_set.h"
#include "shell/store.h"
#include "wire/pack_reader.h"
#include "wire/topic.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PROBES = 1000, ROUNDS = 20, READINGS = LOAD_CHECKS_A_PACK * LOAD_FIELDS };

enum { PACKS = PROBES * ROUNDS, LAST_ROUND = PACKS - PROBES, LINES_MAX = 1 << 30 };

static const int64_t START_MS = INT64_C(1790000000000);
static const int64_t STEP_MS = 30;

/* The packs, as they come from the broker, and what the modules under test leave behind. */
struct bench {
    struct buf topics, payloads;
    size_t topic_end[PACKS], payload_end[PACKS];
    struct pack_reader reader;
    struct centre *centre;
    struct reception *reception;
    struct store *store;
    struct buf lines;
    struct answers answers;
    struct change_set set;
    const char *folder;
    uint64_t sink; /* keeps the compiler from leaving work out */
};

static uint64_t cpu_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void need(int err, const char *what)
{
    if (!err)
        return;
    fprintf(stderr, "bench-micro: %s: %s\n", what, err_text(err));
    exit(1);
}

static int64_t time_of(size_t pack)
{
    return START_MS + (int64_t)(pack / PROBES) * STEP_MS;
}

static struct slice part(const struct buf *b, const size_t *end, size_t i)
{
    size_t from = i ? end[i - 1] : 0;
    return (struct slice){b->data + from, end[i] - from};
}

static struct reception_message message(const struct bench *b, size_t i)
{
    return (struct reception_message){.topic = part(&b->topics, b->topic_end, i),
                                      .payload = part(&b->payloads, b->payload_end, i),
                                      .received = {time_of(i)}};
}

static void write_packs(struct bench *b)
{
    struct rng rng = {1};
    for (size_t i = 0; i < PACKS; i++) {
        uint32_t n = (uint32_t)(i % PROBES);
        uint64_t seq = 2 + i / PROBES;
        load_topic(&b->topics, n, 1, seq);
        load_pack(&b->payloads, n, seq, time_of(i) * 1000, VERDICT_OK, &rng);
        b->topic_end[i] = b->topics.len;
        b->payload_end[i] = b->payloads.len;
    }
}

static void topic(struct bench *b)
{
    struct topic t;
    for (size_t i = 0; i < PACKS; i++) {
        need(topic_read(part(&b->topics, b->topic_end, i), &t, NULL), "topic");
        b->sink += t.seq;
    }
}

static void decode(struct bench *b)
{
    for (size_t i = 0; i < PACKS; i++) {
        need(pack_reader_read(&b->reader, part(&b->payloads, b->payload_end, i), PACK_STREAM,
                              (struct wall_ms){time_of(i)}, NULL),
             "decode");
        b->sink += b->reader.len;
    }
}

static int nothing_dead(void *context, const struct reception_message *m, const char *reason)
{
    (void)context;
    (void)m;
    fprintf(stderr, "bench-micro: refused: %s\n", reason);
    return ERR_SYNTAX;
}

static int nothing_of_readings(void *context, struct slice source, const struct reading *readings,
                               size_t n)
{
    (void)source;
    (void)readings;
    struct bench *b = context;
    b->sink += n;
    return 0;
}

static int nothing_of_answer(void *context, const struct reception_answer *answer)
{
    struct bench *b = context;
    b->sink += answer->upto;
    return answer->hold || answer->gap ? ERR_SYNTAX : 0;
}

static void nothing_of_conflict(void *context, struct slice probe)
{
    (void)context;
    (void)probe;
}

static void take_lists(struct reception *r)
{
    struct buf topic_text;
    struct buf list;
    buf_init(&topic_text, 1024);
    buf_init(&list, 64 << 10);
    for (uint32_t n = 0; n < PROBES; n++) {
        buf_clear(&topic_text);
        buf_clear(&list);
        load_topic(&topic_text, n, 1, 1);
        load_list(&list, n, START_MS * 1000 - 1000, LOAD_INTERVAL_MS);
        struct reception_message m = {.topic = {topic_text.data, topic_text.len},
                                      .payload = {list.data, list.len},
                                      .received = {START_MS - 1}};
        need(reception_take(r, &m), "list");
    }
    buf_done(&topic_text);
    buf_done(&list);
}

/* Everything the core does with packs: topic, stream, decode, evidence, time. */
static void take_packs(struct bench *b, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (i % PROBES == 0)
            need(centre_advance(b->centre, (struct wall_ms){time_of(i)}), "advance");
        struct reception_message m = message(b, i);
        need(reception_take(b->reception, &m), "take");
    }
}

static void reception(struct bench *b)
{
    take_packs(b, 0, LAST_ROUND);
}

static void encode(struct bench *b)
{
    struct points_count count;
    for (size_t i = 0; i < PACKS; i++) {
        char probe[LOAD_NAME_MAX];
        load_probe((uint32_t)(i % PROBES), probe);
        need(pack_reader_read(&b->reader, part(&b->payloads, b->payload_end, i), PACK_STREAM,
                              (struct wall_ms){time_of(i)}, NULL),
             "decode");
        need(points_write(&b->lines, slice_of(probe), b->reader.readings, b->reader.len, &count),
             "encode");
        b->sink += count.lines;
    }
}

static void answer(struct bench *b)
{
    for (size_t i = 0; i < PACKS; i++) {
        struct topic t;
        need(topic_read(part(&b->topics, b->topic_end, i), &t, NULL), "topic");
        struct reception_answer a = {.probe = t.who, .epoch = t.epoch, .upto = t.seq};
        need(answers_add(&b->answers, &a), "answer");
    }
}

static void save(struct bench *b)
{
    struct row_sink rows = change_set_rows(&b->set);
    need(centre_save(b->centre, &rows), "save");
}

static void store(struct bench *b)
{
    need(store_commit(b->store, &b->set), "commit");
}

static void compress(struct bench *b)
{
    char *body = NULL;
    size_t len = 0;
    need(batch_compress((struct slice){b->lines.data, b->lines.len}, &body, &len), "compress");
    free(body);
    b->sink += len;
}

static void append(struct bench *b)
{
    struct segment_options options = {.folder = b->folder, .file_bytes = 64 << 20};
    struct segment_writer *w = NULL;
    need(segment_writer_open(&options, &w), "log");
    for (size_t i = 0; i < PACKS; i++) {
        struct slice parts[] = {part(&b->topics, b->topic_end, i),
                                part(&b->payloads, b->payload_end, i)};
        need(segment_append(w, parts, 2, NULL), "append");
    }
    segment_writer_close(w);
}

static void read_back(struct bench *b)
{
    static const unsigned char id[SEGMENT_ID_BYTES];
    struct segment_reader *r = NULL;
    need(segment_reader_open(b->folder, id, (struct segment_pos){0}, &r), "log");
    struct slice record;
    for (size_t i = 0; i < PACKS; i++)
        need(segment_next(r, &record), "read");
    segment_reader_close(r);
}

static void say_of(const char *module, uint64_t ns, size_t packs, const char *what)
{
    printf("{\"module\":\"%s\",\"ns\":%.1f,\"what\":\"%s\"}\n", module,
           (double)ns / (double)packs / READINGS, what);
}

static void say(const char *module, uint64_t ns, const char *what)
{
    say_of(module, ns, PACKS, what);
}

static uint64_t run(void (*step)(struct bench *), struct bench *b)
{
    uint64_t before = cpu_ns();
    step(b);
    return cpu_ns() - before;
}

/* A commit of nearly all packs at once, and one that holds a pack of every probe, which is what a
 * commit looks like where many probes speak seldom. */
static void say_commits(struct bench *b)
{
    say_of("save, 19 packs a probe", run(save, b), LAST_ROUND, "state rows of a commit");
    say_of("store, 19 packs a probe", run(store, b), LAST_ROUND, "SQLite, without waiting");
    change_set_clear(&b->set);
    take_packs(b, LAST_ROUND, PACKS);
    say_of("save, a pack a probe", run(save, b), PROBES, "state rows of a commit");
    say_of("store, a pack a probe", run(store, b), PROBES, "SQLite, without waiting");
}

static void run_all(struct bench *b)
{
    write_packs(b);
    say("intake append", run(append, b), "on paho's thread, per reading");
    say("intake read", run(read_back, b), "segment files back, with CRC");
    say("topic", run(topic, b), "taking it apart");
    run(decode, b);
    uint64_t decoding = run(decode, b);
    say("decode", decoding, "SenML to readings");
    take_lists(b->reception);
    uint64_t taking = run(reception, b) / LAST_ROUND * PACKS;
    say("stream and evidence", taking > decoding ? taking - decoding : 0,
        "reception without decoding");
    run(encode, b);
    buf_clear(&b->lines);
    say("encode", run(encode, b) - decoding, "readings to lines");
    say("answers", run(answer, b), "acks collected");
    say("compress", run(compress, b), "gzip of the lines");
    say_commits(b);
    printf("{\"module\":\"sizes\",\"payload_bytes\":%.1f,\"line_bytes\":%.1f,"
           "\"set_bytes_per_probe\":%.1f}\n",
           (double)b->payloads.len / PACKS / READINGS, (double)b->lines.len / PACKS / READINGS,
           (double)b->set.ops.len / PROBES);
}

static void open_memory(struct bench *b, const char *inventory)
{
    struct reception_effects effects = {
        b, nothing_of_readings, nothing_dead, nothing_of_answer, nothing_of_conflict, NULL};
    b->centre = memory_of_inventory(inventory);
    b->reception = reception_new(b->centre, "bench", 1, &effects);
    need(b->reception ? 0 : ERR_NOMEM, "reception");
    need(centre_advance(b->centre, (struct wall_ms){START_MS}), "advance");
}

static void open_store(struct bench *b)
{
    char path[FILE_PATH_MAX];
    char why[256];
    snprintf(path, sizeof path, "%s/store.db", b->folder);
    need(store_open(path, &(struct store_bounds){10, 1000}, &b->store, why), "store");
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: bench-micro INVENTORY EMPTY_FOLDER\n");
        return 2;
    }
    struct bench *b = calloc(1, sizeof *b);
    need(b ? 0 : ERR_NOMEM, "memory");
    b->folder = argv[2];
    buf_init(&b->topics, LINES_MAX);
    buf_init(&b->payloads, LINES_MAX);
    buf_init(&b->lines, LINES_MAX);
    answers_init(&b->answers);
    change_set_init(&b->set, LINES_MAX);
    need(pack_reader_init(&b->reader), "memory");
    open_memory(b, argv[1]);
    open_store(b);
    run_all(b);
    reception_free(b->reception);
    centre_free(b->centre);
    store_close(b->store);
    pack_reader_done(&b->reader);
    change_set_done(&b->set);
    answers_done(&b->answers);
    buf_done(&b->topics);
    buf_done(&b->payloads);
    buf_done(&b->lines);
    free(b);
    return 0;
}
