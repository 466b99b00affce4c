/**
 * @file
 * What the files of the feeds share; nobody else includes it.
 */
#ifndef SHELL_FEEDS_OWN_H
#define SHELL_FEEDS_OWN_H

#include "core/feed_packs.h"
#include "core/inventory_cells.h"
#include "io/file.h"
#include "shell/feed_conf.h"
#include "shell/feed_files.h"
#include "shell/feeds.h"
#include "wire/topic.h"

/** Where a feed stands. */
enum feed_phase {
    FEED_IDLE,     /**< the next tick looks for a table */
    FEED_LOOKING,  /**< a worker does */
    FEED_FOUND,    /**< it has one of cover: the next tick takes it */
    FEED_SENDING,  /**< packs are in the intake, or will be */
    FEED_KEEPING,  /**< all of it is stored; what people see of it is with the next commit */
    FEED_FINISHING /**< a worker puts the table away */
};

/** One probe's share of the table under way. */
struct feed_part {
    uint32_t probe;          /**< its number */
    uint64_t epoch;          /**< of this table */
    struct feed_packs packs; /**< of this table */
};

/** What became of a table's rows. */
struct feed_sheet_counts {
    uint32_t rows;      /**< all */
    uint32_t refused;   /**< not understood */
    uint32_t strangers; /**< of these, because their site is not in the inventory */
    uint32_t unnamed;   /**< units of the operator that no row is about */
};

/** One feed. */
struct feed {
    struct feeds *owner;                   /**< of all */
    char name[TOPIC_NAME_MAX + 1];         /**< and of its first probe */
    struct feed_conf conf;                 /**< as read */
    char folder[FILE_PATH_MAX];            /**< where its tables come to lie */
    enum feed_phase phase;                 /**< see above */
    struct feed_file file;                 /**< the table under way */
    unsigned waiting;                      /**< tables in the folder */
    int err;                               /**< of the worker */
    bool refused;                          /**< the table under way cannot be read */
    struct feed_part part[FEED_PARTS_MAX]; /**< of the table under way */
    unsigned parts;                        /**< of these */
    struct mono_ms sent;                   /**< when packs were appended last */
    struct mono_ms rest;                   /**< looks for nothing before */
    struct wall_ms settled;                /**< takes files that have not changed since */
    struct buf notes;                      /**< mistakes of the table under way */

    struct feed_sheet_counts counts;        /**< of the table under way */
    struct wall_ms as_of;                   /**< of the table under way */
    struct buf shown_notes;                 /**< of the newest table that was taken or refused */
    char shown_file[FEED_FILE_NAME_MAX];    /**< its name */
    bool unsaved;                           /**< what is shown is not in the store yet */
    char problem[300];                      /**< what hinders it */
    char fetch_problem[300];                /**< what hinders asking for a table */
    char operator_id[INVENTORY_ID_MAX + 1]; /**< of the table read last; outlives the inventory */
    struct api_feed view;                   /**< for the API */
    struct http_call *call;                 /**< under way */
    struct mono_ms asked;                   /**< when a table was asked for last */
    char password[256];                     /**< as read from its file */
    char token[256];                        /**< as read from its file */
};

/** All. */
struct feeds {
    struct feeds_options options;            /**< as given */
    struct feed *feed[FEEDS_MAX];            /**< by name */
    const struct api_feed *shown[FEEDS_MAX]; /**< for the API */
    size_t len;                              /**< of both */
    bool closed;                             /**< nothing begins any more */
};

/** Reads the files of the folder: 0, ERR_SYNTAX with every mistake in @p out, or others.
 * feeds_folder.c */
int feeds_read_folder(struct feeds *f, const char *folder, int zone_min, struct buf *out);
/** Makes packs of feed->file, or takes its temporary cover: 0; ERR_SYNTAX if it cannot be read
 * (notes say why); ERR_NOT_FOUND if it has to wait (problem says why); ERR_NOMEM. feeds_table.c */
int feeds_read_table(struct feed *feed, const struct inventory *inv, struct wall_ms now);
/** Forgets the packs. feeds_table.c */
void feeds_drop_table(struct feed *feed);
/** The probes of a feed, their numbers into @p probe: how many; 0 with a sentence in @p ret_why.
 * feeds_table.c */
unsigned feeds_probes(const struct feed *feed, const struct inventory *inv, struct wall_ms now,
                      uint32_t probe[FEED_PARTS_MAX], char ret_why[300]);
/** Asks for a table if it is time. feeds_fetch.c */
void feeds_fetch(struct feed *feed, struct now now);
/** Reads password and token: 0 or an error, told in @p out. feeds_fetch.c */
int feeds_read_secrets(struct feed *feed, struct buf *out);

#endif
