/**
 * @file
 * What the files of the app share; nobody else includes it.
 */
#ifndef SHELL_APP_OWN_H
#define SHELL_APP_OWN_H

#include "core/latest.h"
#include "core/marker_lag.h"
#include "io/http_client.h"
#include "io/mqtt.h"
#include "shell/ack_link.h"
#include "shell/app.h"
#include "shell/backup.h"
#include "shell/feeds.h"
#include "shell/http_tokens.h"
#include "shell/keeper.h"
#include "shell/notify.h"
#include "shell/periods.h"
#include "shell/probe_configs.h"
#include "shell/replies.h"
#include "shell/routes.h"
#include "shell/sink.h"

/** A batch that the database does not have yet. */
struct app_batch {
    uint64_t number;   /**< of the batch */
    uint64_t bytes;    /**< of its file */
    uint64_t readings; /**< in it */
};

/** Announcements of work in one turn; further ones wait for nobody and are logged. */
enum { APP_WORKS_MAX = 16 };

/** Work on site, as a probe announced it. */
struct app_work {
    uint32_t probe;                   /**< number in the inventory */
    struct wall_ms until;             /**< its end */
    bool ends;                        /**< it is over */
    char reason[BODY_REASON_MAX + 1]; /**< what is done */
};

/** Everything. */
struct app {
    const char *config_file;       /**< read again at SIGHUP */
    struct config config;          /**< in force */
    struct loop *loop;             /**< the one loop */
    int lock;                      /**< of the data folder, -1 = not held */
    struct store *store;           /**< the keeper's worker's, once that runs */
    struct centre *centre;         /**< the memory */
    struct intake *intake;         /**< the log of messages */
    struct keeper *keeper;         /**< takes, commits, tells */
    struct mqtt *mqtt;             /**< the broker */
    struct dns *dns;               /**< names */
    struct http_client *http;      /**< requests out */
    struct sink *sink;             /**< the database */
    struct feeds *feeds;           /**< operators' tables */
    struct pager *pager;           /**< who is to be told */
    struct latest latest;          /**< readings of the sites that people look at */
    struct notify *notify;         /**< telling them */
    struct rules_file *rules_file; /**< as read, between app_restore() and app_pager_open() */
    struct rota rota;              /**< who is on duty */
    struct replies *replies;       /**< what people answer */
    struct ack_link_key link_key;  /**< signs links to acknowledge with */
    struct batch_folder batches;   /**< its files */
    struct vec pending;            /**< struct app_batch, by number */
    struct vec settled;            /**< uint64_t numbers recorded as gone in the set being built */
    struct vec
        removable; /**< uint64_t numbers whose end is in the commit under way, then being removed */
    struct probe_configs configs;   /**< what the centre changes in probes, as the files say */
    struct names published_names;   /**< probes to whose topic config we ever published */
    struct vec published;           /**< by number of those; app_configs.c */
    struct deriver *deriver;        /**< derived points being rendered (app_derived.c) */
    struct loop_timer *marker;      /**< one marker a second */
    struct loop_timer *release;     /**< the next acks of packs of the past */
    struct loop_timer *tick;        /**< once a second: room on the disk, bounds, time */
    struct loop_timer *patience;    /**< ends a stop that takes too long */
    struct loop_signal *term;       /**< SIGTERM */
    struct loop_signal *interrupt;  /**< SIGINT */
    struct loop_signal *hup;        /**< SIGHUP */
    struct http_server *server;     /**< page and API */
    struct buf outlines;            /**< GeoJSON for the map */
    struct routes routes;           /**< what it answers */
    struct periods periods;         /**< answers about calendar periods */
    struct letters letters;         /**< the dead ones, for people */
    struct audit_log audit_log;     /**< who did what, for people */
    uint64_t audit_told;            /**< its last row that the program's log has */
    struct loop_timer *beat;        /**< heartbeat of the event streams */
    struct loop_timer *show;        /**< soon after a change: tell the pages */
    struct loop_timer *auditor;     /**< once a minute: does the ledger hold */
    struct ledger_audit audit;      /**< the last one */
    struct store_figures figures;   /**< of the store, as of the last one */
    uint64_t audits;                /**< since the start */
    uint64_t audits_broken;         /**< of these, that found something */
    struct wall_pages pages;        /**< that are open */
    uint64_t events;                /**< id of the last event */
    struct mono_ms overview_at;     /**< when the pages were last sent the overview */
    uint64_t boot;                  /**< of this start */
    struct marker_lag lag;          /**< how long our own markers take */
    uint64_t processed_before;      /**< messages processed before this start */
    uint64_t pending_bytes;         /**< of all in pending */
    uint64_t pending_readings;      /**< of all in pending */
    bool held;                      /**< packs are held by a bound */
    bool clock_wrong;               /**< packs are held because our clock is */
    bool clock_doubted;             /**< packs ahead of our clock are held: it was said */
    bool stalled;                   /**< commits stand still */
    bool paused;                    /**< the disk is too full to listen */
    bool stopping;                  /**< SIGTERM came */
    bool feeds_owed;                /**< feeds are to be looked at, once the keeper is settled */
    bool reload_wanted;             /**< SIGHUP came while a commit was under way */
    bool tokens_read;               /**< tokens may differ from tokens_noted */
    bool restored;                  /**< this store was a backup, and the audit log lacks it */
    bool show_late;                 /**< the pages were due while a commit was under way */
    bool overview_owed;             /**< something changed since overview_at */
    bool configs_known;             /**< `configs` were read without a mistake */
    char folder[3][FILE_PATH_MAX];  /**< of the data: intake, batches; and the path of the reserve
                                       file */
    char store_path[FILE_PATH_MAX]; /**< of the store */
    size_t works_len;               /**< announcements of work for the next seal */
    struct app_work works[APP_WORKS_MAX]; /**< these */

    struct http_tokens tokens;         /**< as read last */
    struct http_tokens tokens_noted;   /**< as the audit log knows them */
    struct wall_ms restored_at;        /**< when that was */
    char restored_by[AUDIT_WHO_MAX];   /**< who did it */
    char restored_file[FILE_PATH_MAX]; /**< which it was */
};

enum { APP_INTAKE, APP_BATCHES, APP_RESERVE }; /* indices of app.folder */

/** What is wrong with this machine's clock, as far as it shows; NULL = nothing. */
const char *app_clock(const struct app *app);
/** Opens the data folder, store, inventory and memory, and brings back what was stored. */
int app_restore(struct app *app);
/** What happened to the collector goes into the shift log, with the next commit: 0 or ERR_NOMEM. */
int app_note(struct app *app, enum shift_kind kind, const char *text);
/** Reads the inventory's files into one that continues @p old; complaints go to @p out. */
int app_read_inventory(const struct config *config, const struct inventory *old, struct wall_ms now,
                       struct buf *out, struct inventory **ret_new);
/** Goes on with @p fresh, which continues the present inventory and is owned from then on; it is
 * committed with the next turn. Only while the keeper is settled. After ERR_NOMEM the memory may
 * only be thrown away. */
int app_set_inventory(struct app *app, struct inventory *fresh, struct wall_ms now) MUST_USE;
/** Reads configuration and inventory again; keeps the old ones if the new ones are wrong. Only
 * while the keeper is settled. */
void app_reload(struct app *app);

/** Opens the broker's side. */
int app_link_open(struct app *app);
/** Sends the answers of a commit. */
void app_link_answer(struct app *app);
/** Says goodbye to the broker, then calls @p closed. */
void app_link_close(struct app *app, loop_fn *closed);

/** Nothing is known of the probes' topic config. */
void app_configs_init(struct app *app);
/** Frees that. */
void app_configs_done(struct app *app);
/** Takes back a row of kind ROW_PROBE_CONFIG. */
int app_configs_load(struct app *app, struct slice key, struct slice value);
/** Hands the rows that changed to @p sink. */
int app_configs_save(struct app *app, const struct row_sink *sink);
/** Reads the folder and publishes what differs; after an error, with the mistakes in @p out, what
 * was read before stays in force. */
int app_configs_read(struct app *app, struct buf *out);
/** Publishes what differs from what the broker has, or @p all of it: it may have forgotten. */
void app_configs_publish(struct app *app, bool all);

/** Opens the database's side, with the batches that wait. */
int app_sink_open(struct app *app);
/** Makes a batch file; the keeper's worker calls it. */
int app_sink_write(void *arg, struct slice lines, struct batch_row *batch);
/** A commit is about to be sealed: what was settled until now is in it. */
void app_sink_sealing(struct app *app);
/** A commit is done: sends its batch, removes the files of those it ended. */
void app_sink_committed(struct app *app, const struct keeper_commit *commit);
/** Takes up a batch that waits: 0 or ERR_NOMEM. */
int app_sink_add(struct app *app, const struct batch_row *row);

/** Makes what app_derived_send() needs: 0 or ERR_NOMEM. */
int app_derived_open(struct app *app);
/** Ends it. */
void app_derived_close(struct app *app);
/** Sends derived points that wait, if the database takes them; call it every second. Where much
 * waits, the next leave without waiting for the next call, as long as nothing live is behind. */
void app_derived_send(struct app *app);
/** Sends them if their time came while a change set was under way; to be called once it is
 * committed. */
void app_derived_committed(struct app *app);

/** Every complaint of @p out is a line of its own in the log; @p stays says what is in force. */
void app_complain(const char *what, const char *stays, struct buf *out);

/** Makes the pager of the centre, with the rules of the configuration. */
int app_pager_new(struct app *app);
/** Takes a row of kind ROW_ALERT or ROW_PAGE back. */
int app_pager_load(struct app *app, uint8_t kind, struct slice key, struct slice value);
/** Opens the way out of pages. */
int app_pager_open(struct app *app);
/** Closes both. */
void app_pager_close(struct app *app);
/** The inventory is another one; the rules are read again: 0, or an error that was told, and the
 * former stay. Only while the keeper is settled. */
int app_pager_reload(struct app *app);
/** Tokens were read: what differs from what the audit log knows is in it with the next seal. */
void app_acts_tokens(struct app *app, const struct http_tokens *tokens);
/** Notes a reload and what became of its parts, each 0 or an error; only while the keeper is
 * settled. */
void app_acts_reloaded(struct app *app, int inventory, int rules, int tokens);
/** Takes a row of kind ROW_TOKEN back. */
int app_acts_load_token(struct app *app, struct slice key, struct slice value);
/** Takes a row of kind ROW_RESTORED. */
int app_acts_load_restored(struct app *app, struct slice value);
/** A commit is about to be sealed: what was noted is in it. 0, or an error of the change set. */
int app_acts_sealing(struct app *app, struct change_set *set);
/** People announce work on site by a probe, or its end; it counts from the next seal on. */
void app_work_take(struct app *app, uint32_t probe, const struct body_work *work);
/** Declares what was announced: 0 or ERR_NOMEM. */
int app_work_sealing(struct app *app, struct change_set *set);
/** Readings of @p source are about to be stored: rules may ask for them. 0 or ERR_NOMEM. */
int app_pager_readings(struct app *app, struct slice source, const struct reading *readings,
                       size_t n);
/** A commit is about to be sealed: lets time pass, hands the rows that changed to @p rows. */
int app_pager_sealing(struct app *app, const struct row_sink *rows);
/** The ledger was audited. */
void app_pager_audited(struct app *app);
/** Once a second: is anything due? */
void app_pager_tick(struct app *app);
/** A commit is done: sends what is due. */
void app_pager_committed(struct app *app);
/** Opens the way in of replies, over pager and notifier. */
int app_replies_open(struct app *app, const struct rules_file *file);
/** A message came to a modem; a callback of the notifier. */
void app_replies_came(void *context, const char *device, const struct sms_message *message);
/** Every mistake of the rules file goes to @p out. */
int app_pager_check(const struct config *config, const struct inventory *inv, struct buf *out);

/** Opens operators' feeds. */
int app_feeds_open(struct app *app);
/** Hands the rows of what changed to @p sink: 0 or its error. */
int app_feeds_save(struct app *app, const struct row_sink *sink);
/** Lets them go on if they are owed it and the memory shows committed state. */
void app_feeds_tick(struct app *app);

/** Audits the ledger now and then. */
int app_audit_open(struct app *app);
/** No more. */
void app_audit_close(struct app *app);

/** Opens the page and the API. */
int app_http_open(struct app *app);
/** Reads people's tokens (again): 0, or an error with the former ones in force, told in the log. */
int app_http_tokens(struct app *app);
/** Closes them. */
void app_http_close(struct app *app);
/** A commit is done: answers those who waited, tells the pages soon. */
void app_http_committed(struct app *app);
/** Commits stand still: nobody waits for the next. */
void app_http_stalled(struct app *app);
/** What an answer may need, now. */
void app_http_view(void *arg, struct routes_view *view);
/** Appends the text of `/metrics`, with the packs of each probe if @p probes. */
void app_metrics(void *arg, enum http_role probes, struct buf *out);

#endif
