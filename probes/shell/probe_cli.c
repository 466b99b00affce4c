#include "shell/probe_cli.h"

#include "checks/check_table.h"
#include "shell/probe_config.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static const struct cli_option OPTIONS[] = {
    {"config", "FILE", "Configuration file; default " PROBE_CONFIG_FILE "."},
    {"check-config", NULL,
     "Read the configuration, tell every mistake in it and what its template misses, and end: 0 "
     "well, 1 something is missing, 78 wrong."},
    {"once", NULL,
     "Run every check once, print a table, and end with the worst state: 0 ok, "
     "1 degraded, 2 failed, 3 unknown."},
    {"lang", "vi|en", "Language of status, accept and once; default is that of the locale."},
    {"reason", "TEXT", "What the work on site is; the centre shows it."},
    {"by", "NAME", "Who accepts the site."},
    {"position", "LAT,LON", "Where the site that is accepted stands."},
    {"manual", NULL, "Print the manual page in troff, and end."},
    {"version", NULL, "Print the version, and end."},
    {"help", NULL, "Print this text, and end."},
};

static const struct cli_command COMMANDS[] = {
    {"work", "start 60m | end | status",
     "Tell the centre that people work at this site for so long, with --reason: it counts as "
     "maintenance from when the centre hears of it, nobody is paged, and it ends by itself. Or "
     "that they have ended; or ask what was said."},
    {"status", "",
     "Ask the running service how it is: checks, broker, centre, outbox, clock, certificate. Ends "
     "with 0 well, 1 degraded, 2 failed, 3 unknown."},
    {"accept", "",
     "Ask the running service for the acceptance record of the site (phiếu nghiệm thu), with --by: "
     "every unit with a required check, what was measured, broker, clock, signed with the probe's "
     "key. It waits in the outbox if the centre is away; units that wait for it (commissioned: "
     "accept in units.csv) are in service from then on. Ends with 0 passed, 2 not passed, 3 "
     "unknown."},
    {"snmp", "HOST PROFILE [KEY=VALUE ...]",
     "Look at an SNMP agent once, without a configuration, and print every value with its unit and "
     "verdict. KEY is any key of the check snmp, such as version=v3 user=ops auth_file=FILE "
     "instances=eth0. Ends with 0 ok, 1 degraded, 2 failed, 3 unknown."},
};

static const struct cli CLI = {
    .program = "ioc-probe",
    .about = "Checks a site's links, services and equipment and reports to the operations centre.",
    .options = OPTIONS,
    .options_len = COUNT(OPTIONS),
    .commands = COMMANDS,
    .commands_len = COUNT(COMMANDS),
};

const struct cli *probe_cli(void)
{
    return &CLI;
}

static void put_metrics(const struct check_type *type, struct buf *out)
{
    buf_printf(out, ".SS \"%s reports\"\n%s\n", type->name, type->about);
    for (size_t i = 0; i < type->n_metrics; i++) {
        const struct check_metric *metric = &type->metrics[i];
        buf_printf(out, ".TP\n.B %s", metric->name);
        if (metric->unit)
            buf_printf(out, "\n(%s)", metric->unit);
        buf_printf(out, "\n%s\n", metric->about);
    }
}

static void put_files(struct buf *out)
{
    buf_str(
        out,
        ".SH FILES\n.TP\n.I " PROBE_CONFIG_FILE "\nThe configuration.\n"
        ".TP\n.I /var/lib/ioc-probe/outbox\nPacks that wait for the centre, and state: "
        "the probe's numbers, the clocks of its boots, and how this life of the program stands, so "
        "that the next one can tell the centre how it ended (stopped, killed, shutdown, "
        "reset, power). memory: what checks remember across a restart, such as the usual received "
        "power of a module; without it they learn it anew. And who was told that the centre is "
        "gone; without it they are told again.\n"
        ".TP\n.I share/ioc-telemetry/profiles\nProfiles of makers' equipment, one folder per type "
        "of check; the environment's IOC_PROFILES names another folder.\n"
        ".SH SIGNALS\n.TP\n.B SIGTERM, SIGINT\nStop cleanly: what is measured is stored, "
        "the centre is told. An SMS that deadman has under way is awaited for up to 5 s, so that "
        "nobody gets it twice.\n"
        ".TP\n.B SIGHUP\nRead the configuration again; a wrong one is told in the log and "
        "the old one goes on.\n"
        ".TP\n.B SIGPWR\nMains power is lost: the centre is told at once.\n");
}

void probe_cli_manual(struct buf *out)
{
    size_t n = 0;
    const struct check_type *const *types = check_table(&n);
    cli_manual(&CLI, out);
    buf_str(out, ".SH CONFIGURATION\n");
    probe_config_manual(out);
    buf_str(out, ".SH READINGS\n");
    for (size_t i = 0; i < n; i++)
        put_metrics(types[i], out);
    put_files(out);
}
