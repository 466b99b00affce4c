#include "core/sending_gate.h"

#include <string.h>

/* A server that asks for more is asked again after this. */
static const int64_t RETRY_AFTER_MAX_MS = 60 * 60 * 1000;

void sending_gate_init(struct sending_gate *gate, int64_t min_ms, int64_t max_ms, uint64_t seed)
{
    *gate = (struct sending_gate){.rng = {seed}, .min_ms = min_ms, .max_ms = max_ms};
    gate->closed_until.ms = INT64_MIN;
}

bool sending_gate_open(const struct sending_gate *gate, struct mono_ms now)
{
    return mono_reached(now, gate->closed_until);
}

void sending_gate_pass(struct sending_gate *gate, struct mono_ms now)
{
    gate->passes++;
    bool asked_for_time = gate->trouble.class == SENDING_BUSY && !sending_gate_open(gate, now);
    if (asked_for_time)
        return;
    gate->closed_until.ms = INT64_MIN;
    gate->trouble.class = SENDING_OK;
    gate->trouble.status = 0;
    gate->trouble.failures = 0;
    gate->trouble.words[0] = '\0';
}

int64_t sending_gate_jitter(struct sending_gate *gate, int64_t ms)
{
    return ms / 2 + (int64_t)rng_below(&gate->rng, (uint64_t)ms / 2 + 1);
}

static void close_until(struct sending_gate *gate, struct mono_ms t)
{
    if (gate->closed_until.ms < t.ms)
        gate->closed_until = t;
}

void sending_gate_pause(struct sending_gate *gate, struct mono_ms now)
{
    close_until(gate, mono_add(now, gate->min_ms));
}

void sending_gate_fail(struct sending_gate *gate, struct mono_ms now,
                       const struct sending_verdict *verdict)
{
    if (sending_gate_open(gate, now)) {
        int64_t wait = gate->min_ms;
        for (uint32_t i = 0; i < gate->trouble.failures && wait < gate->max_ms; i++)
            wait *= 2;
        wait = wait < gate->max_ms ? wait : gate->max_ms;
        gate->closed_until = mono_add(now, sending_gate_jitter(gate, wait));
        gate->trouble.failures++;
    }
    int64_t asked = verdict->retry_after_ms;
    if (asked > 0)
        close_until(gate, mono_add(now, asked < RETRY_AFTER_MAX_MS ? asked : RETRY_AFTER_MAX_MS));
    gate->trouble.class = verdict->class;
    gate->trouble.status = verdict->status;
    memcpy(gate->trouble.words, verdict->words, sizeof gate->trouble.words);
}
