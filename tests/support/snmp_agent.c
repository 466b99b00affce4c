#include "snmp_agent.h"

#include "server.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TYPE_MAX = 16, VALUE_MAX = 128, NUMBERS_MAX = 40 };

/* ---- the player ---- */

struct line {
    unsigned long oid[NUMBERS_MAX];
    size_t len;
    char type[TYPE_MAX], value[VALUE_MAX];
};

struct tape {
    const char *path;
    struct timespec read; /* when the file was changed that was read */
    struct line *line;
    size_t len, cap;
};

static size_t read_oid(const char *text, unsigned long oid[NUMBERS_MAX])
{
    size_t len = 0;
    char *end = NULL;
    for (text += *text == '.'; len < NUMBERS_MAX; text = end + 1) {
        oid[len++] = strtoul(text, &end, 10);
        if (*end != '.')
            break;
    }
    return len;
}

static int order(const unsigned long *a, size_t a_len, const struct line *b)
{
    for (size_t i = 0; i < a_len && i < b->len; i++) {
        if (a[i] != b->oid[i])
            return a[i] < b->oid[i] ? -1 : 1;
    }
    return (a_len > b->len) - (a_len < b->len);
}

static void add_line(struct tape *tape, const char *text)
{
    char oid[256];
    if (tape->len == tape->cap) {
        tape->cap = tape->cap ? 2 * tape->cap : 256;
        tape->line = realloc(tape->line, tape->cap * sizeof *tape->line);
        if (!tape->line)
            _exit(1);
    }
    struct line *line = &tape->line[tape->len];
    memset(line, 0, sizeof *line);
    if (sscanf(text, "%255s %15s %127[^\n]", oid, line->type, line->value) < 2)
        return;
    line->len = read_oid(oid, line->oid);
    tape->len++;
}

static void read_tape(struct tape *tape)
{
    struct stat st;
    char text[512];
    if (stat(tape->path, &st) != 0 || memcmp(&st.st_mtim, &tape->read, sizeof tape->read) == 0)
        return;
    FILE *file = fopen(tape->path, "r");
    tape->read = st.st_mtim;
    tape->len = 0;
    while (file && fgets(text, sizeof text, file))
        add_line(tape, text);
    if (file)
        fclose(file);
}

/* The first line at or behind the identifier asked for. */
static const struct line *find(const struct tape *tape, const char *asked, bool next)
{
    unsigned long oid[NUMBERS_MAX];
    size_t len = read_oid(asked, oid), low = 0, high = tape->len;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int way = order(oid, len, &tape->line[middle]);
        if (way > 0 || (next && way == 0))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == tape->len || (!next && order(oid, len, &tape->line[low]) != 0))
        return NULL;
    return &tape->line[low];
}

static void say(const struct line *line)
{
    if (!line) {
        printf("NONE\n");
        return;
    }
    for (size_t i = 0; i < line->len; i++)
        printf(".%lu", line->oid[i]);
    printf("\n%s\n%s\n", line->type, line->value);
}

void snmp_agent_play(int argc, char *argv[])
{
    char word[64], asked[512];
    if (argc != 3 || strcmp(argv[1], "--play") != 0)
        return;
    struct tape tape = {.path = argv[2]};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_range(3, ~0U, 0); /* snmpd's sockets are not the player's */
    while (fgets(word, sizeof word, stdin)) {
        if (strcmp(word, "PING\n") == 0) {
            printf("PONG\n");
        } else if (fgets(asked, sizeof asked, stdin)) {
            read_tape(&tape);
            say(find(&tape, asked, strcmp(word, "getnext\n") == 0));
        }
        fflush(stdout);
    }
    _exit(0);
}

/* ---- the agent ---- */

static const char *const roots[] = {
    "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1", "1.3.6.1.2.1.33",   "1.3.6.1.2.1.47",
    "1.3.6.1.2.1.99",    "1.3.6.1.4.1.2011",     "1.3.6.1.4.1.3902", "1.3.6.1.4.1.12148",
};

static void write_config(const struct snmp_agent *agent)
{
    char path[FOLDER_PATH_MAX], self[FOLDER_PATH_MAX], text[8192];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(len > 0);
    self[len] = 0;
    size_t at =
        (size_t)snprintf(text, sizeof text,
                         "agentAddress udp:127.0.0.1:%u,tcp:127.0.0.1:%u\nrocommunity public\n"
                         "createUser %s SHA-256 %s AES %s\nrouser %s priv\n",
                         (unsigned)agent->port, (unsigned)agent->port, SNMP_AGENT_USER,
                         SNMP_AGENT_AUTH, SNMP_AGENT_PRIVACY, SNMP_AGENT_USER);
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "pass_persist -p 10 .%s %s --play %s/values\n", roots[i], self,
                               agent->folder);
    folder_path(path, agent->folder, "agent.conf"); /* snmpd.conf is its own memory */
    server_write(path, text);
}

static void start(struct snmp_agent *agent)
{
    char path[FOLDER_PATH_MAX], log[FOLDER_PATH_MAX];
    folder_path(path, agent->folder, "agent.conf"); /* snmpd.conf is its own memory */
    folder_path(log, agent->folder, "log");
    const char *const argv[] = {
        "snmpd", "-f", "-C", "-c", path, "-Lo", "-I", "-ifTable,ifXTable,interface", NULL};
    agent->pid = server_start(argv, agent->port, log);
}

void snmp_agent_open(struct snmp_agent *agent, uint16_t port)
{
    *agent = (struct snmp_agent){.port = port};
    folder_make(agent->folder);
    setenv("SNMP_PERSISTENT_DIR", agent->folder, 1);
    setenv("MIBS", "", 1);
    snmp_agent_values(agent, "");
    write_config(agent);
    start(agent);
}

void snmp_agent_values(const struct snmp_agent *agent, const char *lines)
{
    char path[FOLDER_PATH_MAX], fresh[FOLDER_PATH_MAX];
    folder_path(path, agent->folder, "values");
    folder_path(fresh, agent->folder, "values.new");
    server_write(fresh, lines);
    assert_int_equal(rename(fresh, path), 0);
}

void snmp_agent_restart(struct snmp_agent *agent)
{
    server_stop(agent->pid, SIGTERM);
    start(agent);
}

void snmp_agent_close(struct snmp_agent *agent)
{
    server_stop(agent->pid, SIGTERM);
    folder_remove(agent->folder);
}
