#include "shell/letters_own.h"

#include "base/err.h"

#include <string.h>

enum { COPY_BYTES_MAX = 8 << 20 };

static bool is_message(struct slice source)
{
    static const char root[] = "ioc/";
    return source.len >= sizeof root - 1 && memcmp(source.at, root, sizeof root - 1) == 0;
}

bool letters_can_requeue(struct slice source)
{
    return is_message(source) || slice_is(source, "sink");
}

int letters_copy(struct letters_copy *copy, const struct dead_entry *entry)
{
    const struct dead_letter *from = &entry->letter;
    buf_init(&copy->bytes, COPY_BYTES_MAX);
    buf_put(&copy->bytes, from->source.at, from->source.len);
    buf_put(&copy->bytes, from->reason.at, from->reason.len);
    buf_put(&copy->bytes, from->payload.at, from->payload.len);
    if (copy->bytes.err)
        return copy->bytes.err;
    const char *at = copy->bytes.data ? copy->bytes.data : "";
    copy->number = entry->number;
    copy->letter = *from;
    copy->letter.source = (struct slice){at, from->source.len};
    copy->letter.reason = (struct slice){at + from->source.len, from->reason.len};
    copy->letter.payload =
        (struct slice){at + from->source.len + from->reason.len, from->payload.len};
    copy->found = true;
    return 0;
}

int letters_requeue(struct letters *l, const struct letters_copy *copy, struct reason *ret_why)
{
    const struct dead_letter *letter = &copy->letter;
    if (slice_is(letter->source, "sink"))
        return keeper_line(l->keeper, letter->payload, letter->readings);
    struct reception_message m = {
        .topic = letter->source, .payload = letter->payload, .received = letter->at};
    if (is_message(letter->source))
        return keeper_requeue(l->keeper, &m, ret_why);
    reason_set(ret_why, "its file is damaged: there is nothing to take again; purge it");
    return ERR_DENIED;
}
