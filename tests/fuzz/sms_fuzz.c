/* A modem that says anything: messages stay within their bounds, however its words are cut. */
#include "check.h"
#include "io/sms_dialog.h"

#include <string.h>

static enum sms_next feed(struct sms_dialog *d, const uint8_t *data, size_t size, size_t step)
{
    enum sms_next next = SMS_WAITS;
    for (size_t at = 0; at < size && next <= SMS_SAYS; at += step) {
        size_t len = size - at < step ? size - at : step;
        next = sms_dialog_feed(d, (struct slice){(const char *)data + at, len});
        check(strlen(d->say) < sizeof d->say, "what is said ends");
    }
    return next;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sms_dialog list, send;
    sms_dialog_list(&list);
    feed(&list, data, size, 1);
    check(list.len <= SMS_LIST_MAX, "a list is bounded");
    for (size_t i = 0; i < list.len; i++)
        check(memchr(list.list[i].number, 0, SMS_NUMBER_MAX) != NULL &&
                  memchr(list.list[i].text, 0, SMS_TEXT_MAX) != NULL,
              "texts end");
    sms_dialog_send(&send, "84900000001", "KHAN CAP");
    check(feed(&send, data, size, 7) != SMS_DONE || send.prompted,
          "nothing is sent that was not asked for");
    return 0;
}
