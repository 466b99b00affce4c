#include "io/conf.h"

#include "base/err.h"
#include "io/file.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { FILE_MAX_BYTES = 4 * 1024 * 1024, ERRORS_MAX_BYTES = 64 * 1024, NAMES_MAX = 64 };

/* A file being read. */
struct reading {
    yaml_document_t document;
    const struct conf_section *sections;
    size_t n;
    void *object;
    struct conf_errors *errors;
};

/* Tables whose keys may stand in one mapping, and what was seen of them. */
struct tables {
    const char *section;
    const struct field *fields[2];
    size_t len[2];
    uint64_t seen[2]; /* by row */
    bool typed;       /* the key `type` is the reader's own */
};

void conf_errors_init(struct conf_errors *errors, const char *file)
{
    *errors = (struct conf_errors){.file = file};
    buf_init(&errors->text, ERRORS_MAX_BYTES);
}

void conf_errors_done(struct conf_errors *errors)
{
    buf_done(&errors->text);
}

static void begin_error(struct conf_errors *errors, size_t line, size_t column)
{
    errors->len++;
    buf_str(&errors->text, errors->file);
    if (line > 0)
        buf_printf(&errors->text, ":%zu:%zu", line, column);
    buf_str(&errors->text, ": ");
}

/* A mistake is one line whatever stands in the file, and rules no terminal. */
static void put_visible(struct buf *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        buf_char(out, c < 0x20 || c == 0x7f ? '?' : *text);
    }
}

void conf_error(struct conf_errors *errors, size_t line, size_t column, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    begin_error(errors, line, column);
    put_visible(&errors->text, text);
    buf_char(&errors->text, '\n');
}

static void error_at(const struct reading *r, const yaml_node_t *node, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

static void error_at(const struct reading *r, const yaml_node_t *node, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    conf_error(r->errors, node->start_mark.line + 1, node->start_mark.column + 1, "%s", text);
}

static yaml_node_t *node_of(struct reading *r, int index)
{
    return yaml_document_get_node(&r->document, index);
}

static struct slice text_of(const yaml_node_t *node)
{
    return (struct slice){(const char *)node->data.scalar.value, node->data.scalar.length};
}

static bool has_no_value(const yaml_node_t *node)
{
    struct slice text = text_of(node);
    return node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (text.len == 0 || slice_is(text, "~") || slice_is(text, "null"));
}

/* The name of a key, for messages: cut where it is longer than any of ours. */
static int shown(struct slice name)
{
    return name.len < NAMES_MAX ? (int)name.len : NAMES_MAX;
}

static void unknown(struct reading *r, const yaml_node_t *key, const char *what, const char *meant)
{
    struct slice name = text_of(key);
    if (meant)
        error_at(r, key, "%s \"%.*s\" is not known; did you mean \"%s\"?", what, shown(name),
                 name.at, meant);
    else
        error_at(r, key, "%s \"%.*s\" is not known", what, shown(name), name.at);
}

static void read_text(struct reading *r, const struct tables *t, const struct field *row,
                      const yaml_node_t *value, void *object)
{
    char why[FIELD_WHY_MAX];
    if (value->type != YAML_SCALAR_NODE)
        error_at(r, value, "%s.%s must be a single value", t->section, row->name);
    else if (has_no_value(value))
        error_at(r, value, "%s.%s has no value", t->section, row->name);
    else if (field_set(row, object, text_of(value), why) != 0)
        error_at(r, value, "%s.%s %s", t->section, row->name, why);
}

static void read_texts(struct reading *r, const struct tables *t, const struct field *row,
                       const yaml_node_t *value, void *object)
{
    if (value->type != YAML_SEQUENCE_NODE) {
        error_at(r, value, "%s.%s must be a list, such as [a, b]", t->section, row->name);
        return;
    }
    memset((char *)object + row->offset, 0, row->size); /* the default goes, not only its end */
    const yaml_node_item_t *item = value->data.sequence.items.start;
    for (; item < value->data.sequence.items.top; item++)
        read_text(r, t, row, node_of(r, *item), object);
}

/* The row of a key in either table; NULL, with the mistake told, if there is none or it came
 * before. */
static const struct field *row_of(struct reading *r, struct tables *t, const yaml_node_t *key)
{
    const char *meant = NULL;
    for (size_t i = 0; i < 2; i++) {
        const struct field *row = field_find(t->fields[i], t->len[i], text_of(key));
        if (!row) {
            meant = meant ? meant : field_suggest(t->fields[i], t->len[i], text_of(key));
            continue;
        }
        uint64_t bit = UINT64_C(1) << (row - t->fields[i]);
        if (t->seen[i] & bit) {
            error_at(r, key, "%s.%s is given twice", t->section, row->name);
            return NULL;
        }
        t->seen[i] |= bit;
        return row;
    }
    char what[NAMES_MAX * 2];
    snprintf(what, sizeof what, "%s: the key", t->section);
    unknown(r, key, what, meant);
    return NULL;
}

static bool is_key(struct reading *r, const yaml_node_t *key)
{
    if (key->type == YAML_SCALAR_NODE)
        return true;
    error_at(r, key, "a key must be a single word");
    return false;
}

static void tell_missing(struct reading *r, const struct tables *t, const yaml_node_t *mapping)
{
    for (size_t i = 0; i < 2; i++)
        for (size_t row = 0; row < t->len[i]; row++)
            if (!t->fields[i][row].fallback && !(t->seen[i] >> row & 1))
                error_at(r, mapping, "%s.%s is missing: %s", t->section, t->fields[i][row].name,
                         t->fields[i][row].about);
}

static void read_mapping(struct reading *r, struct tables *t, const yaml_node_t *mapping,
                         void *object)
{
    assert(t->len[0] <= 64 && t->len[1] <= 64);
    const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
    for (; pair < mapping->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = node_of(r, pair->key);
        const yaml_node_t *value = node_of(r, pair->value);
        if (!is_key(r, key) || (t->typed && slice_is(text_of(key), "type")))
            continue;
        const struct field *row = row_of(r, t, key);
        if (row && row->type == FIELD_TEXTS)
            read_texts(r, t, row, value, object);
        else if (row)
            read_text(r, t, row, value, object);
    }
    tell_missing(r, t, mapping);
}

static void run_check(struct reading *r, const char *section, conf_check *check,
                      const yaml_node_t *node, size_t errors_before, const void *object)
{
    char why[FIELD_WHY_MAX];
    if (check && r->errors->len == errors_before && !check(object, why))
        error_at(r, node, "%s: %s", section, why);
}

static void *member(const struct reading *r, const struct conf_section *s)
{
    return (char *)r->object + s->offset;
}

static void read_section(struct reading *r, const struct conf_section *s, const yaml_node_t *value)
{
    if (value->type != YAML_MAPPING_NODE) {
        error_at(r, value, "%s must be a section of keys", s->name);
        return;
    }
    struct tables t = {.section = s->name, .fields = {s->fields}, .len = {s->len}};
    size_t errors_before = r->errors->len;
    if (s->place)
        *(struct conf_place *)(void *)((char *)r->object + s->place) =
            (struct conf_place){value->start_mark.line + 1, value->start_mark.column + 1};
    read_mapping(r, &t, value, member(r, s));
    run_check(r, s->name, s->check, value, errors_before, member(r, s));
}

static void list_kinds(const struct conf_section *s, char *to, size_t size)
{
    size_t len = 0;
    to[0] = '\0';
    for (size_t i = 0; i < s->kinds_len && len < size; i++)
        len += (size_t)snprintf(to + len, size - len, "%s%s", i ? ", " : "", s->kinds[i].word);
}

static const struct conf_kind *kind_called(struct reading *r, const struct conf_section *s,
                                           const yaml_node_t *word)
{
    struct field names[NAMES_MAX] = {{.name = NULL}};
    assert(s->kinds_len <= NAMES_MAX);
    for (size_t i = 0; i < s->kinds_len; i++) {
        if (slice_is(text_of(word), s->kinds[i].word))
            return &s->kinds[i];
        names[i].name = s->kinds[i].word;
    }
    char what[NAMES_MAX * 2];
    snprintf(what, sizeof what, "%s: the type", s->name);
    unknown(r, word, what, field_suggest(names, s->kinds_len, text_of(word)));
    return NULL;
}

/* The kind that an item's `type` names; NULL, with the mistake told, if there is none. */
static const struct conf_kind *kind_of(struct reading *r, const struct conf_section *s,
                                       const yaml_node_t *item)
{
    if (!s->kinds[0].word)
        return &s->kinds[0];
    const yaml_node_t *word = NULL;
    const yaml_node_pair_t *pair = item->data.mapping.pairs.start;
    for (; pair < item->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = node_of(r, pair->key);
        if (key->type != YAML_SCALAR_NODE || !slice_is(text_of(key), "type"))
            continue;
        if (word)
            error_at(r, key, "%s.type is given twice", s->name);
        word = node_of(r, pair->value);
    }
    if (word && word->type == YAML_SCALAR_NODE)
        return kind_called(r, s, word);
    char kinds[256];
    list_kinds(s, kinds, sizeof kinds);
    error_at(r, word ? word : item, "%s.type is missing: one of %s", s->name, kinds);
    return NULL;
}

static void read_item(struct reading *r, const struct conf_section *s, const yaml_node_t *node,
                      struct conf_list *list)
{
    if (node->type != YAML_MAPPING_NODE) {
        error_at(r, node, "%s: an item must be keys with values", s->name);
        return;
    }
    const struct conf_kind *kind = kind_of(r, s, node);
    if (!kind)
        return;
    void *object = calloc(1, kind->size);
    if (!object) {
        error_at(r, node, "%s: %s", s->name, err_text(ERR_NOMEM));
        return;
    }
    list->items[list->len++] =
        (struct conf_item){kind, object, node->start_mark.line + 1, node->start_mark.column + 1};
    field_defaults(s->fields, s->len, object);
    field_defaults(kind->fields, kind->len, object);
    struct tables t = {.section = s->name,
                       .fields = {s->fields, kind->fields},
                       .len = {s->len, kind->len},
                       .typed = kind->word != NULL};
    size_t errors_before = r->errors->len;
    read_mapping(r, &t, node, object);
    run_check(r, s->name, kind->check, node, errors_before, object);
}

static void read_list(struct reading *r, const struct conf_section *s, const yaml_node_t *value)
{
    struct conf_list *list = member(r, s);
    if (value->type != YAML_SEQUENCE_NODE) {
        error_at(r, value, "%s must be a list of items that begin with \"-\"", s->name);
        return;
    }
    yaml_node_item_t *start = value->data.sequence.items.start;
    size_t len = (size_t)(value->data.sequence.items.top - start);
    if (len > s->max) {
        error_at(r, value, "%s has %zu items, more than %zu", s->name, len, s->max);
        return;
    }
    list->items = calloc(len ? len : 1, sizeof *list->items);
    if (!list->items) {
        error_at(r, value, "%s: %s", s->name, err_text(ERR_NOMEM));
        return;
    }
    for (size_t i = 0; i < len; i++)
        read_item(r, s, node_of(r, start[i]), list);
}

static void read_top(struct reading *r, const yaml_node_t *key, const yaml_node_t *value,
                     uint64_t *seen)
{
    struct field names[NAMES_MAX] = {{.name = NULL}};
    for (size_t i = 0; i < r->n; i++) {
        const struct conf_section *s = &r->sections[i];
        names[i].name = s->name;
        if (!slice_is(text_of(key), s->name))
            continue;
        bool again = *seen >> i & 1;
        *seen |= UINT64_C(1) << i;
        if (again)
            error_at(r, key, "the section %s is given twice", s->name);
        else if (s->kinds)
            read_list(r, s, value);
        else
            read_section(r, s, value);
        return;
    }
    unknown(r, key, "the section", field_suggest(names, r->n, text_of(key)));
}

static void read_root(struct reading *r)
{
    uint64_t seen = 0;
    const yaml_node_t *root = yaml_document_get_root_node(&r->document);
    if (root && root->type == YAML_MAPPING_NODE) {
        const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
        for (; pair < root->data.mapping.pairs.top; pair++)
            if (is_key(r, node_of(r, pair->key)))
                read_top(r, node_of(r, pair->key), node_of(r, pair->value), &seen);
    } else if (root && !(root->type == YAML_SCALAR_NODE && has_no_value(root))) {
        error_at(r, root, "the file must be made of sections, such as \"%s:\"",
                 r->sections[0].name);
        return;
    }
    for (size_t i = 0; i < r->n; i++)
        if (r->sections[i].required && !(seen >> i & 1))
            conf_error(r->errors, 0, 0, "the section %s is missing: %s", r->sections[i].name,
                       r->sections[i].about);
}

static void tell_not_yaml(struct conf_errors *errors, const yaml_parser_t *parser)
{
    const char *problem = parser->problem ? parser->problem : "cannot be read";
    conf_error(errors, parser->problem_mark.line + 1, parser->problem_mark.column + 1,
               "not well-formed YAML: %s", problem);
}

static void set_defaults(const struct reading *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (!r->sections[i].kinds)
            field_defaults(r->sections[i].fields, r->sections[i].len, member(r, &r->sections[i]));
}

/* More than one document in a file would be ignored silently. */
static void refuse_second(struct reading *r, yaml_parser_t *parser)
{
    yaml_document_t second;
    if (!yaml_parser_load(parser, &second)) {
        tell_not_yaml(r->errors, parser);
        return;
    }
    const yaml_node_t *root = yaml_document_get_root_node(&second);
    if (root)
        error_at(r, root, "a second document begins here; only one is read");
    yaml_document_delete(&second);
}

int conf_read_text(const struct conf_section *sections, size_t n, struct slice text, void *object,
                   struct conf_errors *errors)
{
    assert(n > 0 && n <= NAMES_MAX);
    struct reading r = {.sections = sections, .n = n, .object = object, .errors = errors};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return ERR_NOMEM;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.at, text.len);
    set_defaults(&r);
    if (yaml_parser_load(&parser, &r.document)) {
        read_root(&r);
        if (yaml_document_get_root_node(&r.document))
            refuse_second(&r, &parser);
        yaml_document_delete(&r.document);
    } else {
        tell_not_yaml(errors, &parser);
    }
    yaml_parser_delete(&parser);
    return errors->len ? ERR_SYNTAX : 0;
}

int conf_read(const struct conf_section *sections, size_t n, void *object,
              struct conf_errors *errors)
{
    struct buf text;
    buf_init(&text, FILE_MAX_BYTES);
    int err = file_read(errors->file, &text);
    if (err)
        conf_error(errors, 0, 0, "cannot be read: %s", err_text(err));
    else
        err = conf_read_text(sections, n, (struct slice){text.data ? text.data : "", text.len},
                             object, errors);
    buf_done(&text);
    return err;
}

void conf_done(const struct conf_section *sections, size_t n, void *object)
{
    for (size_t i = 0; i < n; i++) {
        if (!sections[i].kinds)
            continue;
        struct conf_list *list = (struct conf_list *)(void *)((char *)object + sections[i].offset);
        for (size_t item = 0; item < list->len; item++)
            free(list->items[item].object);
        free(list->items);
        *list = (struct conf_list){.items = NULL};
    }
}
