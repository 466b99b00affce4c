/* The acceptance of a site, asked for by `ioc-probe accept`: the record is printed for people and
 * waits in the outbox like everything else. */
#include "shell/agent_own.h"

#include "base/err.h"
#include "io/log.h"
#include "io/loop.h"
#include "shell/acceptance.h"

static void print(const struct acceptance *record, enum status_language language, struct buf *out)
{
    static const char *const number[] = {"Record number", "Số phiếu"};
    static const char *const signature[] = {"Signature", "Chữ ký"};
    static const char *const unsigned_[] = {"NOT SIGNED: the probe has no key",
                                            "CHƯA KÝ: thiết bị không có khóa"};
    buf_put(out, record->text.data, record->text.len);
    buf_printf(out, "%s: %s\n%s: %s\n", number[language], record->number, signature[language],
               record->signature[0] ? record->signature : unsigned_[language]);
}

static int queue(struct agent *a, const struct acceptance *record,
                 const struct acceptance_facts *facts)
{
    struct buf out;
    uint32_t readings = 0;
    buf_init(&out, PACK_BYTES_MAX);
    int err = acceptance_pack(record, facts, facts->at.ms * 1000, &out, &readings);
    if (!err)
        agent_packs_put(a, OUTBOX_TIMED, (struct slice){out.data, out.len}, readings);
    buf_done(&out);
    return err;
}

bool agent_accept(struct agent *a, enum status_language language, const char *by,
                  const char *position, struct buf *out)
{
    static const char *const nothing[] = {
        "No check of this site is required for a unit: add units and role to the checks.",
        "Không có phép kiểm tra bắt buộc nào cho dịch vụ của trạm: thêm units và role."};
    struct wall_ms at = {0};
    struct now now = loop_now(a->loop);
    agent_clock(a);
    if (!clock_trust_now(&a->trust, now.mono, &at))
        at.ms = 0;
    struct acceptance_facts facts = {.config = &a->config,
                                     .results = &a->results,
                                     .now = now.mono,
                                     .at = at,
                                     .connected = mqtt_is_up(a->mqtt),
                                     .by = by,
                                     .position = position,
                                     .language = language};
    struct acceptance record;
    int err = acceptance_make(&facts, &record);
    if (err == ERR_MISSING)
        buf_printf(out, "%s\n", nothing[language]);
    else if (!err)
        print(&record, language, out);
    bool passed = !err && record.passed;
    if (!err && at.ms)
        err = queue(a, &record, &facts);
    log_event(err ? LOG_ERROR : LOG_NOTE, "accept.record", "number=%s passed=%d by=%s why=%s",
              record.number, passed, by, err ? err_text(err) : "");
    acceptance_done(&record);
    return passed && !err;
}
