#include "command.h"

#include "control.h"
#include "fault.h"
#include "fleet.h"
#include "verify.h"

#include "base/err.h"
#include "base/field.h"
#include "base/num.h"
#include "io/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 1 << 16, EXIT_USAGE = 2, HOST_MAX = 256 };

static const struct cli_option OPTIONS[] = {
    {"inventory", "DIR", "Folder of the inventory's CSV files."},
    {"broker", "HOST:PORT", "The broker [127.0.0.1:1883]."},
    {"user", "NAME", "User name at the broker."},
    {"password-file", "FILE", "File with its password."},
    {"connections", "N", "Connections that the probes share [4]; 0: one for each, to 5000."},
    {"probes", "N", "At most so many probes of the inventory."},
    {"except", "PROBE", "A probe that really exists and is not simulated."},
    {"script", "FILE", "Faults with their times, one a line."},
    {"seed", "N", "Of everything random [1]."},
    {"interval", "TIME", "Of the checks [10s]."},
    {"ttl", "TIME", "How long a result stands [three intervals]."},
    {"pack", "TIME", "Packs close this often [30s]."},
    {"will-after", "TIME", "When the broker notices a lost line [30s]."},
    {"pack-readings", "N", "Packs close at so many readings, too."},
    {"past", "TIME", "Lived through unheard before the start: the outboxes hold it already."},
    {"past-only", NULL, "Ends, without a farewell, once the centre has stored the past."},
    {"units-only", NULL, "One check for each unit and no other."},
    {"minutes", "N", "Length of the run; without it until Ctrl-C."},
    {"truth", "DIR", "Where both truths are written, or read from."},
    {"control", "SOCKET", "For `fault` [/tmp/ioc-fleet-UID.sock]; `-`: none."},
    {"collector", "URL", "For `verify` [http://127.0.0.1:8080]."},
    {"token-file", "FILE", "For `verify`: file with the collector's token."},
    {"tolerance", "TIME", "For `verify`: largest error of a start or end [interval + 2s]."},
    {"manual", NULL, "Prints the manual page in troff."},
    {"help", NULL, "Prints this."},
    {"version", NULL, "Prints the version."},
};

static const struct cli_command COMMANDS[] = {
    {"run", "", "Simulates the probes of the inventory."},
    {"fault", "CODE ACTION [NUMBER] [TIME]", "Breaks something in the running fleet, now."},
    {"verify", "", "Compares the collector's timelines and ledger with both truths."},
};

static const struct cli CLI = {
    .program = "ioc-fleet",
    .about = "Simulates probes with the real wire code and a script of faults.",
    .options = OPTIONS,
    .options_len = sizeof OPTIONS / sizeof *OPTIONS,
    .commands = COMMANDS,
    .commands_len = sizeof COMMANDS / sizeof *COMMANDS,
};

static const char *value(const struct cli_given *given, const char *name, const char *fallback)
{
    const char *text = cli_value(&CLI, given, name);
    return text ? text : fallback;
}

static bool wrong(const char *name, const char *text)
{
    fprintf(stderr, "ioc-fleet: --%s: \"%s\" is not what it takes; see --help\n", name, text);
    return false;
}

static bool read_number(const struct cli_given *given, const char *name, uint64_t fallback,
                        uint64_t *ret_value)
{
    const char *text = value(given, name, NULL);
    *ret_value = fallback;
    return !text || num_parse_u64(slice_of(text), ret_value) == 0 || wrong(name, text);
}

static bool read_time(const struct cli_given *given, const char *name, int64_t fallback,
                      int64_t *ret_ms)
{
    const char *text = value(given, name, NULL);
    *ret_ms = fallback;
    return !text || (fault_duration(slice_of(text), ret_ms) && *ret_ms > 0) || wrong(name, text);
}

static bool read_broker(const struct cli_given *given, char host[HOST_MAX], int *ret_port)
{
    const char *text = value(given, "broker", "127.0.0.1:1883");
    const char *colon = strrchr(text, ':');
    uint64_t port;
    if (!colon || (size_t)(colon - text) >= HOST_MAX || num_parse_u64(slice_of(colon + 1), &port) ||
        port < 1 || port > 65535)
        return wrong("broker", text);
    snprintf(host, HOST_MAX, "%.*s", (int)(colon - text), text);
    *ret_port = (int)port;
    return true;
}

static const char *control_path(const struct cli_given *given, char path[64])
{
    snprintf(path, 64, "/tmp/ioc-fleet-%u.sock", (unsigned)getuid());
    const char *said = value(given, "control", path);
    return strcmp(said, "-") == 0 ? NULL : said;
}

static bool read_times(const struct cli_given *given, struct fleet_options *o)
{
    if (!read_time(given, "interval", 10000, &o->interval_ms) ||
        !read_time(given, "ttl", 3 * o->interval_ms, &o->ttl_ms) ||
        !read_time(given, "pack", 30000, &o->pack_ms) ||
        !read_time(given, "will-after", 30000, &o->will_after_ms))
        return false;
    if (o->ttl_ms >= 2 * o->interval_ms + o->interval_ms / 5)
        return true;
    fprintf(stderr, "ioc-fleet: --ttl must be at least 2.2 intervals\n");
    return false;
}

static int command_run(const struct cli_given *given)
{
    char host[HOST_MAX];
    char socket[64];
    uint64_t minutes;
    struct fleet_options o = {.inventory = value(given, "inventory", NULL),
                              .host = host,
                              .user = value(given, "user", NULL),
                              .password_file = value(given, "password-file", NULL),
                              .script = value(given, "script", NULL),
                              .truth = value(given, "truth", NULL),
                              .except = value(given, "except", NULL),
                              .past_only = value(given, "past-only", NULL) != NULL,
                              .units_only = value(given, "units-only", NULL) != NULL,
                              .control = control_path(given, socket)};
    if (!o.inventory) {
        fprintf(stderr, "ioc-fleet: --inventory is needed; see --help\n");
        return EXIT_USAGE;
    }
    if (!read_broker(given, host, &o.port) ||
        !read_number(given, "connections", 4, &o.connections) ||
        !read_number(given, "probes", 0, &o.probes) || !read_number(given, "seed", 1, &o.seed) ||
        !read_number(given, "pack-readings", 0, &o.pack_readings) ||
        !read_time(given, "past", 0, &o.past_ms) || !read_number(given, "minutes", 0, &minutes) ||
        !read_times(given, &o))
        return EXIT_USAGE;
    o.run_ms = (int64_t)minutes * 60000;
    return fleet_run(&o) ? 1 : 0;
}

/* CODE comes first for people, ACTION first in the script. */
static int command_fault(const struct cli_given *given)
{
    char path[64];
    char line[CONTROL_LINE_MAX];
    char answer[CONTROL_LINE_MAX];
    const char *socket = control_path(given, path);
    if (given->operands < 2 || given->operands > 4 || !socket) {
        fprintf(stderr, "ioc-fleet: fault CODE ACTION [NUMBER] [TIME]\n");
        for (int i = 0; i < FAULT_ACTIONS; i++)
            fprintf(stderr, "  %-7s %s\n", fault_word((enum fault_action)i),
                    fault_about((enum fault_action)i));
        return EXIT_USAGE;
    }
    snprintf(line, sizeof line, "%s %s %s %s", given->operand[1], given->operand[0],
             given->operands > 2 ? given->operand[2] : "",
             given->operands > 3 ? given->operand[3] : "");
    int err = control_ask(socket, line, answer);
    if (err) {
        fprintf(stderr, "ioc-fleet: no fleet answers at %s (%s)\n", socket, err_text(err));
        return 1;
    }
    printf("%s", answer);
    return strncmp(answer, "ok", 2) == 0 ? 0 : 1;
}

static int command_verify(const struct cli_given *given)
{
    struct verify_options o = {.truth = value(given, "truth", NULL),
                               .collector = value(given, "collector", "http://127.0.0.1:8080"),
                               .token_file = value(given, "token-file", NULL)};
    if (!o.truth) {
        fprintf(stderr, "ioc-fleet: --truth is needed; see --help\n");
        return EXIT_USAGE;
    }
    if (!read_time(given, "tolerance", 0, &o.tolerance_ms))
        return EXIT_USAGE;
    return verify_run(&o);
}

static void write_help(struct buf *out)
{
    cli_help(&CLI, out);
}

static void write_manual(struct buf *out)
{
    cli_manual(&CLI, out);
    buf_str(out,
            ".SH FAULTS\nA line of a script is AT ACTION TARGET [NUMBER] [TIME], as in \"3:30 cut "
            "lk-ns-ba 4:00\"; an AT with a minus is before the start, in the past of --past. "
            "TARGET is a site, a unit (SITE/UNIT), a site's code, or ?bts for a "
            "site of that kind chosen by the seed. Actions:\n");
    for (int i = 0; i < FAULT_ACTIONS; i++) {
        buf_printf(out, ".TP\n.B %s\n", fault_word((enum fault_action)i));
        field_troff(fault_about((enum fault_action)i), out);
        buf_str(out, "\n");
    }
    buf_str(out, ".SH SEE ALSO\n.BR ioc-probe (1),\n.BR ioc-collector (1)\n");
}

static int print(void (*write)(struct buf *out))
{
    struct buf out;
    buf_init(&out, TEXT_MAX);
    write(&out);
    fwrite(out.data, 1, out.len, stdout);
    buf_done(&out);
    return 0;
}

int command_main(int argc, char *argv[])
{
    struct cli_given given = {0};
    struct buf complaint;
    buf_init(&complaint, TEXT_MAX);
    int err = cli_read(&CLI, argc, argv, &given, &complaint);
    if (err)
        fprintf(stderr, "ioc-fleet: %s\n", complaint.len ? complaint.data : err_text(err));
    buf_done(&complaint);
    if (err)
        return EXIT_USAGE;
    if (cli_value(&CLI, &given, "help"))
        return print(write_help);
    if (cli_value(&CLI, &given, "manual"))
        return print(write_manual);
    if (cli_value(&CLI, &given, "version")) {
        printf("ioc-fleet %s\n", IOC_VERSION);
        return 0;
    }
    const char *name = given.command ? given.command->name : "";
    if (strcmp(name, "run") == 0)
        return command_run(&given);
    if (strcmp(name, "fault") == 0)
        return command_fault(&given);
    if (strcmp(name, "verify") == 0)
        return command_verify(&given);
    fprintf(stderr, "ioc-fleet: run, fault or verify? see --help\n");
    return EXIT_USAGE;
}
