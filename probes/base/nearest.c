#include "base/nearest.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Three rows of the alignment table; rows[i % 3] holds the distances of a's first i letters. */
static size_t cell(size_t rows[3][NEAREST_WORD_MAX + 1], struct slice a, struct slice b, size_t i,
                   size_t j)
{
    size_t changed = a.at[i - 1] != b.at[j - 1];
    size_t best = rows[(i - 1) % 3][j - 1] + changed;
    best = least(best, rows[(i - 1) % 3][j] + 1);
    best = least(best, rows[i % 3][j - 1] + 1);
    if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1])
        best = least(best, rows[(i - 2) % 3][j - 2] + 1);
    return best;
}

size_t nearest_distance(struct slice a, struct slice b, size_t limit)
{
    size_t apart = a.len > b.len ? a.len - b.len : b.len - a.len;
    if (a.len > NEAREST_WORD_MAX || b.len > NEAREST_WORD_MAX || apart > limit)
        return limit + 1;
    size_t rows[3][NEAREST_WORD_MAX + 1];
    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        rows[i % 3][0] = i;
        for (size_t j = 1; j <= b.len; j++)
            rows[i % 3][j] = cell(rows, a, b, i, j);
    }
    return least(rows[a.len % 3][b.len], limit + 1);
}

size_t nearest_limit(struct slice word)
{
    size_t third = word.len / 3;
    return third < 1 ? 1 : least(third, 3);
}
