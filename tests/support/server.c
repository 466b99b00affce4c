#include "server.h"

#include "unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000, POLL_MS = 5 };

static bool loopback_up(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    bool up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    close(fd);
    return up;
}

bool server_namespace(void)
{
    int flags = CLONE_NEWNET | (geteuid() == 0 ? 0 : CLONE_NEWUSER);
    return unshare(flags) == 0 && loopback_up();
}

static bool accepts(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    bool yes = connect(fd, (const struct sockaddr *)&to, sizeof to) == 0;
    close(fd);
    return yes;
}

static pid_t spawn(const char *const argv[], const char *log_path)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(126);
    int out = open(log_path ? log_path : "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    /* execvp() does not write to them, but its type does not say so */
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

pid_t server_start(const char *const argv[], int port, const char *log_path)
{
    static const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    pid_t pid = spawn(argv, log_path);
    for (int waited = 0; !accepts(port); waited += POLL_MS) {
        if (waited >= PATIENCE_MS || waitpid(pid, NULL, WNOHANG) == pid)
            fail_msg("%s does not listen on port %d", argv[0], port);
        nanosleep(&pause, NULL);
    }
    return pid;
}

void server_stop(pid_t pid, int signum)
{
    assert_int_equal(kill(pid, signum), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

void server_freeze(pid_t pid)
{
    assert_int_equal(kill(pid, SIGSTOP), 0);
    assert_int_equal(waitpid(pid, NULL, WUNTRACED), pid);
}

void server_thaw(pid_t pid)
{
    assert_int_equal(kill(pid, SIGCONT), 0);
}

void server_run(const char *const argv[])
{
    int status = -1;
    pid_t pid = spawn(argv, NULL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("%s ended with status %d", argv[0], status);
}

void server_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}
