#include "core/check_read.h"

#include "base/num.h"

/* A stretch without result beyond ttl, or the open one after the last result. */
struct gap {
    int64_t result; /* time of the result before it */
    int64_t next;   /* what comes next; INT64_MAX while nothing came */
    int64_t ttl_ms; /* of that result */
    enum verdict verdict;
};

int64_t check_read_ttl(const struct read_context *context, const struct check *check, int64_t t)
{
    uint32_t terms = check_listing_at(check, t).terms;
    return terms == TERMS_NONE ? 0 : terms_at(context->terms, terms)->ttl_ms;
}

/* True if t lies in a gap, or after the last result; the span that holds t is given. */
static bool gap_at(const struct check *check, const struct check_span *span, int64_t t,
                   struct gap *ret_gap)
{
    bool open = span->kind < LINE_GAP && span->to == CHECK_LINE_NEVER && t >= check->line.last_ms;
    if (span->kind != LINE_GAP && !open)
        return false;
    ret_gap->result = open ? check->line.last_ms : span->from;
    ret_gap->next = open ? INT64_MAX : span->to;
    ret_gap->verdict = span->verdict;
    return true;
}

int64_t check_read_gap(const struct check *check, int64_t t)
{
    int index = check_line_index(&check->line, t, check->line.len - 1);
    if (index < 0)
        return INT64_MAX;
    struct check_span span = check_line_span(&check->line, index);
    struct gap gap;
    return gap_at(check, &span, t, &gap) ? gap.result : INT64_MAX;
}

static struct check_saying evidence(enum verdict verdict, int64_t until)
{
    return (struct check_saying){
        .status = verdict == VERDICT_UNKNOWN ? CHECK_CANNOT : CHECK_EVIDENCE,
        .verdict = verdict,
        .until = until,
    };
}

/* Without evidence: silent where we listened, else unheard. */
static struct check_saying nothing(const struct read_context *context, const struct check *check,
                                   const struct signs *signs, int64_t t, int64_t until)
{
    struct listening_stretch stretch = listening_at(context->listening, &signs->heard, t);
    return (struct check_saying){
        .status = stretch.listened ? CHECK_SILENT : CHECK_UNHEARD,
        .verdict = VERDICT_UNKNOWN,
        .awaiting = check_tail_awaiting(check_rest(check)->tail, &check->line, t),
        .until = num_min(until, stretch.until),
    };
}

static int64_t listened(const struct read_context *context, const struct signs *signs,
                        const struct gap *gap)
{
    return listening_sum(context->listening, &signs->heard, gap->result, gap->next);
}

/* Neither now nor the last marker is beyond t + ttl + late, and nothing came yet (FIGURES 7.19). */
static bool held(const struct read_context *context, const struct gap *gap)
{
    int64_t until = gap->result + gap->ttl_ms + context->late_ms;
    return gap->next == INT64_MAX &&
           (context->now <= until || listening_marker(context->listening) <= until);
}

/* FIGURES 7.4: a gap without sign, judged by listening alone. */
static struct check_saying judge(const struct read_context *context, const struct check *check,
                                 const struct signs *signs, const struct gap *gap, int64_t t,
                                 int64_t until)
{
    if (listened(context, signs, gap) > gap->ttl_ms)
        return nothing(context, check, signs, t, until);
    int64_t deaf = listening_first_deaf(context->listening, &signs->heard, gap->result, gap->next);
    if (t < deaf)
        return evidence(gap->verdict, num_min(until, deaf));
    return (struct check_saying){
        .status = CHECK_UNHEARD,
        .verdict = VERDICT_UNKNOWN,
        .awaiting = check_tail_awaiting(check_rest(check)->tail, &check->line, t),
        .until = until,
    };
}

/* A gasp at g keeps the result before it until g, if it was within ttl then (reading 11). */
static bool kept_by_gasp(const struct signs *signs, const struct gap *gap, int64_t t)
{
    if (signs->gasps_len == 0)
        return false;
    int64_t end = num_min(gap->next, gap->result + gap->ttl_ms + 1);
    return signs_last_gasp(signs, t + 1, end) != INT64_MIN;
}

static struct check_saying in_gap(const struct read_context *context, const struct check *check,
                                  const struct signs *signs, const struct gap *gap, int64_t t,
                                  int64_t until)
{
    if (kept_by_gasp(signs, gap, t))
        return evidence(gap->verdict, until);
    if (signs_will_in(signs, gap->result, gap->next))
        return nothing(context, check, signs, t, until);
    if (held(context, gap))
        return evidence(gap->verdict, until);
    return judge(context, check, signs, gap, t, until);
}

/* Who was not there cannot tell: silence up to the gap's last start says nothing of the site, nor
 * does the little until the result that follows the start (reading 21). */
static struct check_saying explained(struct check_saying saying, const struct signs *signs,
                                     const struct gap *gap, int64_t t)
{
    int64_t away = signs_last_away(signs, gap->result, gap->next);
    if (saying.status != CHECK_SILENT || away == INT64_MIN)
        return saying;
    bool followed = gap->next != INT64_MAX && gap->next - away <= gap->ttl_ms;
    if (t < away && !followed)
        saying.until = num_min(saying.until, away);
    if (t < away || followed)
        saying.status = CHECK_CANNOT;
    return saying;
}

struct check_saying check_read(const struct read_context *context, const struct check *check,
                               const struct signs *signs, int64_t t)
{
    const struct check_line *line = &check->line;
    int index = check_line_index(line, t, line->len - 1);
    if (index < 0) {
        int64_t first = line->len ? check_line_span(line, 0).from : INT64_MAX;
        return (struct check_saying){.status = CHECK_ABSENT, .until = first};
    }
    struct check_span span = check_line_span(line, index);
    if (span.kind == LINE_ENDED)
        return (struct check_saying){.status = CHECK_ABSENT, .until = span.to};
    struct gap gap = {0};
    bool without = gap_at(check, &span, t, &gap);
    int64_t until = span.to;
    if (!without && until == CHECK_LINE_NEVER)
        until = line->last_ms;
    struct gasp_stretch gasp = signs_gasping(signs, t);
    until = num_min(until, gasp.until);
    if (gasp.gasping)
        return nothing(context, check, signs, t, until);
    if (!without)
        return evidence(span.verdict, until);
    gap.ttl_ms = check_read_ttl(context, check, gap.result);
    return explained(in_gap(context, check, signs, &gap, t, until), signs, &gap, t);
}

int64_t check_read_marker(const struct read_context *context, const struct check *check,
                          const struct signs *signs, int64_t t)
{
    int index = check_line_index(&check->line, t, check->line.len - 1);
    struct gap gap;
    if (index < 0)
        return INT64_MAX;
    struct check_span span = check_line_span(&check->line, index);
    if (!gap_at(check, &span, t, &gap))
        return INT64_MAX;
    gap.ttl_ms = check_read_ttl(context, check, gap.result);
    int64_t marker = listening_marker(context->listening);
    int64_t hold = gap.result + gap.ttl_ms + context->late_ms;
    if (gap.next == INT64_MAX && marker <= hold)
        return hold + 1;
    int64_t missing = gap.ttl_ms - listened(context, signs, &gap);
    if (missing < 0 || marker >= gap.next)
        return INT64_MAX;
    if (marker == INT64_MIN)
        return gap.result + missing + 1;
    int64_t from = marker > gap.result ? marker : gap.result;
    return num_min(gap.next, from + missing + 1);
}
