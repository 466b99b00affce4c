/* A configuration file, or the remote one as JSON: YAML of any shape. What is taken lies within the
 * table's limits, what is not is told with a place, and nothing is taken and told at once. */
#include "check.h"
#include "io/conf.h"

#include "base/err.h"

#include <math.h>
#include <string.h>

struct section {
    bool flag;
    int64_t count;
    double share;
    int64_t wait_ms;
    int64_t bytes;
    char text[16];
    int word;
    struct field_texts names;
};

struct item {
    char name[8];
    int64_t interval_ms;
};

struct special {
    struct item item;
    char target[12];
};

struct whole {
    struct section section;
    struct conf_list list;
};

#define AT(type, member) offsetof(struct type, member), sizeof(((struct type *)0)->member)

static const char *const WORDS[] = {"red", "green", "blue", NULL};

static const struct field SECTION[] = {
    {"flag", FIELD_BOOL, AT(section, flag), 0, 0, "false", NULL, "A flag.", NULL},
    {"count", FIELD_I64, AT(section, count), -5, 5, "1", NULL, "A number.", NULL},
    {"share", FIELD_F64, AT(section, share), 0, 1, "0.5", "ratio", "A share.", NULL},
    {"wait", FIELD_DURATION, AT(section, wait_ms), 1, 60000, "1s", NULL, "A time.", NULL},
    {"size", FIELD_BYTES, AT(section, bytes), 1, 1 << 20, "1KiB", NULL, "A size.", NULL},
    {"text", FIELD_TEXT, AT(section, text), 0, 0, NULL, NULL, "A text.", NULL},
    {"word", FIELD_WORD, AT(section, word), 0, 0, "red", NULL, "A word.", WORDS},
    {"names", FIELD_TEXTS, AT(section, names), 0, 0, "", NULL, "Names.", NULL},
};

static const struct field ITEM[] = {
    {"name", FIELD_TEXT, AT(item, name), 0, 0, NULL, NULL, "A name.", NULL},
    {"interval", FIELD_DURATION, AT(item, interval_ms), 100, 1e9, "1s", NULL, "A time.", NULL},
};

static const struct field SPECIAL[] = {
    {"target", FIELD_TEXT, AT(special, target), 0, 0, NULL, NULL, "A target.", NULL},
};

enum { N_SECTION = 8, N_ITEM = 2, ITEMS_MAX = 4, N_WHOLE = 2 };

static const struct conf_kind KINDS[] = {
    {"plain", NULL, 0, sizeof(struct item), NULL, "Nothing of its own."},
    {"special", SPECIAL, 1, sizeof(struct special), NULL, "With a target."},
};

static const struct conf_section WHOLE[N_WHOLE] = {
    {"section", "A mapping.", SECTION, N_SECTION, offsetof(struct whole, section), true, NULL, NULL,
     0, 0, 0},
    {"list", "A list.", ITEM, N_ITEM, offsetof(struct whole, list), false, NULL, KINDS, 2,
     ITEMS_MAX, 0},
};

static bool ends(const char *text, size_t size)
{
    return strnlen(text, size) < size;
}

static void look_at_section(const struct section *s)
{
    check(s->count >= -5 && s->count <= 5, "a number lies within its limits");
    check(s->share >= 0 && s->share <= 1, "a share lies within its limits and is a number");
    check(s->wait_ms >= 1 && s->wait_ms <= 60000, "a duration lies within its limits");
    check(s->bytes >= 1 && s->bytes <= 1 << 20, "a size lies within its limits");
    check(ends(s->text, sizeof s->text), "a text ends");
    check(s->word >= 0 && s->word < 3, "a word is one of its list");
    check(s->names.len <= 16, "a list of texts is bounded");
    for (size_t i = 0; i < s->names.len; i++)
        check(ends(s->names.text[i], sizeof s->names.text[i]), "a text of a list ends");
}

static void look_at_list(const struct conf_list *list)
{
    check(list->len <= ITEMS_MAX, "a list is bounded");
    for (size_t i = 0; i < list->len; i++) {
        const struct item *item = list->items[i].object;
        check(list->items[i].line > 0 && list->items[i].column > 0, "an item has a place");
        check(ends(item->name, sizeof item->name), "an item's text ends");
        check(item->interval_ms >= 100, "an item's duration lies within its limits");
        if (list->items[i].kind == &KINDS[1])
            check(ends(((const struct special *)item)->target, 12), "an own text ends");
    }
}

/* Every line begins with the name it was given. */
static void look_at_mistakes(const struct conf_errors *errors)
{
    check(errors->len > 0 && errors->text.len > 0, "what is refused is told");
    const char *at = errors->text.data;
    for (const char *end; (end = strchr(at, '\n')); at = end + 1)
        check(strncmp(at, "fuzz.yaml:", 10) == 0, "a mistake has a place");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct whole whole = {0};
    struct conf_errors errors;
    conf_errors_init(&errors, "fuzz.yaml");
    int err =
        conf_read_text(WHOLE, N_WHOLE, (struct slice){(const char *)data, size}, &whole, &errors);
    check((err == 0) == (errors.len == 0), "a file is taken or mistakes are told, never both");
    if (!err) {
        look_at_section(&whole.section);
        look_at_list(&whole.list);
    } else if (err == ERR_SYNTAX) {
        look_at_mistakes(&errors);
    }
    conf_done(WHOLE, N_WHOLE, &whole);
    conf_errors_done(&errors);
    return 0;
}
