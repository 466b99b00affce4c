/* Acts of whoever has the machine itself, for the audit log: its files say what changed, not who
 * did it. A token made, altered or taken away stands in it once the collector goes by it, a reload
 * when it was done, a restored backup at the first commit of the new life.
 *
 * Rows of kind ROW_TOKEN, as they were noted last: key = name, value = version u8, role u8, hash.
 * The row of kind ROW_RESTORED is backup.h's, and goes once it is noted. */
#include "shell/app_own.h"

#include "base/cursor.h"
#include "base/err.h"

#include <stdio.h>
#include <string.h>

enum { VERSION = 1, VALUE_BYTES = 2 + DIGEST_BYTES };

static void note(struct change_set *set, struct wall_ms at, const char *who, const char *act,
                 const char *target, const char *detail)
{
    struct audit_actor actor = {.role = "machine", .address = "local"};
    snprintf(actor.who, sizeof actor.who, "%s", who);
    struct audit_entry entry = audit_by(&actor, at, act, target);
    entry.text[AUDIT_DETAIL] = slice_of(detail);
    change_set_audit(set, &entry);
}

void app_acts_reloaded(struct app *app, int inventory, int rules, int tokens)
{
    static const char *const words[] = {"taken", "wrong"};
    char detail[96];
    snprintf(detail, sizeof detail, "inventory %s, rules %s, tokens %s", words[inventory != 0],
             words[rules != 0], words[tokens != 0]);
    note(keeper_set(app->keeper), loop_now(app->loop).wall, "SIGHUP", "reload", app->config_file,
         detail);
}

/* ---- tokens ---- */

void app_acts_tokens(struct app *app, const struct http_tokens *tokens)
{
    app->tokens = *tokens;
    app->tokens_read = true;
}

int app_acts_load_token(struct app *app, struct slice key, struct slice value)
{
    struct http_tokens *noted = &app->tokens_noted;
    struct cursor c;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    uint8_t role = cursor_u8(&c);
    struct slice hash = cursor_bytes(&c, DIGEST_BYTES);
    if (c.err || cursor_left(&c) || role > HTTP_ADMIN || key.len >= HTTP_WHO_MAX ||
        noted->len == HTTP_TOKENS_MAX)
        return ERR_CORRUPT;
    struct http_token *token = &noted->item[noted->len++];
    *token = (struct http_token){.role = (enum http_role)role};
    memcpy(token->who, key.at, key.len);
    memcpy(token->hash, hash.at, DIGEST_BYTES);
    return 0;
}

static const struct http_token *find(const struct http_tokens *tokens, const char *who)
{
    for (size_t i = 0; i < tokens->len; i++)
        if (strcmp(tokens->item[i].who, who) == 0)
            return &tokens->item[i];
    return NULL;
}

static int keep_token(const struct http_token *token, const struct row_sink *rows)
{
    unsigned char value[VALUE_BYTES] = {VERSION, (unsigned char)token->role};
    memcpy(value + 2, token->hash, DIGEST_BYTES);
    return rows->put(rows->context, ROW_TOKEN, slice_of(token->who),
                     (struct slice){(const char *)value, sizeof value});
}

/* What @p a has and @p b has not, or has otherwise. */
static int note_tokens(struct app *app, struct change_set *set, bool gone)
{
    const struct http_tokens *a = gone ? &app->tokens_noted : &app->tokens;
    const struct http_tokens *b = gone ? &app->tokens : &app->tokens_noted;
    struct row_sink rows = change_set_rows(set);
    int err = 0;
    for (size_t i = 0; !err && i < a->len; i++) {
        const struct http_token *token = &a->item[i];
        const struct http_token *other = find(b, token->who);
        bool same = other && other->role == token->role &&
                    memcmp(other->hash, token->hash, DIGEST_BYTES) == 0;
        if (gone ? other != NULL : same)
            continue;
        note(set, loop_now(app->loop).wall, "tokens_file",
             gone ? "token end" : (other ? "token change" : "token make"), token->who,
             http_role_word((int)token->role));
        err = gone ? rows.drop(rows.context, ROW_TOKEN, slice_of(token->who))
                   : keep_token(token, &rows);
    }
    return err;
}

/* ---- a backup that was put in place ---- */

int app_acts_load_restored(struct app *app, struct slice value)
{
    struct cursor c;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != BACKUP_RESTORED_VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    app->restored_at.ms = (int64_t)cursor_le64(&c);
    cursor_text(&c, app->restored_by, sizeof app->restored_by);
    cursor_text(&c, app->restored_file, sizeof app->restored_file);
    app->restored = true;
    return c.err || cursor_left(&c) ? ERR_CORRUPT : 0;
}

static int note_restored(struct app *app, struct change_set *set)
{
    struct row_sink rows = change_set_rows(set);
    note(set, app->restored_at, app->restored_by, "restore", app->restored_file, "");
    app->restored = false;
    return rows.drop(rows.context, ROW_RESTORED, slice_of(BACKUP_RESTORED_KEY));
}

int app_acts_sealing(struct app *app, struct change_set *set)
{
    int err = app->restored ? note_restored(app, set) : 0;
    if (err || !app->tokens_read)
        return err;
    err = note_tokens(app, set, true);
    if (!err)
        err = note_tokens(app, set, false);
    app->tokens_noted = app->tokens;
    app->tokens_read = false;
    return err;
}
