#include "wire/pack_reader.h"

#include "base/err.h"
#include "wire/record.h"
#include "wire/seconds.h"

#include <stdlib.h>

enum { SCRATCH_BYTES = 4 * PACK_BYTES_MAX, VERSION_MAX = 10 };

enum {
    BITS_VALUE = 1 << L_V | 1 << L_VB | 1 << L_VS | 1 << L_VD,
    BITS_BASE = 1 << L_BN | 1 << L_BT | 1 << L_BU | 1 << L_BV | 1 << L_BS | 1 << L_BVER,
};

/* One read: what the functions below share. */
struct run {
    struct pack_reader *r;
    struct record_reader records;
    struct slice site; /* base name without its slash, if that is all it is; else empty */
    enum pack_origin origin;
    int64_t received_us;
    int64_t latest_us; /* a later time refuses the pack */
};

int pack_reader_init(struct pack_reader *r)
{
    *r = (struct pack_reader){0};
    r->readings = malloc(PACK_READINGS_MAX * sizeof *r->readings);
    r->scratch = malloc(SCRATCH_BYTES);
    if (r->readings && r->scratch)
        return 0;
    pack_reader_done(r);
    return ERR_NOMEM;
}

void pack_reader_done(struct pack_reader *r)
{
    free(r->readings);
    free(r->scratch);
    *r = (struct pack_reader){0};
}

static int refuse(const struct run *run, int err, const char *what)
{
    return record_refuse(&run->records, err, what);
}

static bool has(const struct run *run, enum label label)
{
    return run->records.record.seen & record_bit(label);
}

static int refuse_name(const struct run *run)
{
    return refuse(run, ERR_SYNTAX, "name is not site/type/name/metric");
}

static void set_names(struct reading *reading, struct slice site, const struct slice part[3])
{
    reading->site = site;
    reading->check = (struct slice){part[0].at, part[0].len + 1 + part[1].len};
    reading->metric = part[2];
}

static int join(struct run *run, struct slice a, struct slice b, struct slice *ret_joined)
{
    char *to = record_scratch(&run->records, a.len + b.len);
    if (!to)
        return ERR_FULL;
    memcpy(to, a.at, a.len);
    memcpy(to + a.len, b.at, b.len);
    *ret_joined = (struct slice){to, a.len + b.len};
    return 0;
}

/* The name is base name + name (RFC 8428 section 4.5.1). Nothing is copied where the base name is
 * the site or where one of the two is empty. */
static int resolve_name(struct run *run, struct reading *reading)
{
    const struct record *record = &run->records.record;
    bool named = has(run, L_N) && record->n.len;
    struct slice part[PACK_PARTS];
    if (named && run->site.len && pack_split(record->n, part) == 3) {
        set_names(reading, run->site, part);
        return 0;
    }
    struct slice name = record->bn;
    if (named && !record->bn.len)
        name = record->n;
    else if (named && record->bn.len + record->n.len >= PACK_PARTS * (PACK_PART_MAX + 1))
        return refuse_name(run);
    int err = named && record->bn.len ? join(run, record->bn, record->n, &name) : 0;
    if (err)
        return err;
    if (pack_split(name, part) != PACK_PARTS)
        return refuse_name(run);
    set_names(reading, part[0], part + 1);
    return 0;
}

/* RFC 8428 section 4.5.3. */
static int resolve_time(struct run *run, struct reading *reading)
{
    const struct record *record = &run->records.record;
    int64_t us = record->bt + (has(run, L_T) ? record->t : 0);
    if (us < SECONDS_ABSOLUTE_US) {
        if (run->origin == PACK_STREAM)
            return refuse(run, ERR_RANGE, "time is not absolute");
        us += run->received_us;
    }
    if (us > run->latest_us)
        return refuse(run, ERR_RANGE, "time more than a day ahead");
    reading->time_us = us;
    return 0;
}

static void resolve_value(const struct run *run, struct reading *reading)
{
    const struct record *record = &run->records.record;
    reading->unit = has(run, L_U) ? record->u : record->bu;
    if (has(run, L_V)) {
        reading->kind = READING_NUMBER;
        reading->number = record->bv != 0 ? record->bv + record->v : record->v;
    } else if (has(run, L_VB)) {
        reading->kind = READING_FLAG;
        reading->flag = record->vb;
    } else {
        reading->kind = READING_TEXT;
        reading->text = record->vs;
    }
}

static int resolve(struct run *run)
{
    struct pack_reader *r = run->r;
    if (r->len == PACK_READINGS_MAX)
        return refuse(run, ERR_FULL, "too many readings");
    struct reading *reading = &r->readings[r->len];
    *reading = (struct reading){0};
    int err = resolve_name(run, reading);
    if (!err)
        err = resolve_time(run, reading);
    if (err)
        return err;
    resolve_value(run, reading);
    err = pack_value_check(reading, run->records.why);
    if (!err)
        r->len++;
    return err;
}

/* What a base member that just came means for the records from here on. */
static int take_bases(struct run *run)
{
    const struct record *record = &run->records.record;
    if (has(run, L_BN)) {
        struct slice site = record->bn;
        bool slash = site.len && site.at[site.len - 1] == '/';
        site.len -= slash;
        run->site = slash && pack_part_ok(site) ? site : (struct slice){0};
    }
    if (has(run, L_BVER) && !(record->bver >= 1 && record->bver <= VERSION_MAX))
        return refuse(run, ERR_VERSION, "a version of SenML above 10");
    return 0;
}

/* Exactly one value, unless there is a sum (RFC 8428 section 4.2); a record of base members alone
 * only sets them. */
static int finish_record(struct run *run)
{
    unsigned seen = run->records.record.seen;
    unsigned values = seen & BITS_VALUE;
    int err = seen & BITS_BASE ? take_bases(run) : 0;
    if (err)
        return err;
    if (values & (values - 1))
        return refuse(run, ERR_EXISTS, "two values");
    if (values && values != record_bit(L_VD))
        return resolve(run);
    if (values || has(run, L_S))
        run->r->skipped++;
    else if (!seen || seen & ~(unsigned)BITS_BASE)
        return refuse(run, ERR_MISSING, "no value");
    return 0;
}

static int read_pack(struct run *run)
{
    struct json *json = &run->records.json;
    if (!json_take(json, '['))
        return record_refuse_shape(&run->records, "not a list of records");
    if (!json_take(json, ']')) {
        do {
            int err = record_read(&run->records);
            if (!err)
                err = finish_record(run);
            if (err)
                return err;
        } while (json_take(json, ','));
        if (!json_take(json, ']'))
            return json_explain(json, ERR_SYNTAX, run->records.why);
    }
    return json_peek(json) || json->at != json->end
               ? json_explain(json, ERR_SYNTAX, run->records.why)
               : 0;
}

int pack_reader_read(struct pack_reader *r, struct slice bytes, enum pack_origin origin,
                     struct wall_ms received, struct reason *ret_why)
{
    r->len = r->skipped = 0;
    if (bytes.len > PACK_BYTES_MAX) {
        reason_set(ret_why, "longer than %d bytes", PACK_BYTES_MAX);
        return ERR_TOO_LONG;
    }
    struct run run = {
        .r = r,
        .records = {.json = json_scan(bytes),
                    .scratch = r->scratch,
                    .scratch_max = SCRATCH_BYTES,
                    .why = ret_why},
        .origin = origin,
        .received_us = received.ms * 1000,
        .latest_us = (received.ms + PACK_AHEAD_MAX_MS) * 1000,
    };
    int err = read_pack(&run);
    if (err)
        r->len = r->skipped = 0;
    return err;
}
