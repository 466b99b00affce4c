#include "codec/api_hidden.h"

#include "core/feed_sites.h"

enum { WORDS_MAX = 1 << 22 };

static void add(struct api_hidden *h, struct slice word)
{
    uint32_t number;
    if (word.len == 0)
        return;
    if (word.len > API_HIDDEN_BYTES_MAX)
        word.len = API_HIDDEN_BYTES_MAX;
    h->has_length[word.len] = true;
    h->all |= names_add(&h->words, word, &number) != 0;
}

static void add_aliases(struct api_hidden *h, const char *text)
{
    struct slice rest = slice_of(text), alias;
    while (feed_sites_alias(&rest, &alias))
        add(h, alias);
}

void api_hidden_init(struct api_hidden *h, const struct api_scope *scope)
{
    const struct inventory *inv = scope->centre->inventory;
    *h = (struct api_hidden){.all = false};
    names_init(&h->words, WORDS_MAX);
    for (uint32_t site = 0; site < inv->sites.len; site++) {
        const struct site_row *row = inventory_site(inv, site, scope->now);
        if (!row || api_site_shown(scope, row))
            continue;
        add(h, slice_of(names_text(&inv->sites, site)));
        add(h, slice_of(row->code));
        add(h, slice_of(row->name));
        add_aliases(h, row->aliases);
    }
}

void api_hidden_done(struct api_hidden *h)
{
    names_done(&h->words);
}

bool api_hidden_told(const struct api_hidden *h, struct slice text)
{
    for (size_t len = 1; len <= API_HIDDEN_BYTES_MAX && len <= text.len; len++)
        for (size_t at = 0; h->has_length[len] && at + len <= text.len; at++)
            if (names_find(&h->words, (struct slice){text.at + at, len}) != NAMES_NONE)
                return true;
    return h->all && text.len > 0;
}
