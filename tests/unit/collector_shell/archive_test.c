#include "shell/archive.h"

#include "base/err.h"
#include "core/archive_key.h"
#include "shell/store.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ARCHIVED = ROW_ARCHIVE, OTHER = ROW_ARCHIVE + 1, STATE = 5 };

struct place {
    char folder[64];
    char path[96];
    struct store *store;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    char why[256] = "";
    strcpy(place->folder, "/tmp/ioc-archive-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->path, sizeof place->path, "%s/store.db", place->folder);
    assert_int_equal(
        store_open(place->path, &(struct store_bounds){10, 1 << 20}, &place->store, why), 0);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    static const char *const suffix[] = {"", "-wal", "-shm"};
    store_close(place->store);
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", place->path, suffix[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(place->folder), 0);
    free(place);
    return 0;
}

static void put(struct change_set *set, uint8_t kind, uint32_t unit, int64_t hour, const char *text)
{
    struct archive_key key;
    struct row_sink rows = change_set_rows(set);
    assert_int_equal(rows.put(rows.context, kind,
                              archive_key_make(&key, ARCHIVE_KEY_SHORT, unit, hour, 0),
                              slice_of(text)),
                     0);
}

/* Hours far apart, so that every byte of the key has its say. */
static void fill(struct place *place)
{
    struct change_set set;
    change_set_init(&set, 1 << 16);
    put(&set, ARCHIVED, 1, 70000, "d");
    put(&set, ARCHIVED, 1, 0, "a");
    put(&set, ARCHIVED, 1, 256, "c");
    put(&set, ARCHIVED, 1, 255, "b");
    put(&set, ARCHIVED, 2, 100, "e");
    put(&set, OTHER, 1, 255, "x");
    put(&set, STATE, 1, 0, "s");
    assert_int_equal(store_commit(place->store, &set), 0);
    change_set_done(&set);
}

static int print(void *taker, struct slice key, struct slice value)
{
    uint32_t unit = 0;
    int64_t hour = 0;
    assert_true(archive_key_read(key, ARCHIVE_KEY_SHORT, &unit, &hour, NULL));
    buf_printf(taker, "%u/%lld=%.*s ", unit, (long long)hour, (int)value.len, value.at);
    return 0;
}

static const char *ask(struct archive *a, bool last, uint8_t kind, uint32_t unit, int64_t from,
                       int64_t to, struct buf *out)
{
    struct archive_key keys[2];
    struct row_source rows = archive_rows(a);
    buf_clear(out);
    buf_str(out, "");
    assert_int_equal((last ? rows.last : rows.range)(
                         rows.context, kind,
                         archive_key_make(&keys[0], ARCHIVE_KEY_SHORT, unit, from, 0),
                         archive_key_make(&keys[1], ARCHIVE_KEY_SHORT, unit, to, 0), print, out),
                     0);
    buf_char(out, '\0');
    return out->data;
}

static void rows_of_a_stretch_come_in_order(void **state)
{
    struct place *place = *state;
    struct archive *a = NULL;
    struct buf out;
    fill(place);
    buf_init(&out, 1 << 12);
    assert_int_equal(archive_open(place->path, &a), 0);
    assert_string_equal(ask(a, false, ARCHIVED, 1, 0, 70000, &out), "1/0=a 1/255=b 1/256=c ");
    assert_string_equal(ask(a, false, ARCHIVED, 1, 256, 100000, &out), "1/256=c 1/70000=d ");
    assert_string_equal(ask(a, true, ARCHIVED, 1, 0, 256, &out), "1/255=b ");
    assert_string_equal(ask(a, true, ARCHIVED, 1, 0, 255, &out), "1/0=a ");
    assert_string_equal(ask(a, true, ARCHIVED, 2, 0, 100, &out), "");
    assert_string_equal(ask(a, false, OTHER, 1, 0, 1000, &out), "1/255=x ");
    archive_close(a);
    buf_done(&out);
}

static int count_kinds(void *context, uint8_t kind, struct slice key, struct slice value)
{
    (void)key;
    (void)value;
    assert_true(kind < ROW_ARCHIVE);
    ++*(int *)context;
    return 0;
}

static void archives_are_not_given_back_at_start(void **state)
{
    struct place *place = *state;
    int rows = 0;
    fill(place);
    assert_int_equal(store_load_rows(place->store, &rows, count_kinds), 0);
    assert_int_equal(rows, 1);
}

static void forget(struct place *place, uint8_t kind, int64_t to, bool but_last)
{
    struct change_set set;
    struct archive_key keys[2];
    change_set_init(&set, 1 << 16);
    struct row_sink rows = change_set_rows(&set);
    assert_int_equal(rows.forget(rows.context, kind,
                                 archive_key_make(&keys[0], ARCHIVE_KEY_SHORT, 1, 0, 0),
                                 archive_key_make(&keys[1], ARCHIVE_KEY_SHORT, 1, to, 0), but_last),
                     0);
    assert_int_equal(store_commit(place->store, &set), 0);
    change_set_done(&set);
}

static void old_rows_are_forgotten_with_or_without_the_last_of_them(void **state)
{
    struct place *place = *state;
    struct archive *a = NULL;
    struct buf out;
    fill(place);
    forget(place, ARCHIVED, 256, true);
    forget(place, OTHER, 255, false);
    buf_init(&out, 1 << 12);
    assert_int_equal(archive_open(place->path, &a), 0);
    assert_string_equal(ask(a, false, ARCHIVED, 1, 0, 100000, &out), "1/255=b 1/256=c 1/70000=d ");
    assert_string_equal(ask(a, false, ARCHIVED, 2, 0, 1000, &out), "2/100=e ");
    assert_string_equal(ask(a, false, OTHER, 1, 0, 1000, &out), "1/255=x ");
    archive_close(a);
    forget(place, ARCHIVED, 256, false);
    forget(place, ARCHIVED, 256, true); /* nothing is there */
    forget(place, OTHER, 256, false);
    assert_int_equal(archive_open(place->path, &a), 0);
    assert_string_equal(ask(a, false, ARCHIVED, 1, 0, 100000, &out), "1/256=c 1/70000=d ");
    assert_string_equal(ask(a, false, OTHER, 1, 0, 1000, &out), "");
    archive_close(a);
    buf_done(&out);
}

/* The keeper goes on while somebody reads; what is read is of one moment. */
static void a_reading_is_of_one_commit(void **state)
{
    struct place *place = *state;
    struct archive *a = NULL;
    struct buf out;
    struct change_set set;
    fill(place);
    buf_init(&out, 1 << 12);
    change_set_init(&set, 1 << 16);
    assert_int_equal(archive_open(place->path, &a), 0);
    assert_string_equal(ask(a, false, ARCHIVED, 2, 0, 1000, &out), "2/100=e ");
    put(&set, ARCHIVED, 2, 101, "f");
    assert_int_equal(store_commit(place->store, &set), 0);
    assert_string_equal(ask(a, false, ARCHIVED, 2, 0, 1000, &out), "2/100=e ");
    archive_close(a);
    assert_int_equal(archive_open(place->path, &a), 0);
    assert_string_equal(ask(a, false, ARCHIVED, 2, 0, 1000, &out), "2/100=e 2/101=f ");
    archive_close(a);
    change_set_done(&set);
    buf_done(&out);
}

static int refuse(void *taker, struct slice key, struct slice value)
{
    (void)taker;
    (void)key;
    (void)value;
    return ERR_CORRUPT;
}

static void errors_come_through(void **state)
{
    struct place *place = *state;
    struct archive *a = NULL;
    struct archive_key keys[2];
    assert_int_equal(archive_open("/nonexistent/store.db", &a), ERR_IO);
    fill(place);
    assert_int_equal(archive_open(place->path, &a), 0);
    struct row_source rows = archive_rows(a);
    assert_int_equal(
        rows.range(rows.context, ARCHIVED, archive_key_make(&keys[0], ARCHIVE_KEY_SHORT, 1, 0, 0),
                   archive_key_make(&keys[1], ARCHIVE_KEY_SHORT, 2, 0, 0), refuse, NULL),
        ERR_CORRUPT);
    archive_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_of_a_stretch_come_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(archives_are_not_given_back_at_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(old_rows_are_forgotten_with_or_without_the_last_of_them,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reading_is_of_one_commit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_come_through, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
