#include "outbox_bench.h"

#include "base/err.h"
#include "io/file.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 100 };

static void on_stored(void *arg, uint64_t seq)
{
    struct outbox_bench *b = arg;
    assert_int_equal(seq, b->stored + 1);
    b->stored = seq;
}

/* What the state file says at this moment. */
struct outbox_state outbox_bench_state_on_disk(const struct outbox_bench *b)
{
    char path[FOLDER_PATH_MAX];
    struct buf text;
    struct outbox_state state;
    buf_init(&text, 8192);
    folder_path(path, b->folder, "state");
    assert_int_equal(file_read(path, &text), 0);
    assert_int_equal(outbox_state_read((struct slice){text.data, text.len}, &state), 0);
    buf_done(&text);
    return state;
}

static void on_dropped(void *arg, uint64_t low)
{
    struct outbox_bench *b = arg;
    struct outbox_state state = outbox_bench_state_on_disk(b);
    assert_true(state.low - state.base >= low);
    b->low = low;
}

static void on_renumbered(void *arg)
{
    struct outbox_bench *b = arg;
    assert_int_equal(outbox_bench_state_on_disk(b).epoch, outbox_view(b->outbox).epoch);
    b->renumbered++;
}

static void on_clock(void *arg)
{
    struct outbox_bench *b = arg;
    b->clocks++;
    assert_true(outbox_bench_state_on_disk(b).clocks > 0);
}

static void on_closed(void *arg)
{
    ((struct outbox_bench *)arg)->closed = true;
}

void outbox_bench_start(struct outbox_bench *b)
{
    const struct outbox_events events = {.arg = b,
                                         .stored = on_stored,
                                         .dropped = on_dropped,
                                         .renumbered = on_renumbered,
                                         .clock_kept = on_clock};
    b->options.folder = b->folder;
    b->options.boot = OUTBOX_BENCH_BOOT;
    assert_int_equal(outbox_open(b->loop, &b->options, &events, &b->outbox), 0);
    b->stored = outbox_view(b->outbox).high;
}

void outbox_bench_stop(struct outbox_bench *b)
{
    b->closed = false;
    outbox_close(b->outbox, on_closed, b);
    for (int i = 0; i < OUTBOX_BENCH_TURNS && !b->closed; i++)
        loop_turn(b->loop);
    assert_true(b->closed);
}

int outbox_bench_setup(void **state)
{
    struct outbox_bench *b = calloc(1, sizeof *b);
    folder_make(b->folder);
    assert_int_equal(loop_open(&b->loop), 0);
    b->options.policy = outbox_policy_default();
    outbox_bench_start(b);
    *state = b;
    return 0;
}

int outbox_bench_teardown(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_stop(b);
    loop_close(b->loop);
    folder_remove(b->folder);
    free(b);
    return 0;
}

void outbox_bench_settle(struct outbox_bench *b)
{
    for (int i = 0; i < OUTBOX_BENCH_TURNS && outbox_is_writing(b->outbox); i++)
        loop_turn(b->loop);
    assert_false(outbox_is_writing(b->outbox));
}

void outbox_bench_put(struct outbox_bench *b, const char *text)
{
    outbox_put(b->outbox, OUTBOX_TIMED, slice_of(text), 1);
    outbox_bench_settle(b);
}

void outbox_bench_put_many(struct outbox_bench *b, int from, int to)
{
    for (int i = from; i <= to; i++) {
        char text[600];
        snprintf(text, sizeof text, "[pack %d%*s]", i, 500 - (i > 9) - (i > 99), "");
        outbox_bench_put(b, text);
    }
}

void outbox_bench_expect(struct outbox_bench *b, uint64_t seq, const char *text)
{
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, seq, &record), 0);
    assert_int_equal(record.boot, OUTBOX_BENCH_BOOT);
    assert_true(record.body.len >= strlen(text));
    assert_memory_equal(record.body.at, text, strlen(text));
}

/* What the disk holds at this moment, as after kill -9 or a power cut, for a start elsewhere. */
void outbox_bench_kill(struct outbox_bench *b)
{
    char image[FOLDER_PATH_MAX], command[3 * FOLDER_PATH_MAX];
    folder_make(image);
    snprintf(command, sizeof command, "cp -a %s/. %s/", b->folder, image);
    assert_int_equal(system(command), 0);
    outbox_bench_stop(b);
    folder_remove(b->folder);
    memcpy(b->folder, image, sizeof image);
}

void outbox_bench_reopen_image(struct outbox_bench *b)
{
    outbox_bench_kill(b);
    outbox_bench_start(b);
}

void outbox_bench_segment_path(struct outbox_bench *b, int number, char path[FOLDER_PATH_MAX])
{
    char name[32];
    snprintf(name, sizeof name, "%012d.seg", number);
    folder_path(path, b->folder, name);
}

/* The newest file that holds packs. */
void outbox_bench_newest_segment(struct outbox_bench *b, char path[FOLDER_PATH_MAX])
{
    struct stat st;
    int number = 1;
    for (int n = 1; n < FILES_MAX; n++) {
        outbox_bench_segment_path(b, n, path);
        if (stat(path, &st) == 0 && st.st_size > OUTBOX_BENCH_FILE_HEAD)
            number = n;
    }
    outbox_bench_segment_path(b, number, path);
}

off_t outbox_bench_size_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

void outbox_bench_flip_byte(const char *path, off_t at)
{
    int fd = open(path, O_RDWR);
    unsigned char byte = 0;
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 0xff;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

/* The packs from @p seq to below @p next are lost and counted so, once all before them are gone. */
void outbox_bench_lose(struct outbox_bench *b, uint64_t seq, uint64_t next)
{
    struct outbox_record record;
    uint64_t before = outbox_view(b->outbox).dropped;
    outbox_acked(b->outbox, seq - 1);
    outbox_bench_settle(b);
    while (outbox_view(b->outbox).low < next) {
        uint64_t low = outbox_view(b->outbox).low;
        assert_int_equal(outbox_read(b->outbox, low, &record), ERR_NOT_FOUND);
        outbox_skip(b->outbox, low);
        outbox_bench_settle(b);
    }
    assert_int_equal(outbox_view(b->outbox).low, next);
    assert_int_equal(outbox_view(b->outbox).dropped, before + (next - seq));
}
