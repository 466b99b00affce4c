/**
 * @file
 * The configuration of one operator's feed: where its tables come from, and how they are to be
 * read. One file NAME.yaml per feed; NAME is its probe in the inventory.
 *
 * It reads the file alone; what the inventory has to say to it is feeds_check()'s.
 */
#ifndef SHELL_FEED_CONF_H
#define SHELL_FEED_CONF_H

#include "core/feed_map.h"
#include "io/conf.h"

/** Where tables come from. X(name, word) */
#define FEED_SOURCE_MAP(X) X(FEED_FOLDER, "folder") X(FEED_HTTPS, "https") X(FEED_MQTT, "mqtt")

/** One enumerator of FEED_SOURCE_MAP(). */
#define FEED_SOURCE_ENUM(name, word) name,

/** Files dropped into a folder; asked for; messages on a topic. */
enum feed_source_kind { FEED_SOURCE_MAP(FEED_SOURCE_ENUM) };

#undef FEED_SOURCE_ENUM

/** A feed. */
struct feed_conf {
    struct {
        int source;              /**< enum feed_source_kind */
        char folder[256];        /**< of FEED_FOLDER */
        char url[512];           /**< of FEED_HTTPS */
        char user[128];          /**< of FEED_HTTPS; "" = none */
        char password_file[256]; /**< of FEED_HTTPS; "" = none */
        char token_file[256];    /**< of FEED_HTTPS, sent as bearer; "" = none */
        char ca_file[256];       /**< of FEED_HTTPS; "" = the system's */
        char topic[256];         /**< of FEED_MQTT, without wildcards */
        int content;             /**< enum feed_content */
        int encoding;            /**< enum feed_encoding */
        int64_t period_ms;       /**< how often a table comes */
        int64_t ttl_ms;          /**< how long its word holds; 0 = 2 x period + 1 min */
        int64_t max_age_ms;      /**< older tables and rows are not taken */
        int64_t settle_ms;       /**< a dropped file is whole when it has not changed for so long */
    } feed;                      /**< section feed */

    struct feed_map map; /**< sections columns and words, and what follows from feed */
};

/** Reads @p file: 0; or ERR_SYNTAX and others with every mistake in @p errors, which this
 * initialises. @p zone_min is local time in minutes east of UTC. */
int feed_conf_read(const char *file, int zone_min, struct feed_conf *ret_conf,
                   struct conf_errors *errors) MUST_USE;
/** The same from @p text; @p file is only its name. */
int feed_conf_read_text(const char *file, struct slice text, int zone_min,
                        struct feed_conf *ret_conf, struct conf_errors *errors) MUST_USE;
/** Appends all keys as troff. */
void feed_conf_manual(struct buf *out);
/** Appends all keys for people. */
void feed_conf_help(struct buf *out);
/** Word of a content. */
const char *feed_content_word(int content);
/** Word of a source. */
const char *feed_source_word(int source);

#endif
