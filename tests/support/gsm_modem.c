#include "gsm_modem.h"

#include "unit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { KEPT_MAX = 16, TOLD_MS = 10000 };

enum mode { WELL, REFUSE, SILENT, MUTE, PIN, LOST, CHATTY, SLOW, MODES };

static const char *const modes[MODES] = {"well", "refuse", "silent", "mute",
                                         "pin",  "lost",   "chatty", "slow"};

/* One modem at work. */
struct live {
    int line, held, tells;
    enum mode mode;
    bool texting; /* after the prompt */
    bool owing;   /* the answer to a text */
    char number[32];
    char said[GSM_MODEM_LINE_MAX], order[GSM_MODEM_LINE_MAX];
    size_t said_len, order_len;
    char kept[KEPT_MAX][GSM_MODEM_LINE_MAX]; /* "NUMBER TEXT", "" = none */
};

static void put(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        _exit(1);
}

static void tell(struct live *m, const char *what, const char *more)
{
    char line[GSM_MODEM_LINE_MAX + 64];
    snprintf(line, sizeof line, "%s%s\n", what, more);
    put(m->tells, line);
}

/* What real modems say unasked, and the echo that ATE0 did not take away. */
static void chat(struct live *m, const char *echo)
{
    if (m->mode != CHATTY)
        return;
    put(m->line, echo);
    put(m->line, "\r\nRING\r\n\r\n+CMTI: \"SM\",3\r\n\r\n+CREG: 1,\"1A2B\",\"0C3D\"\r\n");
}

static void list(struct live *m)
{
    char line[GSM_MODEM_LINE_MAX + 64];
    for (int i = 0; i < KEPT_MAX; i++) {
        const char *text = strchr(m->kept[i], ' ');
        if (!text)
            continue;
        snprintf(line, sizeof line,
                 "+CMGL: %d,\"REC UNREAD\",\"%.*s\",,\"26/11/22,13:00:00+28\"\r\n%s\r\n", i,
                 (int)(text - m->kept[i]), m->kept[i], text + 1);
        put(m->line, line);
        chat(m, "");
    }
    put(m->line, "\r\nOK\r\n");
}

static void tell_state(struct live *m, const char *command)
{
    if (strcmp(command, "AT+CPIN?") == 0)
        put(m->line, m->mode == PIN ? "\r\n+CPIN: SIM PIN\r\n" : "\r\n+CPIN: READY\r\n");
    else
        put(m->line, m->mode == LOST ? "\r\n+CREG: 0,2\r\n" : "\r\n+CREG: 0,1\r\n");
    put(m->line, "\r\nOK\r\n");
}

static void take_command(struct live *m, const char *command)
{
    chat(m, command);
    m->owing = false;
    if (strcmp(command, "AT+CPIN?") == 0 || strcmp(command, "AT+CREG?") == 0)
        tell_state(m, command);
    else if (strncmp(command, "AT+CMGS=\"", 9) == 0) {
        snprintf(m->number, sizeof m->number, "%.*s", (int)strcspn(command + 9, "\""), command + 9);
        m->texting = true;
        put(m->line, "\r\n> ");
    } else if (strncmp(command, "AT+CMGL=", 8) == 0) {
        list(m);
    } else if (strncmp(command, "AT+CMGD=", 8) == 0) {
        int index = atoi(command + 8);
        if (index >= 0 && index < KEPT_MAX)
            m->kept[index][0] = '\0';
        tell(m, "deleted ", command + 8);
        put(m->line, "\r\nOK\r\n");
    } else {
        bool known = strcmp(command, "ATE0") == 0 || strcmp(command, "AT+CMGF=1") == 0;
        put(m->line, known ? "\r\nOK\r\n" : "\r\n+CME ERROR: 4\r\n");
    }
}

static void answer(struct live *m)
{
    if (!m->owing || m->mode == SLOW)
        return;
    m->owing = false;
    put(m->line, "\r\n+CMGS: 7\r\n\r\nOK\r\n");
}

static void take_text(struct live *m, const char *text)
{
    char line[GSM_MODEM_LINE_MAX];
    m->texting = false;
    if (m->mode == MUTE)
        return;
    if (m->mode == REFUSE) {
        put(m->line, "\r\n+CMS ERROR: 38\r\n");
        return;
    }
    chat(m, text);
    snprintf(line, sizeof line, "%s %.200s", m->number, text);
    tell(m, "sent ", line);
    m->owing = true;
    answer(m);
}

static void take_byte(struct live *m, char c)
{
    char end = m->texting ? '\032' : '\r';
    if (c == '\033' || c == '\n') { /* nothing, and the text is given up */
        m->texting = m->texting && c == '\n';
        return;
    }
    if (c != end) {
        if (m->said_len < sizeof m->said - 1)
            m->said[m->said_len++] = c;
        return;
    }
    m->said[m->said_len] = '\0';
    m->said_len = 0;
    if (m->mode == SILENT)
        return;
    if (m->texting)
        take_text(m, m->said);
    else
        take_command(m, m->said);
}

static void keep(struct live *m, const char *message)
{
    int i = 0;
    while (i < KEPT_MAX - 1 && m->kept[i][0])
        i++;
    snprintf(m->kept[i], sizeof m->kept[i], "%s", message);
}

static void take_order(struct live *m, const char *order)
{
    if (strncmp(order, "sms ", 4) == 0)
        keep(m, order + 4);
    for (int i = 0; i < MODES; i++)
        if (strncmp(order, "mode ", 5) == 0 && strcmp(order + 5, modes[i]) == 0)
            m->mode = (enum mode)i;
    answer(m);
}

static void take_order_byte(struct live *m, char c)
{
    if (c != '\n') {
        if (m->order_len < sizeof m->order - 1)
            m->order[m->order_len++] = c;
        return;
    }
    m->order[m->order_len] = '\0';
    m->order_len = 0;
    take_order(m, m->order);
}

static void make_line(struct live *m, const char *device)
{
    struct termios raw;
    m->line = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    const char *name =
        m->line >= 0 && grantpt(m->line) == 0 && unlockpt(m->line) == 0 ? ptsname(m->line) : NULL;
    m->held = name ? open(name, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
    if (m->held < 0 || tcgetattr(m->held, &raw) != 0)
        _exit(1);
    cfmakeraw(&raw);
    unlink(device);
    if (tcsetattr(m->held, TCSANOW, &raw) != 0 || symlink(name, device) != 0)
        _exit(1);
}

void gsm_modem_live(const char *device, int orders, int tells)
{
    static struct live m;
    m.tells = tells;
    make_line(&m, device);
    tell(&m, "ready", "");
    for (char c;;) {
        struct pollfd p[] = {{.fd = m.line, .events = POLLIN}, {.fd = orders, .events = POLLIN}};
        if (poll(p, 2, -1) < 0)
            _exit(1);
        if (p[0].revents & POLLIN && read(m.line, &c, 1) == 1)
            take_byte(&m, c);
        if (p[1].revents && read(orders, &c, 1) != 1)
            break;
        if (p[1].revents)
            take_order_byte(&m, c);
    }
    unlink(device);
    _exit(0);
}

void gsm_modem_open(struct gsm_modem *modem, const char *device)
{
    int orders[2], tells[2];
    char ready[GSM_MODEM_LINE_MAX];
    snprintf(modem->device, sizeof modem->device, "%s", device);
    assert_int_equal(pipe(orders), 0);
    assert_int_equal(pipe(tells), 0);
    modem->child = fork();
    assert_true(modem->child >= 0);
    if (modem->child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(orders[1]);
        close(tells[0]);
        gsm_modem_live(device, orders[0], tells[1]);
    }
    close(orders[0]);
    close(tells[1]);
    modem->orders = orders[1];
    modem->tells = tells[0];
    gsm_modem_told(modem, ready);
    assert_string_equal(ready, "ready");
}

void gsm_modem_order(const struct gsm_modem *modem, const char *order)
{
    put(modem->orders, order);
    put(modem->orders, "\n");
}

bool gsm_modem_has_told(const struct gsm_modem *modem)
{
    struct pollfd p = {.fd = modem->tells, .events = POLLIN};
    return poll(&p, 1, 0) == 1;
}

void gsm_modem_told(const struct gsm_modem *modem, char *line)
{
    size_t len = 0;
    for (char c = 0; c != '\n';) {
        struct pollfd p = {.fd = modem->tells, .events = POLLIN};
        assert_int_equal(poll(&p, 1, TOLD_MS), 1);
        assert_int_equal(read(modem->tells, &c, 1), 1);
        if (c != '\n' && len < GSM_MODEM_LINE_MAX - 1)
            line[len++] = c;
    }
    line[len] = '\0';
}

void gsm_modem_close(struct gsm_modem *modem)
{
    close(modem->orders);
    kill(modem->child, SIGKILL);
    waitpid(modem->child, NULL, 0);
    close(modem->tells);
    unlink(modem->device);
}
