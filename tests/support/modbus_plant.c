#include "modbus_plant.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <modbus/modbus.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <netinet/in.h>

enum { UNIT = 1 };

static void copy_registers(volatile struct modbus_plant_shared *shared, modbus_mapping_t *mapping)
{
    for (int i = 0; i < MODBUS_PLANT_SIZE; i++) {
        mapping->tab_input_registers[i] = mapping->tab_registers[i] = shared->input[i];
        mapping->tab_input_bits[i] = mapping->tab_bits[i] = shared->discrete[i];
    }
}

/* What another unit would say to the same question: all ones. */
static void answer_as_other(modbus_t *modbus, const uint8_t *query)
{
    int header = modbus_get_header_length(modbus);
    uint8_t raw[64] = {UNIT + 1, query[header]};
    int bytes = query[header] <= 2 ? 1 : 2 * query[header + 4];
    raw[2] = (uint8_t)bytes;
    memset(raw + 3, 0xff, (size_t)bytes);
    modbus_send_raw_request(modbus, raw, 3 + bytes);
}

static void answer(modbus_t *modbus, volatile struct modbus_plant_shared *shared,
                   modbus_mapping_t *mapping, const uint8_t *query, int len)
{
    static const uint8_t cut[] = {UNIT, 4};

    shared->requests++;
    copy_registers(shared, mapping);
    if (shared->mode == MODBUS_PLANT_OTHERS || shared->mode == MODBUS_PLANT_BOTH)
        answer_as_other(modbus, query);
    if (shared->mode == MODBUS_PLANT_WELL || shared->mode == MODBUS_PLANT_BOTH)
        modbus_reply(modbus, query, len, mapping);
    if (shared->mode == MODBUS_PLANT_REFUSES)
        modbus_reply_exception(modbus, query, MODBUS_EXCEPTION_ILLEGAL_DATA_ADDRESS);
    if (shared->mode == MODBUS_PLANT_CUT_SHORT) {
        ssize_t sent = write(modbus_get_socket(modbus), cut, sizeof cut);
        (void)sent;
    }
}

/* Until the peer hangs up, or for ever on a line. */
static void serve(modbus_t *modbus, volatile struct modbus_plant_shared *shared,
                  modbus_mapping_t *mapping, bool serial)
{
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    for (;;) {
        int len = modbus_receive(modbus, query);
        if (len > 0)
            answer(modbus, shared, mapping, query, len);
        else if (len < 0 && (!serial || errno == EIO))
            return;
    }
}

static void live_tcp(struct modbus_plant *plant, int listener, modbus_mapping_t *mapping)
{
    modbus_t *modbus = modbus_new_tcp("127.0.0.1", plant->port);
    for (;;) {
        if (modbus_tcp_accept(modbus, &listener) < 0)
            _exit(1);
        modbus_set_slave(modbus, UNIT);
        serve(modbus, plant->shared, mapping, false);
        close(modbus_get_socket(modbus));
    }
}

static void live_serial(struct modbus_plant *plant, int line, modbus_mapping_t *mapping)
{
    modbus_t *modbus = modbus_new_rtu("/dev/null", 9600, 'N', 8, 1);
    modbus_set_slave(modbus, UNIT);
    modbus_set_socket(modbus, line);
    serve(modbus, plant->shared, mapping, true);
    _exit(0);
}

static int listen_somewhere(struct modbus_plant *plant)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    plant->port = ntohs(address.sin_port);
    return fd;
}

static int make_line(struct modbus_plant *plant)
{
    struct termios raw;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0);
    assert_int_equal(grantpt(master), 0);
    assert_int_equal(unlockpt(master), 0);
    assert_int_equal(ptsname_r(master, plant->serial, sizeof plant->serial), 0);
    plant->held = open(plant->serial, O_RDWR | O_NOCTTY);
    assert_true(plant->held >= 0);
    assert_int_equal(tcgetattr(plant->held, &raw), 0);
    cfmakeraw(&raw);
    assert_int_equal(tcsetattr(plant->held, TCSANOW, &raw), 0);
    return master;
}

static void be_healthy(volatile struct modbus_plant_shared *shared)
{
    /* 230.1 V, 53.52 V, +1.2 A, 20 A, 97 %, 27.5 Cel, no alarm */
    static const uint16_t healthy[] = {2301, 5352, 12, 200, 97, 275, 0};
    for (size_t i = 0; i < sizeof healthy / sizeof *healthy; i++)
        shared->input[i] = healthy[i];
    shared->mode = MODBUS_PLANT_WELL;
    shared->requests = 0;
}

void modbus_plant_open(struct modbus_plant *plant, bool serial)
{
    *plant = (struct modbus_plant){.held = -1};
    void *memory = mmap(NULL, sizeof *plant->shared, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    plant->shared = memory;
    be_healthy(plant->shared);
    int fd = serial ? make_line(plant) : listen_somewhere(plant);
    plant->child = fork();
    assert_true(plant->child >= 0);
    if (plant->child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        modbus_mapping_t *mapping = modbus_mapping_new(MODBUS_PLANT_SIZE, MODBUS_PLANT_SIZE,
                                                       MODBUS_PLANT_SIZE, MODBUS_PLANT_SIZE);
        if (serial)
            live_serial(plant, fd, mapping);
        else
            live_tcp(plant, fd, mapping);
    }
    close(fd);
}

void modbus_plant_close(struct modbus_plant *plant)
{
    kill(plant->child, SIGKILL);
    waitpid(plant->child, NULL, 0);
    if (plant->held >= 0)
        close(plant->held);
    munmap((void *)(uintptr_t)plant->shared, sizeof *plant->shared);
}
