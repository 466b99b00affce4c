#include "shell/http_tokens.h"

#include "base/err.h"
#include "io/entropy.h"
#include "io/file.h"

#include <stdio.h>

enum { FILE_BYTES = 64 << 10, SECRET_BYTES = 32 };

static bool known(const struct http_tokens *tokens, struct slice who)
{
    for (size_t i = 0; i < tokens->len; i++)
        if (slice_is(who, tokens->item[i].who))
            return true;
    return false;
}

static const char *read_line(struct slice line, struct http_tokens *tokens)
{
    struct http_token *token = &tokens->item[tokens->len];
    struct slice who = slice_take(&line, ':');
    struct slice role = slice_take(&line, ':');
    if (who.len == 0 || who.len >= HTTP_WHO_MAX)
        return "a name of 1 to 64 bytes must come first: NAME:ROLE:HASH";
    if (known(tokens, who))
        return "this name stands further up already";
    token->role = http_role_of(role);
    if (token->role == HTTP_NOBODY)
        return "the role must be guest, viewer, operator or admin";
    if (digest_parse(line, token->hash) != 0)
        return "the hash must be a SHA-256 in 64 hexadecimal digits";
    snprintf(token->who, sizeof token->who, "%.*s", (int)who.len, who.at);
    tokens->len++;
    return NULL;
}

static struct slice next_line(struct slice *text)
{
    const char *end = memchr(text->at, '\n', text->len);
    struct slice line = {text->at, end ? (size_t)(end - text->at) : text->len};
    size_t taken = line.len + (end != NULL);
    text->at += taken;
    text->len -= taken;
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

int http_tokens_parse(const char *file, struct slice text, struct http_tokens *ret_tokens,
                      struct buf *complaints)
{
    size_t mistakes = 0;
    ret_tokens->len = 0;
    for (unsigned number = 1; text.len > 0; number++) {
        struct slice line = next_line(&text);
        if (line.len == 0 || line.at[0] == '#')
            continue;
        const char *why = ret_tokens->len < HTTP_TOKENS_MAX ? read_line(line, ret_tokens)
                                                            : "there are more than 250 tokens";
        if (why)
            buf_printf(complaints, "%s:%u: %s\n", file, number, why);
        mistakes += why != NULL;
    }
    if (!mistakes && ret_tokens->len == 0)
        buf_printf(complaints, "%s: there is no token in it\n", file);
    return mistakes || ret_tokens->len == 0 ? ERR_SYNTAX : 0;
}

int http_tokens_read(const char *file, struct http_tokens *ret_tokens, struct buf *complaints)
{
    struct buf text;
    buf_init(&text, FILE_BYTES);
    int err = file_read(file, &text);
    if (err)
        buf_printf(complaints, "%s: %s\n", file, err_text(err));
    else
        err = http_tokens_parse(file, (struct slice){text.data, text.len}, ret_tokens, complaints);
    buf_done(&text);
    return err;
}

/* ---- making one ---- */

static int fail(const char *file, const char *why)
{
    fprintf(stderr, "ioc-collector: %s: %s\n", file, why);
    return 1;
}

static int add_line(struct buf *text, const char *name, const char *role, const char *secret)
{
    unsigned char hash[DIGEST_BYTES];
    char hash_text[DIGEST_TEXT_MAX];
    int err = digest_sha256(slice_of(secret), hash);
    if (err)
        return err;
    digest_text(hash, hash_text);
    if (text->len > 0 && text->data[text->len - 1] != '\n')
        buf_char(text, '\n');
    buf_printf(text, "%s:%s:%s\n", name, role, hash_text);
    return text->err;
}

/* What would not be taken is not written. */
static int append(const char *file, const char *name, const char *role, const char *secret)
{
    static struct http_tokens read_back;
    struct buf text;
    struct buf complaints;
    buf_init(&text, FILE_BYTES);
    buf_init(&complaints, FILE_BYTES);
    int err = file_read(file, &text);
    if (!err || err == ERR_NOT_FOUND)
        err = add_line(&text, name, role, secret);
    if (!err)
        err = http_tokens_parse(file, (struct slice){text.data, text.len}, &read_back, &complaints);
    if (!err)
        err = file_replace(file, text.data, text.len, 0600);
    if (err)
        (void)fail(file, complaints.len ? complaints.data : err_text(err));
    buf_done(&complaints);
    buf_done(&text);
    return err;
}

int http_tokens_command(const char *file, const char *name, const char *role)
{
    unsigned char bytes[SECRET_BYTES];
    char secret[DIGEST_TEXT_MAX];
    if (!file[0])
        return fail("http.tokens_file", "the configuration names no such file");
    if (strpbrk(name, ":\r\n#"))
        return fail(file, "a name has no : or # in it");
    entropy_fill(bytes, sizeof bytes);
    digest_text(bytes, secret);
    if (append(file, name, role, secret) != 0)
        return 1;
    printf("%s\n", secret);
    fprintf(stderr,
            "This is %s's token; nobody sees it again. It counts after: systemctl reload "
            "ioc-collector\n",
            name);
    return 0;
}
