/**
 * @file
 * Operators' feeds while the collector runs: each table is read, turned into packs, appended to the
 * intake log as if a probe had sent them, and put away once the store has them all.
 *
 * A table is taken once, whatever crashes in between: its packs carry an epoch made of the table,
 * so what the store's stream marks have is not taken again (core/stream.h). Tables that arrive by
 * message or request are files first, too. What tables mean is core/feed_read.h's; the broker's and
 * the database's side know nothing of feeds.
 */
#ifndef SHELL_FEEDS_H
#define SHELL_FEEDS_H

#include "codec/api_feeds.h"
#include "core/rows.h"
#include "io/http_client.h"
#include "io/loop.h"
#include "io/mqtt.h"
#include "shell/intake.h"

/** Feeds of one centre. */
#define FEEDS_MAX 64
/** Probes that share the sites of one feed: NAME, NAME.2, NAME.3 ... */
#define FEED_PARTS_MAX 64

/** What feeds work with; all but the texts have to outlive them. */
struct feeds_options {
    struct loop *loop;        /**< the one loop */
    struct centre *centre;    /**< read while it is settled */
    struct intake *intake;    /**< where packs go */
    struct http_client *http; /**< for https */
    const char *folder;       /**< of NAME.yaml files; "" = no feeds */
    const char *data_folder;  /**< of the collector */
    int zone_min;             /**< local time, minutes east of UTC */
    /** Goes on with an inventory that continues the centre's, owned from then on, with the next
     * commit: 0 or an error. */
    int (*take_inventory)(void *context, struct inventory *fresh);
    void (*changed)(void *context); /**< feeds_save() has something to save */
    void *context;                  /**< first argument of both */
};

struct feeds;

/** Reads the folder and opens every feed: 0; ERR_SYNTAX with the mistakes in @p out; or others. */
int feeds_open(const struct feeds_options *options, struct buf *out,
               struct feeds **ret_feeds) MUST_USE;
/** Hands the rows of what changed to @p sink: 0 or its error. Accepts NULL. */
int feeds_save(struct feeds *f, const struct row_sink *sink) MUST_USE;
/** Takes back a row that feeds_save() gave, before the first tick: 0, ERR_CORRUPT, ERR_VERSION or
 * ERR_NOMEM. */
int feeds_load(struct feeds *f, struct slice name, struct slice value) MUST_USE;
/** Asks nobody any more, appends nothing any more. Accepts NULL. */
void feeds_close(struct feeds *f);
/** Frees it, after the loop was closed: workers may have been on their way. Accepts NULL. */
void feeds_free(struct feeds *f);
/** Goes on; once a second, and only while the centre's memory shows committed state. */
void feeds_tick(struct feeds *f);
/** Topics to subscribe to: the @p nth of them, NULL at the end. */
const char *feeds_topic(const struct feeds *f, size_t nth);
/** Takes a message if it is a table: false if it is none of ours. Any thread. A table that cannot
 * be kept ends the process, so that the broker keeps it. */
bool feeds_take(struct feeds *f, const struct mqtt_message *message);
/** How they stand; *ret_len of them, valid until the next call from the loop. */
const struct api_feed *const *feeds_view(const struct feeds *f, size_t *ret_len);

/** Reads the folder of feeds and holds it against @p inv: 0, or ERR_SYNTAX and others with every
 * mistake in @p out. */
int feeds_check(const char *folder, int zone_min, const struct inventory *inv,
                struct buf *out) MUST_USE;

#endif
