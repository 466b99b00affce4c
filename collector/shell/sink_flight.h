/**
 * @file
 * One request of the sink on its way: read and compress on a worker, post, and read lines again if
 * somebody asks for them. Between sink.c and workers only; nobody else includes it.
 *
 * A flight holds its sink alive while a worker has it: workers cannot be cancelled.
 */
#ifndef SHELL_SINK_FLIGHT_H
#define SHELL_SINK_FLIGHT_H

#include "base/buf.h"
#include "core/sending.h"
#include "shell/sink.h"

/** What a VictoriaMetrics says of itself on /metrics. */
struct sink_counters {
    int64_t start_s;  /**< process_start_time_seconds */
    double rows_lost; /**< vm_rows_invalid_total and vm_rows_ignored_total, all labels */
};

struct sink_flight;
typedef void sink_flight_fn(struct sink_flight *f); /**< a step on a worker is done */
/** An answer, or the lack of one. */
typedef void sink_answer_fn(struct sink_flight *f, const struct sending_reply *reply);
/** Counters, or NULL if they could not be read. */
typedef void sink_watch_fn(struct sink *s, const struct sink_counters *counters);
/** A batch with dead letters is through. */
typedef void sink_letters_fn(void *sink, const struct sink_settled *settled);

/** The sink's insides; sink.h says what they are for. */
struct sink {
    struct loop *loop;                 /**< sink_setup.loop */
    struct http_client *http;          /**< sink_setup.http */
    const struct sink_conf *conf;      /**< sink_setup.conf */
    const struct batch_folder *folder; /**< sink_setup.folder */
    struct sink_events events;         /**< sink_setup.events */
    struct sending *sending;           /**< who decides */
    struct loop_timer *timer;          /**< for what waits */
    struct buf url;                    /**< lines are posted there */
    char password[512];                /**< of sink_conf.user, or empty */
    char token[512];                   /**< or empty */
    struct sink_flight *flights;       /**< all of them */
    unsigned holders;                  /**< its owner, and workers */
    bool closed;                       /**< sink_close() was called: tell nobody */
    bool putting;                      /**< a sink_put() is under way */
    bool watching;                     /**< counters are being read */
    bool watched;                      /**< counters are known */
    bool watch_failed;                 /**< the last read of them did not succeed */
    int read_err;                  /**< why the last batch could not be read, though it is there */
    struct mono_ms watch_due;      /**< when to read them again at the latest */
    struct mono_ms watch_asked;    /**< when they were last asked for */
    struct sink_counters counters; /**< when last read */
    uint64_t rows_told;            /**< status.rows_lost when last told */
    struct sink_status status;     /**< what sink_status() gives */
};

/** One request, one worker's job; on the heap. */
struct sink_flight {
    struct sink *sink;              /**< whose it is */
    struct sink_flight *prev;       /**< in sink.flights */
    struct sink_flight *next;       /**< in sink.flights */
    struct sending_request request; /**< what was asked for */
    struct http_call *call;         /**< while posted */
    struct batch batch;             /**< as read, when sent whole */
    char *own;                      /**< else a body, or text to be compressed */
    size_t own_len;                 /**< bytes of own */
    struct sending_line *lines;     /**< of an index */
    int err;                        /**< of the worker's step */
    char bad_path[FILE_PATH_MAX];   /**< where a damaged batch is now */
    bool quarantined;               /**< the batch cannot be read, now or later */
    sink_flight_fn *next_step;      /**< after the worker */
    sink_answer_fn *answered;       /**< after the post */
    sink_watch_fn *watched;         /**< of a read of counters */
    sink_letters_fn *told;          /**< of letters */
    struct sink_settled settled;    /**< of letters */
    struct sending_dead *dead;      /**< of letters, copied */
    sink_put_done *put_done;        /**< of a put */
    void *put_arg;                  /**< of a put */
};

/** Makes a request's body on a worker, then calls @p then. 0 or an error: nothing was begun. */
int sink_flight_start(struct sink *s, const struct sending_request *request,
                      sink_flight_fn *then) MUST_USE;
/** The same for lines without a batch. */
int sink_flight_put(struct sink *s, struct slice plain, sink_flight_fn *then, sink_put_done *done,
                    void *arg) MUST_USE;
/** Posts the body. */
int sink_flight_post(struct sink_flight *f, sink_answer_fn *then) MUST_USE;
/** Reads the batch's lines on a worker into f->lines, then calls @p then. */
int sink_flight_index(struct sink_flight *f, sink_flight_fn *then) MUST_USE;
/** Reads the letters' lines on a worker, then calls @p told; without memory, or if the batch cannot
 * be read, at once and with letters whose lines are empty. */
void sink_flight_letters(struct sink *s, const struct sending_outcome *out, sink_letters_fn *told);
/** Reads /metrics, then calls @p then. */
int sink_flight_watch(struct sink *s, sink_watch_fn *then) MUST_USE;
/** The worker could not read the batch: drops it if it never will be, else waits. */
void sink_flight_unreadable(struct sink_flight *f);
/** Ends it. */
void sink_flight_free(struct sink_flight *f);
/** Ends those that no worker has; the others end when it is done. */
void sink_flight_cancel_all(struct sink *s);
/** One holder less; the last one frees the sink. */
void sink_release(struct sink *s);

/** Reads counters from the text of /metrics: 0, or ERR_MISSING without a start time. */
int sink_counters_read(struct slice text, struct sink_counters *ret_counters) MUST_USE;

#endif
