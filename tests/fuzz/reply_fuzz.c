/* Whatever a database (or something that is none) answers: one verdict with printable words. The
 * first two bytes are the status. */
#include "check.h"
#include "core/sending_reply.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct sending_reply reply = {
        (data[0] << 8 | data[1]) % 1000, {(const char *)data + 2, size - 2}, -1};
    struct sending_verdict v = sending_reply_read(&reply);
    size_t len = strlen(v.words);
    check(len < SENDING_WORDS_MAX, "words are bounded");
    for (size_t i = 0; i < len; i++)
        check((unsigned char)v.words[i] >= 0x20 && v.words[i] != 0x7f, "words are printable");
    bool taken = reply.status >= 200 && reply.status < 300 && size == 2;
    check((v.class == SENDING_OK) == taken, "only an empty 2xx is a receipt");
    bool blames = v.class == SENDING_LINES || v.class == SENDING_BEYOND;
    check(!blames || reply.status >= 400, "only an error blames lines");
    check((v.class == SENDING_BEYOND) == (v.dropped > 0), "retention drops lines");
    return 0;
}
