/* A pack, read by the fast reader and by a naive one over cJSON: they must agree. cJSON takes more
 * for JSON than RFC 8259 does, so what is no JSON, and what exceeds a bound, is not compared. */
#include "base/err.h"
#include "check.h"
#include "senml_oracle.h"

#include <math.h>

static const struct wall_ms NOW = {1790000000000};

static bool comparable(int err, const struct reason *why)
{
    static const char not_json[] = "not JSON";
    if (err == ERR_FULL || err == ERR_TOO_LONG || err == ERR_NOMEM)
        return false;
    return strncmp(why->text, not_json, sizeof not_json - 1) != 0;
}

static void compare(const struct reading *a, const struct reading *b)
{
    check(slice_equal(a->site, b->site) && slice_equal(a->check, b->check) &&
              slice_equal(a->metric, b->metric),
          "names agree with the oracle");
    check(slice_equal(a->unit, b->unit), "units agree with the oracle");
    check(llabs(a->time_us - b->time_us) <= 200, "times agree with the oracle");
    check(a->kind == b->kind, "kinds agree with the oracle");
    check(a->number == b->number && a->flag == b->flag && slice_equal(a->text, b->text),
          "values agree with the oracle");
}

static void compare_all(const struct pack_reader *r, const struct oracle *o, int err)
{
    if (o->edge)
        return;
    check(o->accepted == !err, "the oracle agrees whether the pack is good");
    if (err)
        return;
    check(r->len == o->len && r->skipped == o->skipped, "counts agree with the oracle");
    for (size_t i = 0; i < r->len; i++)
        compare(&r->readings[i], &o->readings[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct pack_reader reader;
    if (!reader.readings)
        check(pack_reader_init(&reader) == 0, "memory for the reader");
    struct slice bytes = {(const char *)data, size};
    for (int origin = PACK_STREAM; origin <= PACK_PLAIN; origin++) {
        struct reason why = {""};
        int err = pack_reader_read(&reader, bytes, (enum pack_origin)origin, NOW, &why);
        check(!err == !why.text[0], "a refusal has a reason");
        if (err && !comparable(err, &why))
            continue;
        struct oracle o = oracle_read(bytes, (enum pack_origin)origin, NOW);
        compare_all(&reader, &o, err);
        oracle_done(&o);
    }
    return 0;
}
