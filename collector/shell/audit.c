#include "shell/audit.h"

#include "base/buf.h"

enum { ROW_MAX = 1 << 20 };

#define AUDIT_WORD(name, word) [name] = (word),

static const char *const WORDS[] = {AUDIT_TEXT_MAP(AUDIT_WORD)};

#undef AUDIT_WORD

const char *audit_word(int text)
{
    return text >= 0 && text < AUDIT_TEXTS ? WORDS[text] : "";
}

struct audit_entry audit_by(const struct audit_actor *actor, struct wall_ms at, const char *act,
                            const char *target)
{
    return (struct audit_entry){.at = at,
                                .text = {[AUDIT_WHO] = slice_of(actor->who),
                                         [AUDIT_ROLE] = slice_of(actor->role),
                                         [AUDIT_ADDRESS] = slice_of(actor->address),
                                         [AUDIT_ACT] = slice_of(act),
                                         [AUDIT_TARGET] = slice_of(target)}};
}

int audit_hash(const unsigned char before[DIGEST_BYTES], uint64_t number,
               const struct audit_entry *entry, unsigned char ret_hash[DIGEST_BYTES])
{
    struct buf row;
    buf_init(&row, ROW_MAX);
    buf_put(&row, before, DIGEST_BYTES);
    buf_le64(&row, number);
    buf_le64(&row, (uint64_t)entry->at.ms);
    for (int i = 0; i < AUDIT_TEXTS; i++) {
        buf_le32(&row, (uint32_t)entry->text[i].len);
        buf_put(&row, entry->text[i].at, entry->text[i].len);
    }
    int err = row.err ? row.err : digest_sha256((struct slice){row.data, row.len}, ret_hash);
    buf_done(&row);
    return err;
}
