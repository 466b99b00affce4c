#include "core/outage_book.h"

#include "base/err.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The first word: start, cause, verified, the number's low bits. The second: end, its high bits. */
enum {
    TIME_BITS = 42, /* until 2109 */
    LOW_BITS = 64 - TIME_BITS - 5,
    VERIFIED_SHIFT = LOW_BITS,
    CAUSE_SHIFT = LOW_BITS + 1,
    CAUSE_MASK = 15,
    TIME_SHIFT = 64 - TIME_BITS,
    NARROW = 2,
    WIDE = 3,
    GROWTH_PART = 8,
    SHORT = 32,
    CAP_MASK = (1 << 14) - 1,
};

#define LOW_MASK ((UINT64_C(1) << LOW_BITS) - 1)
#define TIME_NEVER ((INT64_C(1) << TIME_BITS) - 1)

static size_t stride(const struct outage_book *book)
{
    return book->wide ? WIDE : NARROW;
}

void outage_book_done(struct outage_book *book)
{
    free(book->words);
    *book = (struct outage_book){.open_slot = book->open_slot};
}

struct outage outage_book_at(const struct outage_book *book, size_t at, uint32_t unit)
{
    assert(at < book->len);
    const uint64_t *word = book->words + at * stride(book);
    uint64_t high = word[1] & ((UINT64_C(1) << TIME_SHIFT) - 1);
    int64_t to = (int64_t)(word[1] >> TIME_SHIFT);
    struct outage outage = {
        .number = high << LOW_BITS | (word[0] & LOW_MASK),
        .unit = unit,
        .verified = word[0] >> VERIFIED_SHIFT & 1,
        .cause = (enum cause)(word[0] >> CAUSE_SHIFT & CAUSE_MASK),
        .from = {(int64_t)(word[0] >> TIME_SHIFT)},
        .to = {to == TIME_NEVER ? WALL_NEVER_MS : to},
    };
    outage.born.ms = book->wide ? (int64_t)word[2] : outage.from.ms;
    return outage;
}

void outage_book_cut(struct outage_book *book, size_t keep)
{
    assert(keep <= book->len);
    book->len = (uint16_t)keep;
}

static void forget_oldest(struct outage_book *book, size_t n)
{
    size_t own = stride(book);
    book->len = (uint16_t)(book->len - n);
    book->gave = true;
    memmove(book->words, book->words + n * own, book->len * own * sizeof *book->words);
}

/* Grows one by one, then by an eighth: tens of thousands of short books are a good part of the
 * memory. */
static int make_room(struct outage_book *book)
{
    if (book->len < book->cap)
        return 0;
    unsigned cap = book->len + 1U + (book->len > SHORT ? book->len / GROWTH_PART : 0);
    cap = cap < OUTAGE_BOOK_MAX ? cap : OUTAGE_BOOK_MAX;
    uint64_t *words = realloc(book->words, cap * stride(book) * sizeof *words);
    if (!words)
        return ERR_NOMEM;
    book->words = words;
    book->cap = cap & CAP_MASK;
    return 0;
}

/* Room for the births beside the outages, which are all where they started so far. */
static int widen(struct outage_book *book)
{
    size_t cap = book->cap ? book->cap : 1;
    uint64_t *words = malloc(cap * WIDE * sizeof *words);
    if (!words)
        return ERR_NOMEM;
    for (size_t i = 0; i < book->len; i++) {
        memcpy(words + i * WIDE, book->words + i * NARROW, NARROW * sizeof *words);
        words[i * WIDE + NARROW] = (uint64_t)outage_book_at(book, i, 0).from.ms;
    }
    free(book->words);
    book->words = words;
    book->cap = cap & CAP_MASK;
    book->wide = true;
    return 0;
}

static bool fits(const struct outage *o)
{
    return o->from.ms >= 0 && o->from.ms < TIME_NEVER && o->to.ms >= 0 &&
           (o->to.ms < TIME_NEVER || o->to.ms == WALL_NEVER_MS) && o->number < OUTAGE_NUMBERS_END &&
           (unsigned)o->cause <= CAUSE_MASK;
}

bool outage_book_full(const struct outage_book *book)
{
    return book->len == OUTAGE_BOOK_MAX;
}

int outage_book_add(struct outage_book *book, const struct outage *outage)
{
    if (!fits(outage))
        return ERR_FULL;
    if (outage_book_full(book))
        forget_oldest(book, OUTAGE_BOOK_DROP);
    int err = !book->wide && outage->born.ms != outage->from.ms ? widen(book) : 0;
    if (!err)
        err = make_room(book);
    if (err)
        return err;
    uint64_t to = (uint64_t)(outage->to.ms == WALL_NEVER_MS ? TIME_NEVER : outage->to.ms);
    uint64_t *word = book->words + book->len++ * stride(book);
    word[0] = (uint64_t)outage->from.ms << TIME_SHIFT | (uint64_t)outage->cause << CAUSE_SHIFT |
              (uint64_t)outage->verified << VERIFIED_SHIFT | (outage->number & LOW_MASK);
    word[1] = to << TIME_SHIFT | outage->number >> LOW_BITS;
    if (book->wide)
        word[2] = (uint64_t)outage->born.ms;
    return 0;
}
