#include "shell/change_set.h"

#include "base/cursor.h"
#include "base/err.h"

enum op { OP_PUT = 1, OP_DROP, OP_BATCH, OP_DEAD, OP_END, OP_AUDIT, OP_FORGET };

void change_set_init(struct change_set *set, size_t max)
{
    *set = (struct change_set){0};
    buf_init(&set->ops, max);
}

void change_set_done(struct change_set *set)
{
    buf_done(&set->ops);
}

void change_set_clear(struct change_set *set)
{
    buf_clear(&set->ops);
    set->has_position = false;
}

bool change_set_empty(const struct change_set *set)
{
    return set->ops.len == 0 && !set->has_position;
}

static void write_slice(struct buf *b, struct slice s)
{
    buf_le32(b, (uint32_t)s.len);
    buf_put(b, s.at, s.len);
}

static struct slice read_slice(struct cursor *c)
{
    return cursor_bytes(c, cursor_le32(c));
}

static int record_put(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct change_set *set = context;
    buf_char(&set->ops, OP_PUT);
    buf_char(&set->ops, (char)kind);
    write_slice(&set->ops, key);
    write_slice(&set->ops, value);
    return set->ops.err;
}

static int record_drop(void *context, uint8_t kind, struct slice key)
{
    struct change_set *set = context;
    buf_char(&set->ops, OP_DROP);
    buf_char(&set->ops, (char)kind);
    write_slice(&set->ops, key);
    return set->ops.err;
}

static int record_forget(void *context, uint8_t kind, struct slice from, struct slice to,
                         bool but_last)
{
    struct change_set *set = context;
    buf_char(&set->ops, OP_FORGET);
    buf_char(&set->ops, (char)kind);
    write_slice(&set->ops, from);
    write_slice(&set->ops, to);
    buf_char(&set->ops, (char)but_last);
    return set->ops.err;
}

struct row_sink change_set_rows(struct change_set *set)
{
    return (struct row_sink){
        .context = set, .put = record_put, .drop = record_drop, .forget = record_forget};
}

void change_set_batch(struct change_set *set, const struct batch_row *row)
{
    buf_char(&set->ops, OP_BATCH);
    buf_le64(&set->ops, row->number);
    buf_le64(&set->ops, row->lines);
    buf_le64(&set->ops, row->readings);
    buf_le64(&set->ops, row->bytes);
    buf_char(&set->ops, (char)row->fate);
}

void change_set_dead(struct change_set *set, const struct dead_letter *letter)
{
    buf_char(&set->ops, OP_DEAD);
    buf_le64(&set->ops, (uint64_t)letter->at.ms);
    buf_le64(&set->ops, letter->readings);
    write_slice(&set->ops, letter->source);
    write_slice(&set->ops, letter->reason);
    write_slice(&set->ops, letter->payload);
}

void change_set_end(struct change_set *set, uint64_t number, enum letter_end how)
{
    buf_char(&set->ops, OP_END);
    buf_le64(&set->ops, number);
    buf_char(&set->ops, (char)how);
}

void change_set_audit(struct change_set *set, const struct audit_entry *entry)
{
    buf_char(&set->ops, OP_AUDIT);
    buf_le64(&set->ops, (uint64_t)entry->at.ms);
    for (int i = 0; i < AUDIT_TEXTS; i++) {
        struct slice text = entry->text[i];
        if (text.len > CHANGE_SET_DETAIL_MAX)
            text.len = CHANGE_SET_DETAIL_MAX;
        write_slice(&set->ops, text);
    }
}

void change_set_position(struct change_set *set, struct segment_pos position)
{
    set->position = position;
    set->has_position = true;
}

static int play_put(struct cursor *c, const struct change_player *player)
{
    uint8_t kind = cursor_u8(c);
    struct slice key = read_slice(c);
    return player->put(player->context, kind, key, read_slice(c));
}

static int play_drop(struct cursor *c, const struct change_player *player)
{
    uint8_t kind = cursor_u8(c);
    return player->drop(player->context, kind, read_slice(c));
}

static int play_forget(struct cursor *c, const struct change_player *player)
{
    uint8_t kind = cursor_u8(c);
    struct slice from = read_slice(c);
    struct slice to = read_slice(c);
    return player->forget(player->context, kind, from, to, cursor_u8(c) != 0);
}

static int play_batch(struct cursor *c, const struct change_player *player)
{
    struct batch_row row = {.number = cursor_le64(c)};
    row.lines = cursor_le64(c);
    row.readings = cursor_le64(c);
    row.bytes = cursor_le64(c);
    row.fate = (enum batch_fate)cursor_u8(c);
    return player->batch(player->context, &row);
}

static int play_dead(struct cursor *c, const struct change_player *player)
{
    struct dead_letter letter = {.at = {(int64_t)cursor_le64(c)}};
    letter.readings = cursor_le64(c);
    letter.source = read_slice(c);
    letter.reason = read_slice(c);
    letter.payload = read_slice(c);
    return player->dead(player->context, &letter);
}

static int play_end(struct cursor *c, const struct change_player *player)
{
    uint64_t number = cursor_le64(c);
    return player->end(player->context, number, (enum letter_end)cursor_u8(c));
}

static int play_audit(struct cursor *c, const struct change_player *player)
{
    struct audit_entry entry = {.at = {(int64_t)cursor_le64(c)}};
    for (int i = 0; i < AUDIT_TEXTS; i++)
        entry.text[i] = read_slice(c);
    return player->audit(player->context, &entry);
}

int change_set_play(const struct change_set *set, const struct change_player *player)
{
    static int (*const play[])(struct cursor *, const struct change_player *) = {
        [OP_PUT] = play_put,      [OP_DROP] = play_drop, [OP_BATCH] = play_batch,
        [OP_DEAD] = play_dead,    [OP_END] = play_end,   [OP_AUDIT] = play_audit,
        [OP_FORGET] = play_forget};
    int err = set->ops.err;
    struct cursor c;
    cursor_init(&c, set->ops.data, set->ops.len);
    while (!err && cursor_left(&c) > 0)
        err = play[cursor_u8(&c)](&c, player);
    return err;
}
