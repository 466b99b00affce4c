#include "base/err.h"
#include "shell/once.h"
#include "shell/probe_cli.h"
#include "shell/probe_config.h"
#include "shell/service.h"
#include "shell/snmp_command.h"
#include "shell/status_command.h"
#include "shell/template.h"
#include "shell/thrift.h"

#include <stdlib.h>
#include <string.h>

enum { INCOMPLETE = 1, USAGE = 64, WRONG_CONFIG = 78 }; /* the last two as in sysexits.h */

static int print(void (*make)(struct buf *out))
{
    struct buf out;
    buf_init(&out, 1 << 20);
    make(&out);
    fwrite(out.data, 1, out.len, stdout);
    buf_done(&out);
    return 0;
}

static void make_help(struct buf *out)
{
    cli_help(probe_cli(), out);
}

static enum status_language language_of(const char *given)
{
    const char *names[] = {given, getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i] && names[i][0])
            return status_text_language(names[i]);
    return STATUS_ENGLISH;
}

/* What a template misses is no mistake: the service would run, and know less than it should. */
static int tell_config(const char *file, const struct probe_config *config)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    unsigned missing = template_missing(config, &out);
    printf("%s: ok, %zu checks\n%s", file, config->checks.len, out.data ? out.data : "");
    buf_done(&out);
    return missing ? INCOMPLETE : 0;
}

static const char *text_of(const struct cli_given *given, const char *option)
{
    const char *value = cli_value(probe_cli(), given, option);
    return value ? value : "";
}

/* `status`, `accept`, or `work` with what is to be said. */
static int ask_service(const struct probe_config *config, const struct cli_given *given,
                       enum status_language language)
{
    struct work_request request;
    if (strcmp(given->command->name, "accept") == 0)
        return status_command_accept(config->status.socket, language, text_of(given, "by"),
                                     text_of(given, "position"), stdout);
    bool works = strcmp(given->command->name, "work") == 0;
    const char *reason = cli_value(probe_cli(), given, "reason");
    const char *why =
        works ? work_operands(given->operand, given->operands, reason, &request) : NULL;
    if (why) {
        fprintf(stderr, "ioc-probe: %s\n", why);
        return USAGE;
    }
    return status_command_run(config->status.socket, language, works ? &request : NULL, stdout);
}

static int with_config(const struct cli_given *given)
{
    const struct cli *cli = probe_cli();
    const char *file = cli_value(cli, given, "config");
    enum status_language language = language_of(cli_value(cli, given, "lang"));
    struct probe_config config = {0};
    struct conf_errors errors;
    file = file ? file : PROBE_CONFIG_FILE;
    int err = probe_config_read(file, &config, &errors);
    if (err)
        fprintf(stderr, "%.*s%zu mistakes in %s\n", (int)errors.text.len,
                errors.text.data ? errors.text.data : "", errors.len, file);
    conf_errors_done(&errors);
    if (err)
        return WRONG_CONFIG;
    int code = 0;
    if (!cli_value(cli, given, "check-config") && !cli_value(cli, given, "once") && !given->command)
        return service_run(file, &config);
    if (cli_value(cli, given, "check-config"))
        code = tell_config(file, &config);
    else if (given->command)
        code = ask_service(&config, given, language);
    else
        code = once_run(&config, language, stdout);
    probe_config_done(&config);
    return code;
}

int main(int argc, char *argv[])
{
    const struct cli *cli = probe_cli();
    struct cli_given given;
    struct buf complaint;
    thrift_begin();
    setenv("UV_THREADPOOL_SIZE", "1", 0); /* the outbox does one thing at a time */
    buf_init(&complaint, 4096);
    int err = cli_read(cli, argc, argv, &given, &complaint);
    if (err)
        fprintf(stderr, "ioc-probe: %s\n", complaint.data ? complaint.data : err_text(err));
    buf_done(&complaint);
    if (err)
        return USAGE;
    if (cli_value(cli, &given, "help"))
        return print(make_help);
    if (cli_value(cli, &given, "manual"))
        return print(probe_cli_manual);
    if (cli_value(cli, &given, "version")) {
        printf("ioc-probe %s\n", IOC_VERSION);
        return 0;
    }
    if (given.command && strcmp(given.command->name, "snmp") == 0)
        return snmp_command_run(&given, language_of(cli_value(cli, &given, "lang")), stdout,
                                stderr);
    return with_config(&given);
}
