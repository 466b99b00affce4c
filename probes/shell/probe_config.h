/**
 * @file
 * The probe's configuration file: its sections as structs and the tables that read, check and
 * document them.
 *
 * It reads text and checks what the file alone can show: whether the broker answers, a folder can
 * be written or a target exists is found while running. What a check's own keys mean is its type's.
 */
#ifndef SHELL_PROBE_CONFIG_H
#define SHELL_PROBE_CONFIG_H

#include "checks/check_common.h"
#include "io/conf.h"
#include "wire/topic.h"

/** Longest path or host in the file, with its NUL. */
#define PROBE_CONFIG_TEXT_MAX 256
/** Where the file is looked for unless told otherwise. */
#define PROBE_CONFIG_FILE "/etc/ioc-telemetry/probe.yaml"

/** What the probe is. */
struct probe_config_probe {
    char id[TOPIC_NAME_MAX + 1]; /**< its name in topics and in its certificate */
    char site[65];               /**< where it stands */
    int64_t pack_period_ms;      /**< how often a pack is closed */
    int log_level;               /**< index into the level words; LOG_ERROR + it is the level */
    char last_gasp[131];         /**< "<type>/<name>" of the check whose failure means that power is
                                    lost; "" = SIGPWR only */
    bool trust_clock;            /**< believe the wall clock whatever the kernel says of it */
    int template;                /**< enum template_kind: what the site needs (shell/template.h) */
    struct field_texts units;    /**< units of the site, for its template */
};

/** How to reach the broker. */
struct probe_config_broker {
    char host[PROBE_CONFIG_TEXT_MAX];          /**< name or address */
    int64_t port;                              /**< 0 = the usual one */
    bool tls;                                  /**< with verification */
    char ca_file[PROBE_CONFIG_TEXT_MAX];       /**< "" = the system's */
    char cert_file[PROBE_CONFIG_TEXT_MAX];     /**< "" = none */
    char key_file[PROBE_CONFIG_TEXT_MAX];      /**< "" = none */
    char user[TOPIC_NAME_MAX + 1];             /**< "" = none */
    char password_file[PROBE_CONFIG_TEXT_MAX]; /**< "" = none */
};

/** Where packs wait. */
struct probe_config_outbox {
    char folder[PROBE_CONFIG_TEXT_MAX]; /**< made if missing, 0700 */
    int64_t max_bytes;                  /**< all of it together */
    int64_t max_age_ms;                 /**< of running time */
};

/** Where `ioc-probe status` asks. */
struct probe_config_status {
    char socket[96]; /**< path of the unix socket; "" = none. The kernel allows 107 bytes */
};

/** Who is told without the centre that the centre is gone. */
struct probe_config_deadman {
    char check[131];   /**< "<type>/<name>" of the check that is its sign of life; "" = none */
    char centre[97];   /**< what people call it */
    int64_t after_ms;  /**< without a sign of life */
    int64_t pause_ms;  /**< least time between two tellings */
    int64_t repeat_ms; /**< until it is told again that it lasts; 0 = never */
    char text[161];    /**< what to do */
    char modem[PROBE_CONFIG_TEXT_MAX]; /**< serial device; "" = none */
    int64_t baud;                      /**< of modem */
    struct field_texts numbers;        /**< told by modem */
    struct field_texts program;        /**< its path and arguments; none = no program */
};

/** The whole file. */
struct probe_config {
    struct probe_config_probe probe;     /**< section probe */
    struct probe_config_broker broker;   /**< section broker */
    struct probe_config_outbox outbox;   /**< section outbox */
    struct probe_config_status status;   /**< section status */
    struct probe_config_deadman deadman; /**< section deadman */
    struct conf_place deadman_at;        /**< where that begins */
    struct conf_list checks; /**< section checks: each object begins with a check_common, whose site
                                is filled in */
};

/** Reads the file into @p ret_config: 0; or ERR_SYNTAX and others, with every mistake in @p errors
 * (which this initialises and the caller frees with conf_errors_done()). */
int probe_config_read(const char *file, struct probe_config *ret_config,
                      struct conf_errors *errors) MUST_USE;
/** The same from @p text; @p file is only its name. */
int probe_config_read_text(const char *file, struct slice text, struct probe_config *ret_config,
                           struct conf_errors *errors) MUST_USE;
/** Frees the list of checks. Accepts a zeroed one. */
void probe_config_done(struct probe_config *config);

/** The common keys of check @p i. */
const struct check_common *probe_config_check(const struct probe_config *config, size_t i);
/** Index of the check "<type>/<name>" at the probe's own site, or checks.len. */
size_t probe_config_find(const struct probe_config *config, const char *type_and_name);

/** Appends all sections and keys as troff. */
void probe_config_manual(struct buf *out);

#endif
