#include "base/err.h"
#include "io/cli.h"
#include "shell/app.h"
#include "shell/audit_log.h"
#include "shell/backup_command.h"
#include "shell/feed_conf.h"
#include "shell/http_tokens.h"
#include "shell/letters_command.h"
#include "shell/rules_file.h"

#include <stdio.h>
#include <string.h>

#define CONFIG_FILE "/etc/ioc-telemetry/collector.yaml"

enum { FAILED = 1, USAGE = 64, WRONG_CONFIG = 78 }; /* the last two as in sysexits.h */

static const struct cli_option OPTIONS[] = {
    {"config", "FILE", "Configuration file; default " CONFIG_FILE "."},
    {"check-config", NULL,
     "Read configuration, inventory and what is to be changed in probes, tell every mistake, and "
     "end."},
    {"config-help", NULL, "List every key of the configuration file, and end."},
    {"manual", NULL, "Print the manual page in troff, and end."},
    {"all", NULL, "deadletter: every letter instead of single numbers."},
    {"reason", "TEXT", "deadletter: only those whose reason contains the text."},
    {"json", NULL, "deadletter: print what the API answers."},
    {"url", "URL", "deadletter: where the collector listens; default as configured."},
    {"token-file", "FILE", "deadletter: the token; default http.admin_token_file."},
    {"ca-file", "FILE", "deadletter: certificates to trust; default http.cert_file."},
    {"version", NULL, "Print the version, and end."},
    {"help", NULL, "Print this text, and end."},
};

static const struct cli_command COMMANDS[] = {
    {"backup", "FILE|FOLDER",
     "Write all that the collector knows, and all that waits for the database, into one file, "
     "while it runs."},
    {"restore", "FILE",
     "Put a backup in place on a machine that has no store yet; as the collector's user, before "
     "it is started."},
    {"rules", "test FILE SCRIPT",
     "Play a story to the rules in FILE: who would have been paged, when, for what. The story is "
     "lines such as: at 60s down SITE; also up, silent, backlog SITE down 2h 26h, deaf, hearing, "
     "ack NUMBER, expect NUMBER 2h, maintenance SITE 1h, absent SITE (at 0s), metric SITE "
     "TYPE/NAME/METRIC 7, end; area AREA instead of SITE stands for all in it."},
    {"deadletter", "list | show N | requeue N... | purge N...",
     "Look at what was refused for good, take it again after a fix, or throw it away."},
    {"token", "make NAME guest|viewer|operator|admin",
     "Make a token for somebody: its hash goes into http.tokens_file, the token is printed once."},
    {"audit", "verify",
     "Check that no row of the audit log was changed, taken out or put in; name the first that "
     "was."},
};

static const struct cli CLI = {
    .program = "ioc-collector",
    .about = "Turns what probes report into uptime, coverage and outages; forwards it to a "
             "database and shows it.",
    .options = OPTIONS,
    .options_len = sizeof OPTIONS / sizeof *OPTIONS,
    .commands = COMMANDS,
    .commands_len = sizeof COMMANDS / sizeof *COMMANDS,
};

static const char FEEDS_ABOUT[] =
    ".SH FEEDS\nA YAML file NAME.yaml for each operator's feed, in the folder that centre.feeds "
    "names, read at the start. NAME is a probe of the inventory whose column feed names the "
    "operator; with more than 512 checks its sites are shared among NAME, NAME.2, NAME.3 and so "
    "on.\n";

static const char RULES_ABOUT[] = ".SH RULES\nThe YAML file that centre.rules names, read again at "
                                  "SIGHUP. A page is sent until its "
                                  "target has it, over restarts; its number is in the header "
                                  "X\\-Ioc\\-Page, so that a target can "
                                  "tell one that a crash sent twice.\n";

/* What no table says. */
static const char MANUAL_END[] =
    ".SH FILES\n"
    ".TP\n.I " CONFIG_FILE "\nThe configuration.\n"
    ".TP\n.I /etc/ioc-telemetry/inventory\nThe inventory: areas.csv, operators.csv, sites.csv, "
    "units.csv, serves.csv, depends.csv, declarations.csv, probes.csv, declared.csv.\n"
    ".TP\n.I /var/lib/ioc-collector\nstore.db (state, ledger, dead letters, audit log), intake "
    "(messages not "
    "yet taken), batches (lines the database does not have yet), reserve (given up first when the "
    "disk is full), lock.\n"
    ".SH SIGNALS\n"
    ".TP\n.B SIGTERM, SIGINT\nStop: everything taken is stored first, within 12 s; what is left "
    "waits in the intake. Pages that are under way are awaited for 5 s of them, so that nobody "
    "gets "
    "an SMS twice.\n"
    ".TP\n.B SIGHUP\nRead configuration and inventory again. A wrong inventory is told in the log "
    "and the old one stays; of the configuration, log_level, inventory, probe_configs, rules and "
    "the content of http.tokens_file are taken at once.\n"
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nStopped, or nothing wrong.\n"
    ".TP\n.B 1\nCould not start, or ended because what it had in memory or the disk could not be "
    "trusted; it recovers from what is stored when it is started again.\n"
    ".TP\n.B 64\nWrong command line.\n"
    ".TP\n.B 78\nWrong configuration or, with \\-\\-check-config, inventory or files of "
    "probe_configs.\n"
    ".SH SEE ALSO\n.BR ioc-probe (1),\n.BR ioc-fleet (1)\n";

static int print(void (*write)(struct buf *out))
{
    struct buf out;
    buf_init(&out, 1 << 20);
    write(&out);
    fputs(out.data ? out.data : "", stdout);
    int err = out.err;
    buf_done(&out);
    return err ? FAILED : 0;
}

static void write_help(struct buf *out)
{
    cli_help(&CLI, out);
}

static void write_manual(struct buf *out)
{
    cli_manual(&CLI, out);
    buf_str(out, ".SH CONFIGURATION\nA YAML file of sections; every key has a default.\n");
    config_manual(out);
    buf_str(out, RULES_ABOUT);
    rules_file_manual(out);
    buf_str(out, FEEDS_ABOUT);
    feed_conf_manual(out);
    buf_str(out, MANUAL_END);
}

static void write_version(struct buf *out)
{
    buf_str(out, "ioc-collector " IOC_VERSION "\n");
}

static int check(const struct config *config)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    int err = app_check(config, &out);
    fputs(err ? out.data ? out.data : err_text(err) : "configuration and inventory are well\n",
          err ? stderr : stdout);
    buf_done(&out);
    return err ? WRONG_CONFIG : 0;
}

static const char *option(const struct cli_given *given, const char *name, const char *fallback)
{
    const char *value = cli_value(&CLI, given, name);
    return value ? value : fallback;
}

/* Where the collector of this configuration is reached from its own machine. */
static void own_url(const struct config_http *http, char *to, size_t max)
{
    bool any = strcmp(http->listen, "0.0.0.0") == 0 || strcmp(http->listen, "::") == 0;
    const char *host = any ? "127.0.0.1" : http->listen;
    bool six = strchr(host, ':') != NULL;
    snprintf(to, max, "%s://%s%s%s:%lld", http->cert_file[0] ? "https" : "http", six ? "[" : "",
             host, six ? "]" : "", (long long)http->port);
}

static int run_deadletter(const struct config *config, const struct cli_given *given)
{
    char url[300];
    own_url(&config->http, url, sizeof url);
    struct letters_command command = {
        .verb = given->operands ? given->operand[0] : "",
        .numbers = given->operand + 1,
        .len = given->operands ? given->operands - 1 : 0,
        .all = cli_value(&CLI, given, "all") != NULL,
        .reason = option(given, "reason", ""),
        .json = cli_value(&CLI, given, "json") != NULL,
        .url = option(given, "url", url),
        .token_file = option(given, "token-file", config->http.admin_token_file),
        .ca_file = option(given, "ca-file", config->http.cert_file)};
    return letters_command_run(&command);
}

static int one_operand(const struct cli_given *given)
{
    if (given->operands == 1)
        return 0;
    fprintf(stderr, "ioc-collector: %s takes one operand: %s\n", given->command->name,
            given->command->operands);
    return USAGE;
}

static int run_rules(const struct config *config, const struct cli_given *given)
{
    struct buf out;
    if (given->operands != 3 || strcmp(given->operand[0], "test") != 0) {
        fprintf(stderr, "ioc-collector: rules: %s\n", given->command->operands);
        return USAGE;
    }
    buf_init(&out, 64 << 20);
    int err = app_try_rules(config, given->operand[1], given->operand[2], &out);
    fputs(out.data ? out.data : err ? err_text(err) : "", err ? stderr : stdout);
    buf_done(&out);
    return err ? WRONG_CONFIG : 0;
}

static int run_backup(const struct config *config, const struct cli_given *given)
{
    int code = one_operand(given);
    return code ? code : backup_command_make(config->centre.data_folder, given->operand[0]);
}

static int run_restore(const struct config *config, const struct cli_given *given)
{
    int code = one_operand(given);
    return code ? code : backup_command_restore(config->centre.data_folder, given->operand[0]);
}

static int run_token(const struct config *config, const struct cli_given *given)
{
    if (given->operands == 3 && strcmp(given->operand[0], "make") == 0)
        return http_tokens_command(config->http.tokens_file, given->operand[1], given->operand[2]);
    fprintf(stderr, "ioc-collector: token make NAME guest|viewer|operator|admin\n");
    return USAGE;
}

static int run_audit(const struct config *config, const struct cli_given *given)
{
    int code = one_operand(given);
    if (!code && strcmp(given->operand[0], "verify") != 0) {
        fprintf(stderr, "ioc-collector: audit can only verify\n");
        code = USAGE;
    }
    return code ? code : audit_log_command(config->centre.data_folder);
}

static int run_command(const struct config *config, const struct cli_given *given)
{
    static const struct {
        const char *name;
        int (*run)(const struct config *config, const struct cli_given *given);
    } runs[] = {{"backup", run_backup},         {"restore", run_restore}, {"rules", run_rules},
                {"deadletter", run_deadletter}, {"audit", run_audit},     {"token", run_token}};

    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        if (strcmp(runs[i].name, given->command->name) == 0)
            return runs[i].run(config, given);
    return USAGE;
}

static int start(const char *file, const struct cli_given *given)
{
    struct config config;
    struct conf_errors errors;
    int err = config_read(file, &config, &errors);
    if (err)
        fputs(errors.text.data ? errors.text.data : err_text(err), stderr);
    conf_errors_done(&errors);
    if (err)
        return WRONG_CONFIG;
    if (cli_value(&CLI, given, "check-config"))
        return check(&config);
    if (given->command)
        return run_command(&config, given);
    return app_run(file, &config) ? FAILED : 0;
}

int main(int argc, char *argv[])
{
    struct cli_given given;
    struct buf complaint;
    buf_init(&complaint, 4096);
    int err = cli_read(&CLI, argc, argv, &given, &complaint);
    if (err)
        fprintf(stderr, "ioc-collector: %s\n", complaint.data ? complaint.data : err_text(err));
    buf_done(&complaint);
    if (err)
        return USAGE;
    if (cli_value(&CLI, &given, "help"))
        return print(write_help);
    if (cli_value(&CLI, &given, "version"))
        return print(write_version);
    if (cli_value(&CLI, &given, "config-help"))
        return print(config_help);
    if (cli_value(&CLI, &given, "manual"))
        return print(write_manual);
    return start(option(&given, "config", CONFIG_FILE), &given);
}
