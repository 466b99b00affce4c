/* What a modem says: the same facts however it is cut, and numbers within the standard's ranges. */
#include "check.h"
#include "checks/modem/modem_answer.h"

#include <math.h>

static void feed(struct modem_answer *a, const uint8_t *data, size_t size, size_t step)
{
    struct slice rest = {(const char *)data, size};
    while (rest.len > 0) {
        size_t given = step < rest.len ? step : rest.len;
        struct slice part = {rest.at, given};
        (void)modem_answer_feed(a, &part);
        check(part.len < given, "something is taken, never more than there is");
        rest.at += given - part.len;
        rest.len -= given - part.len;
    }
}

static bool within(double value, double low, double high)
{
    return isnan(value) || (value >= low && value <= high);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct modem_answer whole, bytes;
    modem_answer_init(&whole);
    modem_answer_init(&bytes);
    feed(&whole, data, size, size);
    feed(&bytes, data, size, 1);
    const struct modem_facts *f = &whole.facts;
    check(f->access == bytes.facts.access && f->registration == bytes.facts.registration,
          "cutting changes no state");
    check(isnan(f->rsrp_dbm) ? isnan(bytes.facts.rsrp_dbm) : f->rsrp_dbm == bytes.facts.rsrp_dbm,
          "cutting changes no number");
    check(strcmp(f->cell, bytes.facts.cell) == 0, "cutting changes no text");
    check(within(f->rsrp_dbm, -141, -44) && within(f->rsrq_db, -20, -3), "4G within its ranges");
    check(within(f->ss_rsrp_dbm, -157, -31) && within(f->ss_sinr_db, -23.5, 40), "5G within its");
    check(within(f->rssi_dbm, -113, -51), "RSSI within its range");
    return 0;
}
