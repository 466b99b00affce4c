#include "at_modem.h"

#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* What it says to a command; NULL ends a transcript, and what is not in it gets ERROR. */
struct at_line {
    const char *command, *answer;
};

static const struct at_line well[] = {
    {"ATE0", "\r\nOK\r\n"},
    {"AT+CESQ", "\r\n+CESQ: 99,99,255,255,20,80\r\n\r\nOK\r\n"},
    {"AT+CSQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n"},
    {"AT+COPS=3,2", "\r\nOK\r\n"},
    {"AT+COPS?", "\r\nRDY\r\n\r\n+COPS: 0,2,\"45204\",7\r\n\r\nOK\r\n"},
    {"AT+CEREG=2", "\r\nOK\r\n"},
    {"AT+CEREG?", "\r\n+CEREG: 2,1,\"1A2B\",\"01C3D4E5\",7\r\n\r\nOK\r\n"},
    {"AT+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n"},
    {0},
};
static const struct at_line old[] = {
    {"ATE0", "\r\nOK\r\n"},
    {"AT+CESQ", "\r\n+CESQ: 99,99,36,31,255,255\r\n\r\nOK\r\n"},
    {"AT+CSQ", "+CSQ:15,0\nOK\n"},
    {"AT+COPS?", "\r\n+COPS: 0,2,45201,2\r\n\r\nOK\r\n"},
    {"AT+CREG?", "\r\n+CREG: 2,5,1F40,00A1B2C3,2\r\n\r\nOK\r\n"},
    {0},
};
static const struct at_line nsa[] = {
    {"ATE0", "ATE0\r\r\nOK\r\n"},
    {"AT+CESQ", "\r\n+CESQ: 99,99,255,255,22,50,64,70,60\r\n\r\nOK\r\n"},
    {"AT+COPS=3,2", "\r\nOK\r\n"},
    {"AT+COPS?", "\r\n+COPS: 0,2,\"45202\",13\r\n\r\nOK\r\n"},
    {"AT+CEREG=2", "\r\nOK\r\n\r\n+CEREG: 1,\"00FF\",\"0000ABCD\",7\r\n"},
    {"AT+CEREG?", "\r\n+CEREG: 2,1,\"00FF\",\"0000ABCD\",7\r\n\r\nOK\r\n"},
    {0},
};
static const struct at_line no_service[] = {
    {"ATE0", "\r\nOK\r\n"},
    {"AT+CESQ", "\r\n+CESQ: 99,99,255,255,255,255\r\n\r\nOK\r\n"},
    {"AT+CSQ", "\r\n+CSQ: 99,99\r\n\r\nOK\r\n"},
    {"AT+COPS?", "\r\n+COPS: 0\r\n\r\nOK\r\n"},
    {"AT+CEREG?", "\r\n+CEREG: 2,2\r\n\r\nOK\r\n"},
    {0},
};
static const struct at_line denied[] = {
    {"ATE0", "\r\nOK\r\n"}, {"AT+CEREG?", "\r\n+CEREG: 0,3\r\n\r\nOK\r\n"}, {0}};

static const struct at_line *const transcripts[] = {
    [AT_MODEM_WELL] = well,   [AT_MODEM_CHOPPED] = well,  [AT_MODEM_OLD] = old,
    [AT_MODEM_NSA] = nsa,     [AT_MODEM_DENIED] = denied, [AT_MODEM_NO_SERVICE] = no_service,
    [AT_MODEM_SILENT] = NULL, [AT_MODEM_VANISHES] = well,
};

static void say(int line, enum at_modem_mode mode, const char *text)
{
    size_t len = strlen(text);
    size_t step = mode == AT_MODEM_CHOPPED ? 1 : len;
    for (size_t i = 0; i < len; i += step) {
        if (write(line, text + i, step) != (ssize_t)step)
            _exit(1);
        if (mode == AT_MODEM_CHOPPED)
            tcdrain(line);
    }
}

static void answer(int line, enum at_modem_mode mode, const char *command)
{
    const struct at_line *at = transcripts[mode];
    if (!at)
        return;
    if (mode == AT_MODEM_VANISHES && strcmp(command, "AT+CESQ") == 0) {
        say(line, mode, "\r\n+CESQ: 99,9");
        _exit(0);
    }
    while (at->command && strcmp(at->command, command) != 0)
        at++;
    say(line, mode, at->command ? at->answer : "\r\n+CME ERROR: 4\r\n");
}

static void live(int line, enum at_modem_mode mode)
{
    char command[64];
    size_t len = 0;
    for (char c; read(line, &c, 1) == 1;) {
        if (c != '\r' && len < sizeof command - 1) {
            command[len++] = c;
            continue;
        }
        command[len] = 0;
        len = 0;
        answer(line, mode, command);
    }
    _exit(0);
}

static int make_line(struct at_modem *modem)
{
    struct termios raw;
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(master >= 0);
    assert_int_equal(grantpt(master), 0);
    assert_int_equal(unlockpt(master), 0);
    assert_int_equal(ptsname_r(master, modem->serial, sizeof modem->serial), 0);
    modem->held = open(modem->serial, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(modem->held >= 0);
    assert_int_equal(tcgetattr(modem->held, &raw), 0);
    cfmakeraw(&raw);
    assert_int_equal(tcsetattr(modem->held, TCSANOW, &raw), 0);
    return master;
}

void at_modem_open(struct at_modem *modem, enum at_modem_mode mode)
{
    int master = make_line(modem);
    modem->child = fork();
    assert_true(modem->child >= 0);
    if (modem->child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        live(master, mode);
    }
    close(master);
}

void at_modem_close(struct at_modem *modem)
{
    kill(modem->child, SIGKILL);
    waitpid(modem->child, NULL, 0);
    close(modem->held);
}
