#include "core/reply.h"

#include "base/err.h"
#include "base/num.h"
#include "core/outage_case.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define RESULT_WORD(name, word) word,
static const char *const WORDS[] = {REPLY_RESULT_MAP(RESULT_WORD)};
#undef RESULT_WORD

const char *reply_result_word(int result)
{
    return result >= 0 && result < REPLY_RESULTS ? WORDS[result] : "";
}

static struct slice skip_blanks(struct slice s)
{
    while (s.len > 0 && (*s.at == ' ' || *s.at == ':' || *s.at == '.' || *s.at == '#')) {
        s.at++;
        s.len--;
    }
    return s;
}

/* Takes the word off the front, in letters of any size. */
static bool take_word(struct slice *s, const char *word)
{
    size_t len = strlen(word);
    if (s->len < len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (toupper((unsigned char)s->at[i]) != word[i])
            return false;
    *s = skip_blanks((struct slice){s->at + len, s->len - len});
    return true;
}

bool reply_read(struct slice text, uint64_t *ret_number)
{
    struct slice rest = skip_blanks(text);
    size_t digits = 0;
    if (!take_word(&rest, "TN"))
        return false;
    take_word(&rest, "SC");
    while (digits < rest.len && rest.at[digits] >= '0' && rest.at[digits] <= '9')
        digits++;
    return num_parse_u64((struct slice){rest.at, digits}, ret_number) == 0 && *ret_number > 0;
}

static enum reply_result act(struct centre *c, struct pager *p, const struct outage_case *found,
                             const char *by, struct wall_ms now, int *ret_err)
{
    struct life_act taken = {.deed = LIFE_ACKNOWLEDGE,
                             .at = now,
                             .until = {WALL_NEVER_MS},
                             .by = by,
                             .text = "",
                             .to = "",
                             .ticket = ""};
    const char *why = NULL;
    if (found->view.first && !found->view.closed)
        return REPLY_AGAIN;
    if (life_refusal(&found->view, found->open, &taken))
        return REPLY_REFUSED;
    uint64_t root = found->group->root.number;
    int err = outage_case_act(c, found, &taken, &why);
    if (err && err != ERR_DENIED)
        *ret_err = err;
    if (!err)
        pager_acknowledged(p, root, now);
    return err ? REPLY_REFUSED : REPLY_TAKEN;
}

enum reply_result reply_acknowledge(struct centre *c, struct pager *p, uint64_t number,
                                    const char *by, struct wall_ms now, int *ret_err)
{
    struct outage_case found = {0};
    int err = outage_case_find(c, number, now, &found);
    *ret_err = err == ERR_NOT_FOUND ? 0 : err;
    if (err)
        return REPLY_NO_OUTAGE;
    enum reply_result result = found.group ? act(c, p, &found, by, now, ret_err) : REPLY_NO_OUTAGE;
    outage_case_done(&found);
    return result;
}

int reply_take(struct centre *c, struct pager *p, const struct rota *rota, const char *phone,
               struct slice text, struct wall_ms now, struct reply *ret_reply)
{
    int err = 0;
    const struct rota_row *row = rota_find(rota, phone, now);
    *ret_reply = (struct reply){.result = REPLY_STRANGER};
    if (!row)
        return 0;
    snprintf(ret_reply->person, sizeof ret_reply->person, "%s", row->person);
    if (reply_read(text, &ret_reply->number))
        ret_reply->result = reply_acknowledge(c, p, ret_reply->number, row->person, now, &err);
    else
        ret_reply->result = REPLY_UNREADABLE;
    return err;
}
