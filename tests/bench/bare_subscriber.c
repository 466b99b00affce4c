/* The peer of the intake bench: paho's MQTTAsync with the collector's options and topics, and a
 * callback that drops every message. Says "ready" when subscribed, and a line of JSON when as many
 * packs came as it was told. */
#include <inttypes.h>
#include <MQTTAsync.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_EVERY_MS = 2 };

static atomic_uint_fast64_t packs;

static int on_message(void *context, char *topic, int len, MQTTAsync_message *message)
{
    (void)context;
    (void)len;
    if (strstr(topic, "/data/"))
        atomic_fetch_add(&packs, 1);
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1;
}

static void on_subscribed(void *context, MQTTAsync_successData *data)
{
    (void)context;
    (void)data;
    printf("ready\n");
    fflush(stdout);
}

static void on_connected(void *context, MQTTAsync_successData *data)
{
    (void)data;
    static char packs_filter[] = "ioc/v1/+/data/+/+/+";
    static char status[] = "ioc/v1/+/status";
    static char plain[] = "ioc/v1/+/plain";
    char *filter[] = {packs_filter, status, plain};
    int qos[] = {1, 1, 1};
    MQTTAsync_responseOptions done = MQTTAsync_responseOptions_initializer;
    done.onSuccess = on_subscribed;
    if (MQTTAsync_subscribeMany(context, 3, filter, qos, &done) != MQTTASYNC_SUCCESS)
        exit(1);
}

static void on_failed(void *context, MQTTAsync_failureData *data)
{
    (void)context;
    (void)data;
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    char uri[64];
    snprintf(uri, sizeof uri, "tcp://127.0.0.1:%d", atoi(argv[1]));
    uint64_t wanted = strtoull(argv[2], NULL, 10);
    MQTTAsync client;
    if (MQTTAsync_create(&client, uri, "bench-bare", MQTTCLIENT_PERSISTENCE_NONE, NULL) != 0)
        return 1;
    MQTTAsync_setCallbacks(client, NULL, NULL, on_message, NULL);
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
    options.cleansession = 1;
    options.onSuccess = on_connected;
    options.onFailure = on_failed;
    options.context = client;
    if (MQTTAsync_connect(client, &options) != MQTTASYNC_SUCCESS)
        return 1;
    while (atomic_load(&packs) < wanted)
        poll(NULL, 0, LOOK_EVERY_MS);
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    printf("{\"packs\":%" PRIuFAST64 ",\"ended_us\":%lld}\n", atomic_load(&packs),
           (long long)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
    fflush(stdout);
    pause();
    return 0;
}
