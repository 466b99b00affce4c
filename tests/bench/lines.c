#include "lines.h"

#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void open_with_will(struct mqtt_wire *m, uint16_t port, const char *id, uint32_t probe,
                           uint64_t boot, uint64_t conn)
{
    struct buf topic;
    struct buf payload;
    buf_init(&topic, 1024);
    buf_init(&payload, 4096);
    load_status_topic(&topic, probe);
    load_status(&payload, boot, conn, true, 0);
    struct mqtt_wire_will will = {{topic.data, topic.len}, {payload.data, payload.len}};
    mqtt_wire_open(m, port, id, &will);
    buf_done(&topic);
    buf_done(&payload);
}

void lines_open(struct lines *lines, uint32_t len, uint16_t port, uint32_t from, uint64_t boot,
                uint64_t conn, bool wills)
{
    char id[48];
    *lines = (struct lines){.line = calloc(len, sizeof *lines->line),
                            .poll = calloc(len, sizeof *lines->poll),
                            .len = len};
    if (!lines->line || !lines->poll)
        exit(1);
    for (uint32_t n = 0; n < len; n++) {
        snprintf(id, sizeof id, "bench-load-%ld-%u", (long)getpid(), n);
        if (wills)
            open_with_will(&lines->line[n], port, id, from + n, boot, conn);
        else
            mqtt_wire_open(&lines->line[n], port, id, NULL);
        lines->poll[n].fd = lines->line[n].fd;
    }
}

void lines_close(struct lines *lines)
{
    for (uint32_t n = 0; n < lines->len; n++)
        mqtt_wire_close(&lines->line[n]);
    free(lines->line);
    free(lines->poll);
}

struct mqtt_wire *lines_of(const struct lines *lines, uint32_t n)
{
    return &lines->line[lines->len == 1 ? 0 : n];
}

void lines_turn(struct lines *lines, int wait_ms)
{
    if (lines->len == 1) {
        mqtt_wire_turn(&lines->line[0], wait_ms);
        return;
    }
    for (uint32_t n = 0; n < lines->len; n++) {
        bool waiting = lines->line[n].sent < lines->line[n].out.len;
        lines->poll[n].events = (short)(POLLIN | (waiting ? POLLOUT : 0));
    }
    if (poll(lines->poll, lines->len, wait_ms) <= 0)
        return;
    for (uint32_t n = 0; n < lines->len; n++)
        if (lines->poll[n].revents)
            mqtt_wire_turn(&lines->line[n], 0);
}

bool lines_confirmed(const struct lines *lines)
{
    for (uint32_t n = 0; n < lines->len; n++)
        if (lines->line[n].confirmed < lines->line[n].published)
            return false;
    return true;
}
