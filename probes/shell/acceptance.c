#include "shell/acceptance.h"

#include "base/err.h"
#include "base/iso.h"
#include "io/digest.h"
#include "shell/status_reason.h"
#include "wire/pack_writer.h"

#include <stdio.h>
#include <string.h>

enum { LABEL_COLUMNS = 20, NAME_COLUMNS = 24, VERDICT_COLUMNS = 10 };

/* A sentence in both languages. */
static const char *const WORDS[][2] = {
    {"ACCEPTANCE RECORD", "PHIẾU NGHIỆM THU"},
    {"Site", "Mã trạm"},
    {"Probe", "Thiết bị giám sát"},
    {"Position", "Vị trí"},
    {"Accepted by", "Người nghiệm thu"},
    {"Time", "Thời điểm"},
    {"Broker", "Máy chủ MQTT"},
    {"connected", "đã kết nối"},
    {"not connected: the record waits in the outbox", "chưa kết nối: phiếu chờ trong hàng đợi"},
    {"Clock", "Đồng hồ"},
    {"right", "đúng giờ"},
    {"NOT SET: a record needs a date", "CHƯA ĐÚNG GIỜ: phiếu cần có ngày giờ"},
    {"not told", "không ghi"},
    {"PASSED", "ĐẠT"},
    {"NOT PASSED", "KHÔNG ĐẠT"},
    {"Result", "Kết quả"},
};

enum word {
    RECORD,
    SITE,
    PROBE,
    POSITION,
    BY,
    TIME,
    BROKER,
    CONNECTED,
    AWAY,
    CLOCK,
    CLOCK_RIGHT,
    CLOCK_WRONG,
    NOT_TOLD,
    PASSED,
    NOT_PASSED,
    RESULT,
};

static const char *say(const struct acceptance_facts *f, enum word word)
{
    return WORDS[word][f->language];
}

static void put_line(const struct acceptance_facts *f, enum word label, const char *text,
                     struct buf *out)
{
    status_text_padded(out, say(f, label), LABEL_COLUMNS);
    buf_printf(out, "%s\n", text);
}

static bool names(const struct check_common *check, const char *unit)
{
    for (size_t i = 0; i < check->units.len; i++)
        if (strcmp(check->units.text[i], unit) == 0)
            return true;
    return false;
}

static bool own_and_required(const struct acceptance_facts *f, const struct check_common *check)
{
    return check->role == ROLE_REQUIRED && strcmp(check->site, f->config->probe.site) == 0;
}

/* A result that is no evidence any more is none. */
static bool fresh(const struct acceptance_facts *f, size_t check)
{
    const struct result *result = &f->results->result[check];
    return result->known && mono_since(f->now, result->started) <=
                                check_common_ttl_ms(probe_config_check(f->config, check));
}

static enum verdict verdict_of(const struct acceptance_facts *f, size_t check)
{
    return fresh(f, check) ? f->results->result[check].verdict : VERDICT_UNKNOWN;
}

/* What works, if not well, may be accepted: the record says what it was. */
static bool good(enum verdict verdict)
{
    return verdict == VERDICT_OK || verdict == VERDICT_DEGRADED;
}

static void put_check(const struct acceptance_facts *f, size_t check, struct buf *out)
{
    const struct result *result = &f->results->result[check];
    char name[PROBE_CONFIG_TEXT_MAX];
    snprintf(name, sizeof name, "    %s/%s", f->config->checks.items[check].kind->word,
             probe_config_check(f->config, check)->name);
    status_text_padded(out, name, NAME_COLUMNS);
    status_text_padded(out, status_text_verdict(f->language, verdict_of(f, check)),
                       VERDICT_COLUMNS);
    if (fresh(f, check)) {
        buf_printf(out, " %s%s", result->values,
                   result->values[0] && result->reason[0] ? "; " : "");
        status_reason(out, f->language, result->reason);
    }
    buf_char(out, '\n');
}

static bool put_unit(const struct acceptance_facts *f, const char *unit, struct buf *out)
{
    bool passed = true;
    for (size_t i = 0; i < f->config->checks.len; i++) {
        const struct check_common *check = probe_config_check(f->config, i);
        if (own_and_required(f, check) && names(check, unit))
            passed &= good(verdict_of(f, i));
    }
    status_text_padded(out, unit, LABEL_COLUMNS);
    buf_printf(out, "%s\n", say(f, passed ? PASSED : NOT_PASSED));
    for (size_t i = 0; i < f->config->checks.len; i++) {
        const struct check_common *check = probe_config_check(f->config, i);
        if (strcmp(check->site, f->config->probe.site) == 0 && names(check, unit))
            put_check(f, i, out);
    }
    return passed;
}

/* The units that have a required check, each once; how many. */
static size_t find_units(const struct acceptance_facts *f, const char *unit[ACCEPTANCE_UNITS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < f->config->checks.len; i++) {
        const struct check_common *check = probe_config_check(f->config, i);
        for (size_t k = 0; own_and_required(f, check) && k < check->units.len; k++) {
            bool known = false;
            for (size_t u = 0; u < n; u++)
                known |= strcmp(unit[u], check->units.text[k]) == 0;
            if (!known && n < ACCEPTANCE_UNITS_MAX)
                unit[n++] = check->units.text[k];
        }
    }
    return n;
}

static void put_head(const struct acceptance_facts *f, struct buf *out)
{
    char at[ISO_TEXT_MAX] = "-";
    if (f->at.ms)
        iso_write(f->at, at);
    buf_printf(out, "%s\n", say(f, RECORD));
    put_line(f, SITE, f->config->probe.site, out);
    put_line(f, PROBE, f->config->probe.id, out);
    put_line(f, POSITION, f->position[0] ? f->position : say(f, NOT_TOLD), out);
    put_line(f, BY, f->by, out);
    put_line(f, TIME, at, out);
    put_line(f, BROKER, say(f, f->connected ? CONNECTED : AWAY), out);
    put_line(f, CLOCK, say(f, f->at.ms ? CLOCK_RIGHT : CLOCK_WRONG), out);
}

/* Its number and its signature follow from its text. */
static int seal(const struct acceptance_facts *f, struct acceptance *record)
{
    unsigned char digest[DIGEST_BYTES];
    char hex[DIGEST_TEXT_MAX];
    struct slice text = {record->text.data, record->text.len};
    int err = record->text.err ? record->text.err : record->units.err;
    if (!err)
        err = digest_sha256(text, digest);
    if (err)
        return err;
    digest_text(digest, hex);
    snprintf(record->number, sizeof record->number, "%.12s", hex);
    const char *key = f->config->broker.key_file;
    if (key[0] && signature_make(key, text, record->signature) != 0)
        record->signature[0] = '\0'; /* said to be missing: a record is better than none */
    return 0;
}

int acceptance_make(const struct acceptance_facts *f, struct acceptance *ret_record)
{
    struct acceptance *record = ret_record;
    const char *unit[ACCEPTANCE_UNITS_MAX];
    size_t n = find_units(f, unit);
    *record = (struct acceptance){.passed = f->at.ms != 0};
    buf_init(&record->text, ACCEPTANCE_TEXT_MAX);
    buf_init(&record->units, ACCEPTANCE_TEXT_MAX);
    if (n == 0)
        return ERR_MISSING;
    put_head(f, &record->text);
    for (size_t i = 0; i < n; i++) {
        record->passed &= put_unit(f, unit[i], &record->text);
        buf_printf(&record->units, "%s%s", i ? " " : "", unit[i]);
    }
    put_line(f, RESULT, say(f, record->passed ? PASSED : NOT_PASSED), &record->text);
    return seal(f, record);
}

void acceptance_done(struct acceptance *record)
{
    buf_done(&record->text);
    buf_done(&record->units);
}

int acceptance_pack(const struct acceptance *record, const struct acceptance_facts *f,
                    int64_t time_us, struct buf *out, uint32_t *ret_readings)
{
    const struct {
        const char *metric;
        const char *text;
    } texts[] = {{"units", record->units.data}, {"by", f->by},
                 {"position", f->position},     {"number", record->number},
                 {"record", record->text.data}, {"signature", record->signature}};

    struct pack_writer w;
    struct reading reading = {.site = slice_of(f->config->probe.site),
                              .check = slice_of("accept/record"),
                              .metric = slice_of("accepted"),
                              .time_us = time_us,
                              .kind = READING_FLAG,
                              .flag = record->passed};
    pack_writer_begin(&w, out);
    int err = pack_writer_add(&w, &reading);
    reading.kind = READING_TEXT;
    for (size_t i = 0; !err && i < sizeof texts / sizeof *texts; i++) {
        reading.metric = slice_of(texts[i].metric);
        reading.text = slice_of(texts[i].text ? texts[i].text : "");
        err = pack_writer_add(&w, &reading);
    }
    *ret_readings = (uint32_t)w.count;
    return err ? err : pack_writer_end(&w);
}
