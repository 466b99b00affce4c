#include "shell/wall_conf.h"

#include "base/slice.h"
#include "codec/emit.h"

#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(struct wall_conf, member), sizeof(((struct wall_conf *)0)->member)

#define STANDING_MS_MAX (INT64_C(366) * 24 * 3600 * 1000)

enum { DWELL_MS_MAX = 3600000, MM_MAX = 1000000 };

static const char *const SCENES[] = {"province", "power", "coverage", "services"};

const struct field WALL_FIELDS[WALL_FIELDS_LEN] = {
    {"scenes", FIELD_TEXT, AT(scenes), 0, 0, "province power coverage services", NULL,
     "Scenes in the order of their rotation, separated by blanks.", NULL},
    {"dwell", FIELD_DURATION, AT(dwell_ms), 1000, DWELL_MS_MAX, "20s", NULL,
     "How long each scene stays.", NULL},
    {"height_mm", FIELD_I64, AT(height_mm), 0, MM_MAX, "0", NULL,
     "Height of the screens in mm; with distance_mm it sets the size of text. 0: as on a desk.",
     NULL},
    {"distance_mm", FIELD_I64, AT(distance_mm), 0, MM_MAX, "0", NULL,
     "From the eyes to the screens in mm. 0: as on a desk.", NULL},
    {"map_level", FIELD_TEXT, AT(map_level), 0, 0, "commune", NULL,
     "Level of the areas that the map draws.", NULL},
    {"outlines", FIELD_TEXT, AT(outlines), 0, 0, "", NULL,
     "GeoJSON file of the areas' outlines, by properties id or code; empty: a schematic map.",
     NULL},
    {"insets", FIELD_TEXT, AT(insets), 0, 0, "", NULL,
     "Far areas (ids, or features of the outlines) that the map draws in boxes of their own, "
     "separated by blanks.",
     NULL},
    {"guest", FIELD_BOOL, AT(guest), 0, 0, "false", NULL,
     "Shows no names and no positions of sites.", NULL},
    {"sound", FIELD_BOOL, AT(sound), 0, 0, "false", NULL,
     "A sound for a new critical outage until somebody acknowledges it.", NULL},
    {"standing", FIELD_DURATION, AT(standing_ms), 60000, STANDING_MS_MAX, "24h", NULL,
     "What is out for so long counts as standing in the flash report.", NULL},
};

/* The next word of @p *text, which moves on; empty at the end. */
static struct slice next_word(const char **text)
{
    *text += strspn(*text, " ");
    struct slice word = {*text, strcspn(*text, " ")};
    *text += word.len;
    return word;
}

static bool is_scene(struct slice word)
{
    for (size_t i = 0; i < sizeof SCENES / sizeof *SCENES; i++)
        if (slice_is(word, SCENES[i]))
            return true;
    return false;
}

bool wall_conf_check(const void *conf, char ret_why[FIELD_WHY_MAX])
{
    const struct wall_conf *w = conf;
    const char *text = w->scenes;
    for (struct slice word = next_word(&text); word.len; word = next_word(&text)) {
        if (is_scene(word))
            continue;
        snprintf(ret_why, FIELD_WHY_MAX, "there is no scene \"%.*s\"", (int)word.len, word.at);
        return false;
    }
    if (!w->height_mm != !w->distance_mm) {
        snprintf(ret_why, FIELD_WHY_MAX, "height_mm and distance_mm go together");
        return false;
    }
    return true;
}

static void put_words(struct emit *e, const char *key, const char *text)
{
    emit_array(e, key);
    for (struct slice word = next_word(&text); word.len; word = next_word(&text))
        emit_slice(e, NULL, word);
    emit_end(e);
}

void wall_conf_write(const struct wall_conf *conf, int64_t utc_offset_ms, struct buf *out)
{
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    put_words(&e, "scenes", conf->scenes);
    emit_int(&e, "dwell_ms", conf->dwell_ms);
    emit_int(&e, "height_mm", conf->height_mm);
    emit_int(&e, "distance_mm", conf->distance_mm);
    emit_text(&e, "map_level", conf->map_level);
    emit_bool(&e, "outlines", conf->outlines[0] != '\0');
    put_words(&e, "insets", conf->insets);
    emit_bool(&e, "guest", conf->guest);
    emit_bool(&e, "sound", conf->sound);
    emit_int(&e, "standing_ms", conf->standing_ms);
    emit_int(&e, "utc_offset_ms", utc_offset_ms);
    emit_end(&e);
}
