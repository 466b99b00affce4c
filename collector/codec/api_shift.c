/* The shift log: line by line for the desk, or as a table for whoever keeps it on paper. */
#include "base/iso.h"
#include "codec/api.h"
#include "core/shift_log.h"

#include <stdio.h>
#include <string.h>

/* What people may see of a line. */
struct shown {
    const struct shift_line *line;
    const char *site; /* NULL = none, or not to be seen */
    const char *name;
    const char *text; /* what is said of a restricted site is not for everybody */
    char outage[32];
    char root[32];
};

static struct shown show(const struct api_scope *scope, const struct shift_line *line)
{
    const struct inventory *inv = scope->centre->inventory;
    const struct site_row *row =
        line->site == INV_NONE ? NULL : inventory_site(inv, line->site, scope->now);
    bool hidden = line->site != INV_NONE && !api_site_shown(scope, row);
    struct shown s = {.line = line, .text = hidden ? "" : line->text, .outage = "", .root = ""};
    if (row && !hidden) {
        s.site = names_text(&inv->sites, line->site);
        s.name = row->name;
    }
    if (line->outage)
        snprintf(s.outage, sizeof s.outage, "SC%llu", (unsigned long long)line->outage);
    if (line->root)
        snprintf(s.root, sizeof s.root, "SC%llu", (unsigned long long)line->root);
    return s;
}

static void put_count(struct emit *e, const char *key, uint32_t count)
{
    if (count)
        emit_int(e, key, count);
    else
        emit_null(e, key);
}

static void put_line(const struct shown *s, struct emit *e)
{
    const struct shift_line *l = s->line;
    emit_object(e, NULL);
    emit_instant(e, "at", l->at);
    emit_text(e, "kind", shift_kind_word((int)l->kind));
    emit_filled(e, "outage", s->outage);
    emit_text(e, "site", s->site);
    emit_text(e, "name", s->name);
    put_count(e, "sites", l->sites);
    emit_filled(e, "cause", l->cause == CAUSE_NONE ? "" : cause_word((int)l->cause));
    emit_filled(e, "by", l->by);
    emit_filled(e, "to", l->to);
    emit_instant(e, "until", l->until.ms ? l->until : (struct wall_ms){WALL_NEVER_MS});
    emit_filled(e, "text", s->text);
    emit_filled(e, "waiting", l->waiting);
    emit_filled(e, "root", s->root);
    put_count(e, "others", l->others);
    emit_end(e);
}

static void put_json(const struct api_scope *scope, const struct vec *lines, struct validity span,
                     struct api_page page, struct buf *out)
{
    const struct shift_kept *taken = shift_book_last(&scope->centre->shifts, SHIFT_TAKEN);
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    emit_instant(&e, "from", span.from);
    emit_instant(&e, "to", span.to);
    emit_instant(&e, "since", taken ? taken->at : (struct wall_ms){WALL_NEVER_MS});
    emit_array(&e, "lines");
    for (size_t i = page.offset; i < lines->len && api_page_has(page, i); i++) {
        struct shown s = show(scope, vec_at(lines, i));
        put_line(&s, &e);
    }
    api_page_end(page, lines->len, &e);
    emit_end(&e);
}

/* A cell in quotes. What a spreadsheet would take for a formula begins with an apostrophe. */
static void put_cell(const char *text, struct buf *out)
{
    buf_char(out, '"');
    if (text && *text && strchr("=+-@\t\r", *text))
        buf_char(out, '\'');
    for (const char *at = text ? text : ""; *at; at++) {
        if (*at == '"')
            buf_char(out, '"');
        buf_char(out, *at);
    }
    buf_char(out, '"');
}

static void put_instant(struct wall_ms t, char text[ISO_TEXT_MAX])
{
    text[0] = '\0';
    if (t.ms && t.ms != WALL_NEVER_MS)
        (void)iso_write(t, text);
}

static void put_row(const struct shown *s, struct buf *out)
{
    const struct shift_line *l = s->line;
    char at[ISO_TEXT_MAX];
    char until[ISO_TEXT_MAX];
    char sites[16] = "";
    char others[16] = "";
    put_instant(l->at, at);
    put_instant(l->until, until);
    if (l->sites)
        snprintf(sites, sizeof sites, "%u", l->sites);
    if (l->others)
        snprintf(others, sizeof others, "%u", l->others);
    const char *cause = l->cause == CAUSE_NONE ? "" : cause_word((int)l->cause);
    const char *cells[] = {at,        shift_kind_word((int)l->kind),
                           s->outage, s->site,
                           s->name,   sites,
                           cause,     l->by,
                           l->to,     until,
                           s->text,   l->waiting,
                           s->root,   others};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        if (i)
            buf_char(out, ',');
        put_cell(cells[i], out);
    }
    buf_str(out, "\r\n");
}

static void put_csv(const struct api_scope *scope, const struct vec *lines, struct buf *out)
{
    buf_str(out, "\xEF\xBB\xBF"
                 "at,kind,outage,site,name,sites,cause,by,to,until,text,waiting,root,others\r\n");
    for (size_t i = lines->len; i > 0; i--) {
        struct shown s = show(scope, vec_at(lines, i - 1));
        put_row(&s, out);
    }
}

int api_shift(const struct api_scope *scope, const struct page_box *box, struct validity span,
              struct api_page page, bool csv, struct buf *out)
{
    struct shift_question question = {scope->centre, box, span, scope->now};
    struct vec lines;
    int err = shift_log_ask(&question, &lines);
    if (!err && csv)
        put_csv(scope, &lines, out);
    else if (!err)
        put_json(scope, &lines, span, page, out);
    vec_done(&lines);
    return err;
}
