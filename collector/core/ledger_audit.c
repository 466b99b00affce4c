#include "core/ledger_audit.h"

static const struct {
    const char *word;
    const char *left;
    const char *right;
} EQUATIONS[] = {

#define LEDGER_EQUATION_ROW(name, word, left, right) {word, left, right},
    LEDGER_EQUATION_MAP(LEDGER_EQUATION_ROW)
#undef LEDGER_EQUATION_ROW
};

const char *ledger_equation_word(enum ledger_equation equation)
{
    return EQUATIONS[equation].word;
}

void ledger_equation_sides(enum ledger_equation equation, const char **ret_left,
                           const char **ret_right)
{
    *ret_left = EQUATIONS[equation].left;
    *ret_right = EQUATIONS[equation].right;
}

static void find(struct ledger_audit *audit, struct ledger_finding finding)
{
    audit->broken++;
    audit->broken_of[finding.equation]++;
    if (audit->len < LEDGER_FINDINGS_MAX)
        audit->finding[audit->len++] = finding;
}

static void expect(struct ledger_audit *audit, enum ledger_equation equation, uint64_t left,
                   uint64_t right)
{
    if (left != right)
        find(audit, (struct ledger_finding){equation, LEDGER_NO_PROBE, 0, left, right});
}

void ledger_audit_mark(struct ledger_audit *audit, uint32_t probe, const struct stream_mark *mark)
{
    audit->stored_packs += mark->stored;
    audit->untimed_packs += mark->untimed;
    if (stream_balanced(mark))
        return;
    uint64_t settled = mark->stored + mark->refused + mark->untimed + mark->lost + mark->missing;
    uint64_t open = mark->highest > mark->upto ? stream_open_packs(mark) : 0;
    find(audit,
         (struct ledger_finding){LEDGER_PACKS, probe, mark->epoch, mark->highest, settled + open});
}

void ledger_audit_totals(struct ledger_audit *audit, const struct ledger *l, uint64_t pending)
{
    expect(audit, LEDGER_MESSAGES, l->taken, ledger_processed(l));
    expect(audit, LEDGER_UNTIMED, l->untimed, audit->untimed_packs);
    if (audit->stored_packs > l->stored)
        expect(audit, LEDGER_STORED, audit->stored_packs, l->stored);
    expect(audit, LEDGER_READINGS, l->readings_stored,
           l->readings_written + pending + l->readings_dead - l->readings_requeued +
               l->readings_beyond);
}

void ledger_audit_intake(struct ledger_audit *audit, uint64_t logged, uint64_t in_intake,
                         uint64_t taken)
{
    expect(audit, LEDGER_INTAKE, logged, in_intake + taken);
}

void ledger_audit_letters(struct ledger_audit *audit, const struct ledger_letters *letters)
{
    expect(audit, LEDGER_LETTERS, letters->made,
           letters->kept + letters->dropped + letters->purged + letters->requeued);
}

static bool equal_finding(const struct ledger_finding *a, const struct ledger_finding *b)
{
    return a->equation == b->equation && a->probe == b->probe && a->epoch == b->epoch &&
           a->left == b->left && a->right == b->right;
}

bool ledger_audit_equal(const struct ledger_audit *a, const struct ledger_audit *b)
{
    bool equal = a->broken == b->broken;
    for (size_t i = 0; equal && i < a->len; i++)
        equal = equal_finding(&a->finding[i], &b->finding[i]);
    return equal;
}
