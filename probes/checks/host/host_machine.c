#include "checks/host/host_machine.h"

#include "base/num.h"

static bool ends_word(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* The next run of characters that are neither blank nor newline; empty at the end of the line. */
static struct slice next_word(struct slice *line)
{
    while (line->len > 0 && (*line->at == ' ' || *line->at == '\t')) {
        line->at++;
        line->len--;
    }
    struct slice word = {line->at, 0};
    while (word.len < line->len && !ends_word(word.at[word.len]))
        word.len++;
    line->at += word.len;
    line->len -= word.len;
    return word;
}

/* What follows @p key at the start of a line of @p text; false if no line starts so. */
static bool line_after(struct slice text, const char *key, struct slice *ret_rest)
{
    size_t len = strlen(key);
    while (text.len > len) {
        if (memcmp(text.at, key, len) == 0) {
            *ret_rest = (struct slice){text.at + len, text.len - len};
            return true;
        }
        const char *end = memchr(text.at, '\n', text.len);
        if (!end)
            return false;
        text.len -= (size_t)(end + 1 - text.at);
        text.at = end + 1;
    }
    return false;
}

bool host_machine_cpu(struct slice stat, struct host_cpu *ret_cpu)
{
    enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, COLUMNS };

    struct slice line;
    if (!line_after(stat, "cpu ", &line))
        return false;
    struct host_cpu cpu = {0};
    for (int i = USER; i < COLUMNS; i++) {
        uint64_t ticks = 0;
        if (num_parse_u64(next_word(&line), &ticks) != 0)
            return false;
        cpu.total += ticks;
        if (i != IDLE && i != IOWAIT)
            cpu.busy += ticks;
    }
    *ret_cpu = cpu;
    return true;
}

bool host_machine_cpu_ratio(const struct host_cpu *before, const struct host_cpu *now,
                            double *ret_ratio)
{
    if (now->total <= before->total || now->busy < before->busy)
        return false;
    double ratio = (double)(now->busy - before->busy) / (double)(now->total - before->total);
    *ret_ratio = ratio > 1 ? 1 : ratio; /* iowait may step back (proc(5)) */
    return true;
}

static bool line_number(struct slice text, const char *key, uint64_t *ret_number)
{
    struct slice line;
    return line_after(text, key, &line) && num_parse_u64(next_word(&line), ret_number) == 0;
}

bool host_machine_memory_ratio(struct slice meminfo, double *ret_ratio)
{
    uint64_t total = 0, available = 0;
    if (!line_number(meminfo, "MemTotal:", &total) ||
        !line_number(meminfo, "MemAvailable:", &available) || total == 0 || available > total)
        return false;
    *ret_ratio = (double)(total - available) / (double)total;
    return true;
}

static bool first_number(struct slice text, double *ret_number)
{
    return num_parse(next_word(&text), ret_number) == 0;
}

bool host_machine_load(struct slice loadavg, double *ret_load)
{
    return first_number(loadavg, ret_load);
}

bool host_machine_uptime_s(struct slice uptime, double *ret_seconds)
{
    return first_number(uptime, ret_seconds);
}

bool host_machine_temperature(struct slice text, double *ret_celsius)
{
    double thousandths = 0;
    if (!first_number(text, &thousandths) || thousandths < -60e3 || thousandths > 200e3)
        return false;
    *ret_celsius = thousandths / 1000;
    return true;
}

bool host_machine_disk_ratio(uint64_t used_blocks, uint64_t available_blocks, double *ret_ratio)
{
    if (used_blocks == 0 && available_blocks == 0)
        return false;
    *ret_ratio = (double)used_blocks / ((double)used_blocks + (double)available_blocks);
    return true;
}
