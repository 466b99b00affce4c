/**
 * @file
 * The collector's configuration file: its sections as structs and the tables that read, check and
 * document them.
 *
 * It reads text and checks what the file alone can show. Whether a broker answers or a folder can
 * be written is found at start.
 */
#ifndef SHELL_CONFIG_H
#define SHELL_CONFIG_H

#include "core/centre.h"
#include "io/conf.h"
#include "shell/sink_conf.h"
#include "shell/wall_conf.h"

/** Longest path or URL in the file, with its NUL. */
#define CONFIG_TEXT_MAX 256

/** What the centre is. */
struct config_centre {
    char id[64];                       /**< in topics and logs; two collectors of a broker differ */
    char name[CONFIG_TEXT_MAX];        /**< of the operations centre, on the page */
    char data_folder[CONFIG_TEXT_MAX]; /**< store, intake log and batches */
    char inventory[CONFIG_TEXT_MAX];   /**< folder of the CSV files */
    char probe_configs[CONFIG_TEXT_MAX]; /**< folder of what the centre changes in probes, "" =
                                            none */
    char feeds[CONFIG_TEXT_MAX];         /**< folder of operators' feeds; "" = none */
    char rules[CONFIG_TEXT_MAX];         /**< file of rules of paging, "" = nobody is paged */
    int64_t work_max_ms;                 /**< of work that a probe announces, 0 = none counts */
    int64_t utc_offset_ms;               /**< local time minus UTC: calendar, hours, dates in CSV */
    bool simulated;                      /**< everything shown is marked as simulated */
    int log_level;                       /**< index into the level words */
};

/** How to reach the broker. */
struct config_broker {
    char host[CONFIG_TEXT_MAX];          /**< name or address */
    int64_t port;                        /**< 0 = the usual one */
    bool tls;                            /**< with verification */
    char ca_file[CONFIG_TEXT_MAX];       /**< "" = the system's */
    char cert_file[CONFIG_TEXT_MAX];     /**< "" = none */
    char key_file[CONFIG_TEXT_MAX];      /**< "" = none */
    char user[64];                       /**< "" = none */
    char password_file[CONFIG_TEXT_MAX]; /**< "" = none */
};

/** Where to listen. */
struct config_http {
    char listen[64];                           /**< address */
    int64_t port;                              /**< 0 = any free one */
    char cert_file[CONFIG_TEXT_MAX];           /**< "" = no TLS */
    char key_file[CONFIG_TEXT_MAX];            /**< "" = no TLS */
    int64_t requests_per_second;               /**< of one client; 0 = no limit */
    int64_t burst;                             /**< requests of one client at once */
    int64_t streams_per_client;                /**< of events, at once */
    bool behind_proxy;                         /**< X-Forwarded-For of our own machine counts */
    char guest_token_file[CONFIG_TEXT_MAX];    /**< "" = none */
    char viewer_token_file[CONFIG_TEXT_MAX];   /**< "" = none */
    char operator_token_file[CONFIG_TEXT_MAX]; /**< "" = none */
    char admin_token_file[CONFIG_TEXT_MAX];    /**< "" = none */
    char tokens_file[CONFIG_TEXT_MAX];         /**< people's, hashed; "" = none */
};

/** How evidence is judged. */
struct config_evidence {
    int64_t pack_period_ms;    /**< of the probes */
    int64_t will_hold_ms;      /**< a will waits this long for a sign of life */
    int64_t connect_settle_ms; /**< listening to a probe begins at the latest this long after a
                                  connection */
    int64_t archive_ms;        /**< how long what no timeline holds any more is kept */
    int64_t grace_ms;          /**< until figures are final */
    int64_t hysteresis_bad;    /**< results in a row to go down */
    int64_t hysteresis_good;   /**< results in a row to return */
    int64_t shift_ms;          /**< how long the shift log is kept */
    int64_t minutes_back_ms;   /**< points of each minute follow corrections so far back */
};

/** How coverage is judged. */
struct config_coverage {
    double above_dbm[SIGNAL_NONE]; /**< by class of signal: RSRP above this is of it */
    struct field_texts signals[TECHNOLOGY_5G + 1]; /**< the same of one technology; empty = as
                                                      above */
    int measured_class;        /**< enum signal_class: a village is covered from it on */
    int64_t measured_valid_ms; /**< how long a run of a measuring point counts */
};

/** Bounds. */
struct config_limits {
    int64_t pending_bytes;     /**< of batch files that wait */
    int64_t checks_per_probe;  /**< of one list */
    int64_t dead_letters;      /**< kept */
    int64_t dead_letter_bytes; /**< kept */
    int64_t low_water_bytes;   /**< free disk below which we stop listening */
    int64_t reserve_bytes;     /**< given up first when the disk is full */
    int64_t commit_period_ms;  /**< least time between commits while little comes */
    int64_t publisher_load;    /**< messages a second that are read of one publisher */
    int64_t publisher_letters; /**< its dead letters kept an hour */
    int64_t publisher_names;   /**< names it may use */
    int64_t oldest_ms;         /**< readings may be this old */
};

/** The whole file. */
struct config {
    struct config_centre centre;     /**< section centre */
    struct config_broker broker;     /**< section broker */
    struct sink_conf sink;           /**< section sink */
    struct config_http http;         /**< section http */
    struct config_evidence evidence; /**< section evidence */
    struct config_coverage coverage; /**< section coverage */
    struct config_limits limits;     /**< section limits */
    struct wall_conf wall;           /**< section wall */
};

/** Reads @p file; every mistake goes to @p errors. 0, ERR_SYNTAX or an error of reading. */
int config_read(const char *file, struct config *ret_config, struct conf_errors *errors) MUST_USE;
/** True if every key has the same value in both. */
bool config_equal(const struct config *a, const struct config *b);
/** The options of the core that the file sets; the rest are defaults. */
struct centre_options config_centre_options(const struct config *config);
/** Appends all keys for people. */
void config_help(struct buf *out);
/** Appends all keys as troff. */
void config_manual(struct buf *out);

#endif
