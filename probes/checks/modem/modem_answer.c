#include "checks/modem/modem_answer.h"

#include "base/num.h"

#include <math.h>

void modem_answer_clear(struct modem_facts *f)
{
    memset(f, 0, sizeof *f);
    f->rxlev_dbm = f->rscp_dbm = f->ecno_db = f->rsrp_dbm = f->rsrq_db = f->sinr_db = NAN;
    f->ss_rsrp_dbm = f->ss_rsrq_db = f->ss_sinr_db = f->rssi_dbm = NAN;
    f->access = f->registration = -1;
}

void modem_answer_init(struct modem_answer *a)
{
    memset(a, 0, sizeof *a);
    modem_answer_clear(&a->facts);
}

/* ---- fields ---- */

/* A field from 0 to @p most; -1 for anything else. */
static int number_of(const struct slice *field, size_t n, size_t i, int most)
{
    uint64_t value = 0;
    if (i >= n || num_parse_u64(field[i], &value) != 0 || value > (uint64_t)most)
        return -1;
    return (int)value;
}

static void keep(char text[MODEM_ANSWER_TEXT_MAX], const struct slice *field, size_t n, size_t i)
{
    if (i >= n || field[i].len == 0)
        return;
    size_t len = field[i].len;
    len = len < MODEM_ANSWER_TEXT_MAX ? len : MODEM_ANSWER_TEXT_MAX - 1;
    memcpy(text, field[i].at, len);
    text[len] = 0;
}

/* ---- answers ---- */

/* TS 27.007 section 8.69; beyond the highest code is "not known". */
static void take_cesq(struct modem_facts *f, const struct slice *field, size_t n)
{
    const struct {
        size_t field;
        int most;
        double first, step;
        double *value;
    } rows[] = {
        {0, 63, -111, 1, &f->rxlev_dbm},    {2, 96, -121, 1, &f->rscp_dbm},
        {3, 49, -24.5, 0.5, &f->ecno_db},   {4, 34, -20, 0.5, &f->rsrq_db},
        {5, 97, -141, 1, &f->rsrp_dbm},     {6, 126, -43.5, 0.5, &f->ss_rsrq_db},
        {7, 126, -157, 1, &f->ss_rsrp_dbm}, {8, 127, -23.5, 0.5, &f->ss_sinr_db},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int code = number_of(field, n, rows[i].field, rows[i].most);
        if (code >= 0)
            *rows[i].value = rows[i].first + rows[i].step * code;
    }
}

/* Section 8.5. */
static void take_csq(struct modem_facts *f, const struct slice *field, size_t n)
{
    int code = number_of(field, n, 0, 31);
    if (code >= 0)
        f->rssi_dbm = -113 + 2.0 * code;
}

/* Section 7.3: mode, format, operator, access technology. */
static void take_cops(struct modem_facts *f, const struct slice *field, size_t n)
{
    keep(f->plmn, field, n, 2);
    int access = number_of(field, n, 3, 13);
    if (access >= 0)
        f->access = access;
}

/* How much a state says, by its number; sections 7.2, 10.1.22 and 10.1.47. */
static int worth_of(int registration)
{
    static const int worth[] = {[0] = 1, [1] = 5, [2] = 2, [3] = 3, [4] = 0, [5] = 4};

    return registration < 0 ? -1 : worth[registration];
}

/* Asked, the answer begins with the mode of reporting; unasked it begins with the state. */
static void take_registration(struct modem_facts *f, const struct slice *field, size_t n)
{
    bool asked = n > 1 && field[1].len == 1 && number_of(field, n, 1, 9) >= 0;
    size_t at = asked ? 1 : 0;
    int registration = number_of(field, n, at, 5);
    if (worth_of(registration) <= worth_of(f->registration))
        return;
    f->registration = registration;
    if (registration != 1 && registration != 5)
        return;
    keep(f->area, field, n, at + 1);
    keep(f->cell, field, n, at + 2);
    int access = number_of(field, n, at + 3, 13);
    if (f->access < 0 && access >= 0)
        f->access = access;
}

static void take_line(struct modem_facts *f, struct slice line)
{
    static const struct {
        const char *word;
        void (*take)(struct modem_facts *f, const struct slice *field, size_t n);
    } answers[] = {
        {"+CESQ:", take_cesq},          {"+CSQ:", take_csq},
        {"+COPS:", take_cops},          {"+CREG:", take_registration},
        {"+CEREG:", take_registration}, {"+C5GREG:", take_registration},
    };

    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (!at_line_begins(line, answers[i].word))
            continue;
        struct slice field[AT_FIELDS_MAX];
        size_t len = strlen(answers[i].word);
        size_t n = at_line_fields((struct slice){line.at + len, line.len - len}, field);
        answers[i].take(f, field, n);
    }
}

enum at_end modem_answer_feed(struct modem_answer *a, struct slice *bytes)
{
    while (at_line_feed(&a->line, bytes)) {
        struct slice line = at_line_text(&a->line);
        enum at_end end = at_line_end(line);
        if (end != AT_END_NONE)
            return end;
        take_line(&a->facts, line);
    }
    return AT_END_NONE;
}

const char *modem_answer_generation(int access)
{
    static const char *const generations[] = {
        [0] = "2g", [1] = "2g", [2] = "3g", [3] = "2g",  [4] = "3g",  [5] = "3g",  [6] = "3g",
        [7] = "4g", [8] = "2g", [9] = "4g", [10] = "4g", [11] = "5g", [12] = "5g", [13] = "5g",
    };

    return access < 0 || access > 13 ? NULL : generations[access];
}
