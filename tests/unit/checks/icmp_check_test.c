#include "checks/icmp/icmp_check.h"

#include "checks/icmp/icmp_packet.h"
#include "rig.h"
#include "server.h"
#include "stand_in.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool own_network;

static int go_apart(void **state)
{
    (void)state;
    own_network = server_namespace();
    if (!own_network && geteuid() != 0)
        print_message("this user may not send echoes: most tests will be skipped\n");
    return 0;
}

static void open_icmp(struct rig *rig, const char *target)
{
    rig_open(rig, "");
    rig_type(rig, &icmp_check);
    rig_set(rig, "target", target);
    rig_set(rig, "count", "3");
    rig_set(rig, "gap", "10ms");
    rig_check(rig);
}

static void both_protocols_measure(void **state)
{
    (void)state;
    if (!own_network && geteuid() != 0)
        skip();
    static const char *const targets[] = {"127.0.0.1", "::1", "[::1]"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct rig rig;
        open_icmp(&rig, targets[i]);
        assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
        assert_near(rig_value(&rig, "loss")->number, 0, 0);
        double least = rig_value(&rig, "rtt_min")->number;
        double mean = rig_value(&rig, "rtt")->number;
        double most = rig_value(&rig, "rtt_max")->number;
        assert_true(least > 0 && least <= mean && mean <= most && most < 1000);
        assert_true(rig_value(&rig, "jitter")->number <= most - least + 1e-9);
        rig_close(&rig);
    }
}

/* Several bursts at once over raw sockets, which all hear each other's answers. */
static void bursts_do_not_mix(void **state)
{
    (void)state;

    enum { TOGETHER = 5 };

    struct rig rig;
    struct check *more[TOGETHER];
    open_icmp(&rig, "127.0.0.1");
    rig_set(&rig, "payload_bytes", "1400");
    rig_check(&rig);
    for (int i = 0; i < TOGETHER; i++) {
        assert_int_equal(check_open(&icmp_check, &rig.env, rig.config, rig_keep, &rig, &more[i]),
                         0);
        check_start(more[i]);
    }
    while (rig.reports < TOGETHER) {
        rig_await(&rig);
        assert_int_equal(rig.last.verdict, VERDICT_OK);
        assert_near(rig_value(&rig, "loss")->number, 0, 0);
    }
    for (int i = 0; i < TOGETHER; i++)
        check_close(more[i]);
    rig_close(&rig);
}

static void no_way_there_is_failed_with_its_reason(void **state)
{
    (void)state;
    if (!own_network)
        skip(); /* elsewhere there may be a way to these addresses */
    static const char *const targets[] = {"192.0.2.1", "2001:db8::1"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct rig rig;
        open_icmp(&rig, targets[i]);
        assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
        assert_string_equal(rig.last.reason, "Network is unreachable");
        assert_false(rig_value(&rig, "rtt")->known);
        rig_close(&rig);
    }
}

static void set_ping_group(const char *range)
{
    FILE *file = fopen("/proc/sys/net/ipv4/ping_group_range", "w");
    assert_non_null(file);
    assert_true(fputs(range, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A tunnel whose other end is this test: 10.9.0.0/24 lies behind it. */
static int open_tunnel(void)
{
    struct ifreq name = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = own_network ? open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC) : -1;
    strcpy(name.ifr_name, "tun9");
    if (fd < 0 || ioctl(fd, TUNSETIFF, &name) != 0 ||
        system("ip addr add 10.9.0.1/24 dev tun9 && ip link set tun9 up") != 0)
        skip();
    return fd;
}

/* Answers each echo that comes out of the tunnel as a router that has no way to its target: ICMP
 * type 3 code 1 with the IP header and 8 bytes of the echo (RFC 792). */
static void refuse_echoes(int tunnel)
{
    unsigned char in[2048];
    while (read(tunnel, in, sizeof in) >= 28) {
        if (in[0] != 0x45 || in[9] != IPPROTO_ICMP)
            continue;
        unsigned char out[56] = {0x45, 0, 0, 56, 0, 0, 0, 0, 64, IPPROTO_ICMP, 0, 0, 10,
                                 9,    0, 2, 10, 9, 0, 1, 3, 1};
        memcpy(out + 28, in, 28);
        uint16_t sum = icmp_packet_checksum(out, 20);
        out[10] = (unsigned char)(sum >> 8);
        out[11] = (unsigned char)sum;
        sum = icmp_packet_checksum(out + 20, 36);
        out[22] = (unsigned char)(sum >> 8);
        out[23] = (unsigned char)sum;
        assert_int_equal(write(tunnel, out, sizeof out), sizeof out);
    }
}

static void a_routers_refusal_ends_the_run_early(void **state)
{
    (void)state;
    static const char *const groups[] = {"1 0", "0 0"}; /* a raw socket, a datagram one */
    int tunnel = open_tunnel();
    for (size_t i = 0; i < 2; i++) {
        struct rig rig;
        set_ping_group(groups[i]);
        open_icmp(&rig, "10.9.0.2");
        rig_set(&rig, "interval", "5min");
        rig_set(&rig, "timeout", "50s");
        rig_check(&rig);
        int64_t start_us = loop_stopwatch_us();
        check_start(rig.check);
        while (rig.reports == 0) {
            refuse_echoes(tunnel);
            uv_run(loop_uv(rig.env.loop), UV_RUN_NOWAIT);
        }
        assert_true(loop_stopwatch_us() - start_us < 30000000); /* well before the 50 s */
        assert_int_equal(rig.last.verdict, VERDICT_FAILED);
        assert_string_equal(rig.last.reason, "no answer: No route to host");
        assert_near(rig_value(&rig, "loss")->number, 1, 0);
        rig_close(&rig);
    }
    set_ping_group("1 0");
    close(tunnel);
}

static void partial_loss_crosses_its_limit(void **state)
{
    (void)state;
    if (!own_network)
        skip();
    struct rig rig;
    open_icmp(&rig, "127.0.0.1");
    rig_set(&rig, "count", "4");
    rig_set(&rig, "gap", "100ms");
    rig_set(&rig, "timeout", "500ms");
    rig_check(&rig);
    check_start(rig.check);
    int64_t start_us = loop_stopwatch_us();
    while (loop_stopwatch_us() - start_us < 150000) /* echoes at 0 and 100 ms are answered */
        loop_turn(rig.env.loop);
    stand_in_answer_echoes(false);
    rig_await(&rig);
    stand_in_answer_echoes(true);
    assert_int_equal(rig.last.verdict, VERDICT_DEGRADED);
    double loss = rig_value(&rig, "loss")->number;
    assert_true(loss == 0.25 || loss == 0.5 || loss == 0.75); /* a slow machine turns late */
    assert_memory_equal(rig.last.reason, "loss 0.", 7);
    rig_close(&rig);
}

static void set_raw(bool permitted)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    assert_int_equal(syscall(SYS_capget, &header, data), 0);
    if (permitted)
        data[0].effective |= data[0].permitted & (1U << CAP_NET_RAW);
    else
        data[0].effective &= ~(1U << CAP_NET_RAW);
    assert_int_equal(syscall(SYS_capset, &header, data), 0);
}

static void without_permission_it_says_what_to_do(void **state)
{
    (void)state;
    if (!own_network || geteuid() != 0)
        skip();
    static const char *const targets[] = {"127.0.0.1", "::1"};
    for (size_t i = 0; i < 2; i++) {
        struct rig rig;
        open_icmp(&rig, targets[i]);
        set_ping_group("1 0");
        set_raw(false);
        rig_run(&rig);
        set_raw(true);
        assert_int_equal(rig.last.verdict, VERDICT_UNKNOWN);
        assert_non_null(strstr(rig.last.reason, "net.ipv4.ping_group_range"));
        assert_non_null(strstr(rig.last.reason, "CAP_NET_RAW"));
        assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK); /* raw */
        set_ping_group("0 0");
        set_raw(false);
        rig_run(&rig); /* datagram: the kernel writes its own identifier */
        set_raw(true);
        set_ping_group("1 0");
        assert_int_equal(rig.last.verdict, VERDICT_OK);
        assert_near(rig_value(&rig, "loss")->number, 0, 0);
        rig_close(&rig);
    }
}

static void a_burst_must_fit_its_timeout(void **state)
{
    (void)state;
    struct rig rig;
    char why[FIELD_WHY_MAX];
    open_icmp(&rig, "127.0.0.1");
    rig_set(&rig, "count", "11");
    rig_set(&rig, "gap", "300ms");
    assert_false(rig_verify(&rig, why)); /* 10 x 300 ms is all of 3 s */
    rig_set(&rig, "gap", "299ms");
    assert_true(rig_verify(&rig, why));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_protocols_measure),
        cmocka_unit_test(bursts_do_not_mix),
        cmocka_unit_test(no_way_there_is_failed_with_its_reason),
        cmocka_unit_test(a_routers_refusal_ends_the_run_early),
        cmocka_unit_test(partial_loss_crosses_its_limit),
        cmocka_unit_test(without_permission_it_says_what_to_do),
        cmocka_unit_test(a_burst_must_fit_its_timeout),
    };
    return cmocka_run_group_tests(tests, go_apart, NULL);
}
