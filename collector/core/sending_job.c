#include "core/sending_job.h"

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT_AT_LEAST = 8 };

void sending_job_init(struct sending_job *job, uint64_t number, uint32_t n_lines, uint32_t readings)
{
    *job = (struct sending_job){.number = number, .n_lines = n_lines, .readings = readings};
    vec_init(&job->dead, sizeof(struct sending_dead), (size_t)sending_job_limit(n_lines) + 1);
    job->ranges[0].end = n_lines;
    job->n_ranges = 1;
}

void sending_job_done(struct sending_job *job)
{
    free(job->lines);
    job->lines = NULL;
    vec_done(&job->dead);
}

uint32_t sending_job_limit(uint32_t n_lines)
{
    uint32_t limit = n_lines / 100;
    return limit < LIMIT_AT_LEAST ? LIMIT_AT_LEAST : limit;
}

static bool untouched(const struct sending_job *job)
{
    return job->n_ranges == 1 && job->ranges[0].first == 0 && job->ranges[0].end == job->n_lines;
}

static uint32_t count_fate(const struct sending_job *job, uint32_t first, uint32_t end,
                           enum sending_fate fate)
{
    if (!job->lines)
        return fate == SENDING_TODO ? end - first : 0;
    uint32_t count = 0;
    for (uint32_t i = first; i < end; i++)
        count += job->lines[i].fate == fate;
    return count;
}

bool sending_job_request(const struct sending_job *job, uint32_t *ret_first, uint32_t *ret_end)
{
    *ret_first = job->ranges[job->n_ranges - 1].first;
    *ret_end = job->ranges[job->n_ranges - 1].end;
    return untouched(job) && count_fate(job, 0, job->n_lines, SENDING_TODO) == job->n_lines;
}

static void mark(struct sending_job *job, enum sending_fate fate)
{
    uint32_t first, end;
    sending_job_request(job, &first, &end);
    for (uint32_t i = first; job->lines && i < end; i++)
        if (job->lines[i].fate == SENDING_TODO)
            job->lines[i].fate = (uint8_t)fate;
}

/* Drops the last range, and those before it that have nothing to send. */
static enum sending_job_step pop(struct sending_job *job)
{
    uint32_t first = 0, end = 0;
    do {
        job->n_ranges--;
        if (job->n_ranges)
            sending_job_request(job, &first, &end);
    } while (job->n_ranges && count_fate(job, first, end, SENDING_TODO) == 0);
    if (job->n_ranges)
        return SENDING_JOB_GO;
    return count_fate(job, 0, job->n_lines, SENDING_PARKED) ? SENDING_JOB_STUCK : SENDING_JOB_DONE;
}

/* Two halves with equally many lines to send; the first one goes first. */
static void split(struct sending_job *job, uint32_t todo)
{
    uint32_t first, end;
    sending_job_request(job, &first, &end);
    uint32_t middle = first;
    for (uint32_t left = todo / 2; left > 0; middle++)
        left -= job->lines[middle].fate == SENDING_TODO;
    job->ranges[job->n_ranges - 1].first = middle;
    job->ranges[job->n_ranges].first = first;
    job->ranges[job->n_ranges].end = middle;
    job->n_ranges++;
}

static uint32_t only_todo(const struct sending_job *job)
{
    uint32_t line, end;
    sending_job_request(job, &line, &end);
    while (job->lines[line].fate != SENDING_TODO)
        line++;
    return line;
}

static void forget(struct sending_job *job)
{
    free(job->lines);
    job->lines = NULL;
    job->dead.len = 0;
    job->ranges[0].first = 0;
    job->ranges[0].end = job->n_lines;
    job->n_ranges = 1;
}

static enum sending_job_step stuck(struct sending_job *job, const char *why, const char *words)
{
    snprintf(job->words, sizeof job->words, "%s: %.300s", why, words);
    forget(job);
    return SENDING_JOB_STUCK;
}

static int condemn(struct sending_job *job, const struct sending_verdict *verdict,
                   enum sending_job_step *ret_step)
{
    struct sending_dead *dead = vec_push(&job->dead);
    if (!dead)
        return ERR_NOMEM;
    dead->line = only_todo(job);
    dead->readings = job->lines[dead->line].fields;
    memcpy(dead->words, verdict->words, sizeof dead->words);
    job->lines[dead->line].fate = SENDING_CONDEMNED;
    if (job->dead.len > sending_job_limit(job->n_lines))
        *ret_step = stuck(job, "too many lines are refused to blame the lines", verdict->words);
    else
        *ret_step = pop(job);
    return 0;
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The time of the count-th oldest line of the request; count is at most todo. */
static int nth_oldest(const struct sending_job *job, uint32_t todo, uint32_t count,
                      int64_t *ret_time)
{
    int64_t *times = malloc(todo * sizeof *times);
    if (!times)
        return ERR_NOMEM;
    uint32_t first, end, n = 0;
    sending_job_request(job, &first, &end);
    for (uint32_t i = first; i < end; i++)
        if (job->lines[i].fate == SENDING_TODO)
            times[n++] = job->lines[i].time_ns;
    qsort(times, n, sizeof *times, by_time);
    *ret_time = times[count - 1];
    free(times);
    return 0;
}

/* The server dropped the oldest lines and keeps to itself whether it liked all the others (it names
 * the retention first), so the others are sent once more. */
static int expire(struct sending_job *job, const struct sending_verdict *verdict, uint32_t todo,
                  enum sending_job_step *ret_step)
{
    if (verdict->dropped >= todo) {
        mark(job, SENDING_EXPIRED);
        *ret_step = pop(job);
        return 0;
    }
    *ret_step = SENDING_JOB_GO;
    if (!verdict->oldest) {
        split(job, todo);
        return 0;
    }
    int64_t last = 0;
    int err = nth_oldest(job, todo, verdict->dropped, &last);
    if (err)
        return err;
    uint32_t first, end, left = verdict->dropped;
    sending_job_request(job, &first, &end);
    for (uint32_t i = first; i < end && left; i++)
        if (job->lines[i].fate == SENDING_TODO && job->lines[i].time_ns <= last) {
            job->lines[i].fate = SENDING_EXPIRED;
            left--;
        }
    return 0;
}

static int judge(struct sending_job *job, const struct sending_verdict *verdict,
                 enum sending_job_step *ret_step)
{
    uint32_t first, end;
    sending_job_request(job, &first, &end);
    uint32_t todo = count_fate(job, first, end, SENDING_TODO);
    if (verdict->class == SENDING_BEYOND)
        return expire(job, verdict, todo, ret_step);
    if (todo == 1 && verdict->class == SENDING_LINES)
        return condemn(job, verdict, ret_step);
    if (todo == 1) {
        *ret_step = stuck(job, "one line is too large for the server", verdict->words);
        return 0;
    }
    split(job, todo);
    *ret_step = SENDING_JOB_GO;
    return 0;
}

int sending_job_verdict(struct sending_job *job, const struct sending_verdict *verdict,
                        enum sending_job_step *ret_step)
{
    switch (verdict->class) {
    case SENDING_OK:
        mark(job, SENDING_WRITTEN);
        *ret_step = pop(job);
        return 0;
    case SENDING_LINES:
    case SENDING_BEYOND:
    case SENDING_TOO_LARGE:
        if (job->lines)
            return judge(job, verdict, ret_step);
        job->asked = *verdict;
        *ret_step = SENDING_JOB_INDEX;
        return 0;
    default:
        *ret_step = SENDING_JOB_GO;
        return 0;
    }
}

int sending_job_narrow(struct sending_job *job, const struct sending_verdict *verdict,
                       enum sending_job_step *ret_step)
{
    if (!job->lines) {
        job->asked = *verdict;
        *ret_step = SENDING_JOB_INDEX;
        return 0;
    }
    memcpy(job->words, verdict->words, sizeof job->words);
    uint32_t first, end;
    sending_job_request(job, &first, &end);
    uint32_t todo = count_fate(job, first, end, SENDING_TODO);
    *ret_step = SENDING_JOB_GO;
    if (todo > 1) {
        split(job, todo);
        return 0;
    }
    mark(job, SENDING_PARKED);
    *ret_step = pop(job);
    return 0;
}

int sending_job_index(struct sending_job *job, struct sending_line *lines,
                      enum sending_job_step *ret_step)
{
    free(job->lines);
    job->lines = lines;
    struct sending_verdict asked = job->asked;
    bool blames = asked.class == SENDING_LINES || asked.class == SENDING_BEYOND ||
                  asked.class == SENDING_TOO_LARGE;
    return blames ? judge(job, &asked, ret_step) : sending_job_narrow(job, &asked, ret_step);
}

void sending_job_again(struct sending_job *job)
{
    if (!job->lines || count_fate(job, 0, job->n_lines, SENDING_PARKED) == 0) {
        forget(job);
        return;
    }
    for (uint32_t i = 0; i < job->n_lines; i++)
        if (job->lines[i].fate == SENDING_PARKED)
            job->lines[i].fate = SENDING_TODO;
    job->ranges[0].first = 0;
    job->ranges[0].end = job->n_lines;
    job->n_ranges = 1;
}

uint32_t sending_job_readings(const struct sending_job *job, enum sending_fate fate)
{
    if (!job->lines)
        return fate == SENDING_WRITTEN ? job->readings : 0;
    uint32_t readings = 0;
    for (uint32_t i = 0; i < job->n_lines; i++)
        readings += job->lines[i].fate == fate ? job->lines[i].fields : 0;
    return readings;
}
