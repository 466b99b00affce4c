/**
 * @file
 * From paths to answers: the table of the API, with its parameters read and refused in words.
 *
 * It renders what codec/api.h makes of the committed state. While a commit is under way requests
 * that read state wait; a request that changes something is answered after the commit of it. The
 * handlers stand in routes_*.c.
 */
#ifndef SHELL_ROUTES_H
#define SHELL_ROUTES_H

#include "codec/api.h"
#include "core/latest.h"
#include "core/pager.h"
#include "shell/ack_link.h"
#include "shell/audit_log.h"
#include "shell/feeds.h"
#include "shell/http_server.h"
#include "shell/letters.h"
#include "shell/periods.h"
#include "shell/replies.h"
#include "shell/wall_conf.h"
#include "shell/wall_pages.h"

/** What an answer may need; the app fills it in anew for each request. */
struct routes_view {
    struct api_scope scope;              /**< the memory */
    struct api_ledger ledger;            /**< what the ledger is compared with */
    bool settled;                        /**< the memory shows committed state only */
    bool broker;                         /**< connected */
    bool store;                          /**< commits succeed */
    bool intake;                         /**< the log takes messages */
    const char *clock;                   /**< what is wrong with our clock, NULL = nothing */
    const char *database;                /**< what hinders the database, "" = nothing */
    struct slice outlines;               /**< GeoJSON of the areas, empty = none */
    const struct feeds *feeds;           /**< operators' tables */
    struct pager *pager;                 /**< who is told of outages */
    struct latest *latest;               /**< readings of the sites that people look at */
    struct replies *replies;             /**< what people answer */
    const struct ack_link_key *link_key; /**< signs links to acknowledge with */
    const struct wall_conf *wall;        /**< how the wall is to look */
    struct mono_ms mono;                 /**< now, for what is measured in spans */
    int64_t utc_offset_ms;               /**< local time minus UTC */
};

/** Writes the view of now into @p view. */
typedef void routes_fill(void *context, struct routes_view *view);
/** Appends `/metrics`, with what is there of each probe that @p probes may see (HTTP_NOBODY: of
 * none). */
typedef void routes_metrics(void *context, enum http_role probes, struct buf *out);

/** The memory, which is about to be changed: commit it soon. */
typedef struct centre *routes_changes(void *context);

/** Puts an act into the audit log, with the change that is being made. */
typedef void routes_audit(void *context, const struct audit_entry *entry);

/** Who answers. */
struct routes {
    void *context;            /**< first argument of all */
    routes_fill *fill;        /**< the view of now */
    routes_metrics *metrics;  /**< text of `/metrics` */
    struct letters *letters;  /**< the dead letters */
    struct periods *periods;  /**< answers about calendar periods */
    struct wall_pages *pages; /**< pages that are open */
    routes_changes *change;   /**< whoever changes the memory calls it first */
    routes_audit *audit;      /**< what was changed, and by whom */
    struct audit_log *log;    /**< answers about that */
};

/** Answers one request; an http_handler with a struct routes as its context. */
enum http_turn routes_handle(void *context, const struct http_query *query,
                             struct http_answer *answer);

#endif
