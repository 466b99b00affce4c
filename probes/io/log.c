#include "io/log.h"

#include "base/names.h"
#include "io/file.h"
#include "io/log_text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KEYS = 128, LINES_PER_WINDOW = 20, WINDOW_MS = 60000 };

static const char *const WORDS[] = {
#define LEVEL_WORD(name, value, word) [value] = (word),
    LOG_LEVEL_MAP(LEVEL_WORD)
#undef LEVEL_WORD
};

/* How often one event was written in its window. */
struct rate {
    uint64_t key; /* hash of the event's name, 0 = free */
    int64_t since_ms;
    unsigned written, suppressed;
};

/* The one log of the process: a process has one standard error too. */
static struct {
    pthread_mutex_t lock;
    int fd;
    enum log_level level;
    struct rate rate[KEYS];
} the_log = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = STDERR_FILENO, .level = LOG_INFO};

/* The event's slot; where all are taken, that of the event that began its window first. */
static struct rate *slot_of(uint64_t key)
{
    struct rate *oldest = &the_log.rate[0];
    for (size_t i = 0; i < KEYS; i++) {
        struct rate *r = &the_log.rate[i];
        if (r->key == key)
            return r;
        if (r->since_ms < oldest->since_ms || r->key == 0)
            oldest = r;
        if (r->key == 0)
            break;
    }
    *oldest = (struct rate){.key = key, .since_ms = INT64_MIN};
    return oldest;
}

/* Whether @p what may be written now, and how many lines of it were not since the last. */
static bool may_write(const char *what, int64_t now_ms, unsigned *ret_suppressed)
{
    struct rate *r = slot_of(names_hash(slice_of(what)) | 1);
    *ret_suppressed = 0;
    if (r->since_ms == INT64_MIN || now_ms - r->since_ms >= WINDOW_MS) {
        *ret_suppressed = r->suppressed;
        *r = (struct rate){.key = r->key, .since_ms = now_ms};
    }
    bool may = r->written < LINES_PER_WINDOW;
    r->written += may;
    r->suppressed += !may;
    return may;
}

static int64_t clock_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void put_head(struct log_text *t, enum log_level level, const char *what)
{
    char priority[8];
    snprintf(priority, sizeof priority, "<%d>", (int)level);
    if (getenv("JOURNAL_STREAM"))
        log_text_plain(t, priority);
    log_text_plain(t, "time=");
    log_text_time(t, (struct wall_ms){clock_ms(CLOCK_REALTIME)});
    log_text_plain(t, " level=");
    log_text_plain(t, WORDS[level]);
    log_text_plain(t, " what=");
    log_text_plain(t, what);
}

static void put_suppressed(struct log_text *t, unsigned suppressed)
{
    char text[32];
    snprintf(text, sizeof text, " suppressed=%u", suppressed);
    if (suppressed > 0)
        log_text_plain(t, text);
}

void log_event(enum log_level level, const char *what, const char *fmt, ...)
{
    unsigned suppressed = 0;
    pthread_mutex_lock(&the_log.lock);
    bool write_it =
        level <= the_log.level && may_write(what, clock_ms(CLOCK_MONOTONIC), &suppressed);
    int fd = the_log.fd;
    pthread_mutex_unlock(&the_log.lock);
    if (!write_it)
        return;
    struct log_text line = {.len = 0};
    put_head(&line, level, what);
    put_suppressed(&line, suppressed);
    if (*fmt)
        log_text_plain(&line, " ");
    va_list args;
    va_start(args, fmt);
    log_text_list(&line, fmt, args);
    va_end(args);
    log_text_end(&line);
    int err = file_write_all(fd, line.bytes, line.len);
    (void)err; /* there is nobody left to tell */
}

void log_set_level(enum log_level level)
{
    pthread_mutex_lock(&the_log.lock);
    the_log.level = level;
    pthread_mutex_unlock(&the_log.lock);
}

void log_set_fd(int fd)
{
    pthread_mutex_lock(&the_log.lock);
    the_log.fd = fd;
    memset(the_log.rate, 0, sizeof the_log.rate);
    pthread_mutex_unlock(&the_log.lock);
}
