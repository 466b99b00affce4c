#include "base/err.h"
#include "io/cli.h"
#include "shell/app.h"

#include <stdio.h>

static const struct cli_option OPTIONS[] = {
    {"config", "FILE", "configuration file [/etc/ioc-telemetry/collector.yaml]"},
    {"check-config", NULL, "read configuration and inventory, tell every mistake, and end"},
    {"config-help", NULL, "list every key of the configuration file"},
    {"version", NULL, "print the version"},
    {"help", NULL, "print this help"},
};

static const struct cli CLI = {
    .program = "ioc-collector",
    .about = "Turns what probes report into uptime, coverage and outages; forwards it to a "
             "database and shows it.",
    .options = OPTIONS,
    .options_len = sizeof OPTIONS / sizeof *OPTIONS,
};

static int print(void (*write)(struct buf *out))
{
    struct buf out;
    buf_init(&out, 1 << 20);
    write(&out);
    fputs(out.data ? out.data : "", stdout);
    int err = out.err;
    buf_done(&out);
    return err ? 1 : 0;
}

static void write_help(struct buf *out)
{
    cli_help(&CLI, out);
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
    return err ? 1 : 0;
}

static int start(const char *file, bool only_check)
{
    struct config config;
    struct conf_errors errors;
    int err = config_read(file, &config, &errors);
    if (err)
        fputs(errors.text.data ? errors.text.data : err_text(err), stderr);
    conf_errors_done(&errors);
    if (err)
        return 1;
    return only_check ? check(&config) : app_run(file, &config) != 0;
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
        return 2;
    if (cli_value(&CLI, &given, "help"))
        return print(write_help);
    if (cli_value(&CLI, &given, "version"))
        return print(write_version);
    if (cli_value(&CLI, &given, "config-help"))
        return print(config_help);
    const char *file = cli_value(&CLI, &given, "config");
    return start(file ? file : "/etc/ioc-telemetry/collector.yaml",
                 cli_value(&CLI, &given, "check-config") != NULL);
}
