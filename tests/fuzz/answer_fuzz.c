/* The centre's messages as the probe gets them: an ack, or the state of a centre, by the first
 * byte. What is read well is written again and must read back the same. */
#include "check.h"
#include "wire/ack.h"
#include "wire/centre.h"
#include "wire/pack.h"

static void take_ack(struct slice bytes)
{
    struct ack first, second;
    struct reason why = {""};
    int err = ack_read(bytes, &first, &why);
    check(!err == !why.text[0], "a refusal has a reason");
    if (err)
        return;
    struct buf once, twice;
    buf_init(&once, 4 * PACK_BYTES_MAX);
    buf_init(&twice, 4 * PACK_BYTES_MAX);
    ack_write(&once, &first);
    check(ack_read((struct slice){once.data, once.len}, &second, NULL) == 0, "an ack reads back");
    ack_write(&twice, &second);
    check(slice_equal((struct slice){once.data, once.len}, (struct slice){twice.data, twice.len}),
          "an ack is the same when it was read back");
    ack_done(&first);
    ack_done(&second);
    buf_done(&once);
    buf_done(&twice);
}

static void take_status(struct slice bytes)
{
    struct centre_status status;
    struct reason why = {""};
    int err = centre_read_status(bytes, &status, &why);
    check(!err == !why.text[0], "a refusal has a reason");
    check(err || status.boot, "a boot is never 0");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct slice bytes = {(const char *)data + 1, size - 1};
    if (data[0] == 's')
        take_status(bytes);
    else
        take_ack(bytes);
    return 0;
}
