/* Line protocol from any names and values: what is written reads back the same through a reader of
 * its own. The input is five texts ended by a zero byte each (measurement, tag value, metric, text,
 * then 16 bytes of number and time). */
#include "check.h"
#include "codec/line.h"
#include "line_reader.h"

#include <math.h>
#include <string.h>

static struct slice take(struct slice *rest)
{
    const char *end = rest->len ? memchr(rest->at, '\0', rest->len) : NULL;
    struct slice s = {rest->at, end ? (size_t)(end - rest->at) : rest->len};
    size_t used = s.len + (end != NULL);
    rest->at = rest->len ? rest->at + used : rest->at;
    rest->len -= used;
    return s;
}

static void take_bytes(struct slice rest, size_t at, void *to, size_t len)
{
    if (rest.len >= at + len)
        memcpy(to, rest.at + at, len);
}

static void same_text(const char *read, struct slice written)
{
    check(strlen(read) == written.len, "a text keeps its length");
    for (size_t i = 0; i < written.len; i++) {
        unsigned char c = (unsigned char)written.at[i];
        bool control = c < 0x20 || c == 0x7f;
        check((unsigned char)read[i] == (control ? ' ' : c), "a text keeps its bytes");
    }
}

static void read_back(struct slice text, struct slice tag, struct slice value, double number,
                      uint32_t fields)
{
    static struct line_read read;
    struct line_facts facts;
    check(text.len > 0 && text.at[text.len - 1] == '\n', "a line ends");
    text.len--;
    check(!memchr(text.at, '\n', text.len), "a line is one line");
    check(line_look(text, &facts) == 0 && facts.fields == fields, "a line can be looked into");
    if (text.len > LINE_READER_TEXT / 2)
        return;
    check(line_reader_read(text, &read) == 0, "a line reads back");
    check(read.n_tags == 1 && read.n_fields == fields, "nothing is added or lost");
    check(facts.time_ns == read.time_ns, "both readers see one time");
    same_text(read.tags[0].text, tag);
    same_text(read.fields[read.n_fields - 1].text, value);
    check(!isfinite(number) || read.fields[0].number == number, "a number is exact");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = {(const char *)data, size};
    struct slice measurement = take(&rest), tag = take(&rest), metric = take(&rest);
    struct slice value = take(&rest);
    double number = 0;
    int64_t time_us = 0;
    take_bytes(rest, 0, &number, 8);
    take_bytes(rest, 8, &time_us, 8);
    struct buf key, out;
    buf_init(&key, 1 << 20);
    buf_init(&out, 1 << 20);
    struct line_tag tags[] = {{slice_of("k"), tag}};
    if (line_key(&key, measurement, tags, 1) == 0 && line_metric(metric) == 0) {
        struct line line;
        line_begin(&line, &out, (struct slice){key.data, key.len});
        int no_number = line_number(&line, metric, number);
        check(!no_number == !!isfinite(number), "finite numbers are taken");
        line_text(&line, metric, value);
        uint32_t fields = line_end(&line, time_us);
        check(fields > 0 || out.len == 0, "no half line stays");
        if (fields > 0)
            read_back((struct slice){out.data, out.len}, tag, value, number, fields);
    }
    buf_done(&key);
    buf_done(&out);
    return 0;
}
