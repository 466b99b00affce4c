/**
 * @file
 * The collector's way out: sends batch files and derived points to the database, from the loop.
 *
 * It decides nothing (core/sending.h does), stores nothing and deletes no file: it tells the app
 * what became of a batch, the app commits that and then removes the file with batch_remove() on a
 * worker. Reading, compressing and renaming files happens on workers.
 */
#ifndef SHELL_SINK_H
#define SHELL_SINK_H

#include "io/http_client.h"
#include "shell/batch.h"
#include "shell/sink_conf.h"
#include "shell/sink_text.h"

/** A line that the database refuses for its own sake. */
struct sink_letter {
    struct slice line; /**< as it was sent, without newline */
    const char *words; /**< the server's */
    uint32_t readings; /**< fields in it */
};

/** A batch that is through: commit it with its letters, then remove its file. Readings, not
 * lines. */
struct sink_settled {
    uint64_t number;                   /**< of the batch */
    uint32_t written;                  /**< in the database */
    uint32_t dead;                     /**< in dead letters */
    uint32_t expired;                  /**< beyond the database's retention */
    const struct sink_letter *letters; /**< valid during the call */
    size_t n_letters;                  /**< how many */
};

/** How it goes; for `/readyz`, `/metrics` and logs. */
struct sink_status {
    bool reached;             /**< the database took the last request */
    char text[SINK_TEXT_MAX]; /**< what hinders, "" = nothing */
    size_t pending;           /**< batches not through yet */
    uint32_t aside;           /**< of these, set aside */
    uint64_t requests;        /**< made so far */
    uint64_t failed;          /**< of these, without success */
    uint64_t restarts;        /**< victoria: seen so far */
    uint64_t rows_lost; /**< victoria: rows it took with a 204 and dropped as invalid or ignored,
                           by its own counters, since we began to look */
};

/** Who wants to know. All are called from the loop, never from inside a sink_*() call. */
struct sink_events {
    void *context; /**< first argument of each */
    /** A batch is through. */
    void (*settled)(void *context, const struct sink_settled *settled);
    /** A batch cannot be read; its file stands at @p path now ("" = it was gone). Its readings are
     * lost to the sink: account for them. */
    void (*damaged)(void *context, uint64_t number, const char *path);
    /** status->text changed, or rows were lost: say so once. */
    void (*changed)(void *context, const struct sink_status *status);
};

/** What a sink needs; everything outlives it. */
struct sink_setup {
    struct loop *loop;                 /**< it runs on */
    struct http_client *http;          /**< for its requests */
    const struct sink_conf *conf;      /**< checked by sink_conf_check() */
    const struct batch_folder *folder; /**< where batches are */
    struct sink_events events;         /**< who wants to know */
    uint64_t seed;                     /**< of the jitter */
    int64_t confirm_ms; /**< victoria: how long it must live on; 0 = 30 s, less only in tests */
};

struct sink;

/** Opens it; reads the files of secrets. 0, or ERR_NOMEM, or as file_read_secret() with a sentence
 * in @p ret_why. */
int sink_open(const struct sink_setup *setup, struct sink **ret_sink,
              char ret_why[FIELD_WHY_MAX]) MUST_USE;
/** No event comes any more. Work on workers ends by itself; run the loop until it has (loop_close()
 * does). Accepts NULL. */
void sink_close(struct sink *sink);

/** A batch is committed and its file complete. 0 or ERR_NOMEM. */
int sink_add(struct sink *sink, uint64_t number, uint32_t lines, uint32_t readings) MUST_USE;
/** How it goes now. */
const struct sink_status *sink_status(const struct sink *sink);

/** Told once what became of sink_put(). @p err: 0 = the database has them; anything else: not now,
 * try again; ERR_SYNTAX: it blames a line; ERR_TOO_LONG: try again with fewer. */
typedef void sink_put_done(void *arg, int err);
/** True if sink_put() makes sense now: the database answers and no other put is under way. */
bool sink_can_put(const struct sink *sink);
/**
 * Sends lines that need no batch because they can be made again (derived points). @p plain is
 * copied. 0; ERR_BUSY if sink_can_put() says no; ERR_NOMEM. Then @p done comes once from the loop,
 * unless the sink is closed before.
 */
int sink_put(struct sink *sink, struct slice plain, sink_put_done *done, void *arg) MUST_USE;

#endif
