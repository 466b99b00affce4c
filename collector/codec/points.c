#include "codec/points.h"

#include "base/err.h"
#include "codec/line.h"

static int write_field(struct line *line, const struct reading *r)
{
    int err = line_metric(r->metric);
    if (err)
        return err;
    switch (r->kind) {
    case READING_NUMBER:
        return line_number(line, r->metric, r->number);
    case READING_FLAG:
        line_flag(line, r->metric, r->flag);
        return 0;
    case READING_TEXT:
        line_text(line, r->metric, r->text);
        return 0;
    }
    return ERR_TYPE;
}

static bool same_line(const struct reading *a, const struct reading *b)
{
    return a->time_us == b->time_us && slice_equal(a->check, b->check) &&
           slice_equal(a->site, b->site);
}

/* One line: the readings from the first on that share its check and time. Returns how many. */
static size_t write_line(struct line *line, const struct reading *r, size_t n,
                         struct points_count *count)
{
    size_t i = 0;
    for (; i < n && same_line(&r[i], r); i++)
        count->refused += write_field(line, &r[i]) != 0;
    uint32_t fields = line_end(line, r->time_us);
    count->lines += fields > 0;
    count->readings += fields;
    return i;
}

static int write_lines(struct buf *out, struct slice source, const struct reading *r, size_t n,
                       struct points_count *count)
{
    struct line_origin origin;
    struct slice site = {0};
    int err = 0;
    for (size_t i = 0; !err && i < n;) {
        struct line line;
        if (i == 0 || !slice_equal(site, r[i].site))
            err = line_origin(&origin, source, r[i].site);
        site = r[i].site;
        if (!err)
            err = line_begin_check(&line, out, pack_check_type(r[i].check), r[i].check, &origin);
        if (!err)
            i += write_line(&line, &r[i], n - i, count);
    }
    return err ? err : out->err;
}

int points_write(struct buf *out, struct slice source, const struct reading *readings, size_t n,
                 struct points_count *ret_count)
{
    size_t start = out->len;
    struct points_count count = {0};
    int err = write_lines(out, source, readings, n, &count);
    if (err)
        buf_cut(out, start);
    else
        *ret_count = count;
    return err;
}
