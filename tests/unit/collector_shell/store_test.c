#include "shell/store.h"

#include "base/err.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
    char folder[64];
    char path[96];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/ioc-store-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->path, sizeof place->path, "%s/store.db", place->folder);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    static const char *const suffix[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", place->path, suffix[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(place->folder), 0);
    free(place);
    return 0;
}

static struct store *opened(const struct place *place, uint64_t dead_rows)
{
    struct store *store = NULL;
    char why[256] = "";
    int err = store_open(place->path, &(struct store_bounds){dead_rows, 1 << 20}, &store, why);
    assert_string_equal(why, "");
    assert_int_equal(err, 0);
    return store;
}

static int print_row(void *context, uint8_t kind, struct slice key, struct slice value)
{
    buf_printf(context, "%d %.*s=%.*s;", kind, (int)key.len, key.at, (int)value.len, value.at);
    return 0;
}

static int print_batch(void *context, const struct batch_row *row)
{
    buf_printf(context, "%llu:%llu:%llu:%llu:%d;", (unsigned long long)row->number,
               (unsigned long long)row->lines, (unsigned long long)row->readings,
               (unsigned long long)row->bytes, (int)row->fate);
    return 0;
}

static int print_dead(void *context, const struct dead_entry *entry)
{
    buf_printf(context, "%llu %.*s: %.*s;", (unsigned long long)entry->number,
               (int)entry->letter.source.len, entry->letter.source.at,
               (int)entry->letter.reason.len, entry->letter.reason.at);
    return 0;
}

static void what_was_committed_is_there_after_a_restart(void **state)
{
    struct store *store = opened(*state, 10);
    struct change_set set;
    change_set_init(&set, 1 << 20);
    struct row_sink rows = change_set_rows(&set);
    assert_int_equal(rows.put(rows.context, 3, slice_of("b"), slice_of("2")), 0);
    assert_int_equal(rows.put(rows.context, 3, slice_of("a"), slice_of("1")), 0);
    assert_int_equal(rows.put(rows.context, 1, slice_of("gone"), slice_of("x")), 0);
    assert_int_equal(rows.put(rows.context, 3, slice_of("a"), slice_of("one")), 0);
    assert_int_equal(rows.drop(rows.context, 1, slice_of("gone")), 0);
    change_set_batch(&set, &(struct batch_row){7, 30, 100, 2000, BATCH_PENDING});
    change_set_batch(&set, &(struct batch_row){8, 20, 50, 900, BATCH_PENDING});
    change_set_batch(&set, &(struct batch_row){8, 20, 50, 900, BATCH_GONE});
    change_set_position(&set, (struct segment_pos){4, 4096});
    assert_int_equal(store_commit(store, &set), 0);
    unsigned char id[STORE_ID_BYTES];
    memcpy(id, store_id(store), sizeof id);
    store_close(store);

    store = opened(*state, 10);
    struct buf seen;
    buf_init(&seen, 4096);
    assert_int_equal(store_load_rows(store, &seen, print_row), 0);
    assert_string_equal(seen.data, "3 a=one;3 b=2;");
    buf_clear(&seen);
    assert_int_equal(store_load_batches(store, &seen, print_batch), 0);
    assert_string_equal(seen.data, "7:30:100:2000:0;");
    assert_int_equal(store_position(store).number, 4);
    assert_int_equal(store_position(store).offset, 4096);
    assert_int_equal(store_totals(store).last_batch, 8);
    assert_memory_equal(store_id(store), id, sizeof id);
    buf_done(&seen);
    change_set_done(&set);
    store_close(store);
}

static void dead_letters_are_bounded_oldest_first_and_counted(void **state)
{
    struct place *place = *state;
    struct store *store = opened(place, 2);
    struct change_set set;
    change_set_init(&set, 1 << 20);
    for (int i = 1; i <= 3; i++) {
        char source[16];
        snprintf(source, sizeof source, "topic-%d", i);
        change_set_dead(&set, &(struct dead_letter){
                                  {i}, slice_of(source), slice_of("not JSON"), slice_of("{"), 1});
    }
    assert_int_equal(store_commit(store, &set), 0);
    struct store_totals totals = store_totals(store);
    assert_int_equal(totals.dead_rows, 2);
    assert_int_equal(totals.dead_bytes, 2);
    assert_int_equal(totals.dead_dropped, 1);
    struct buf seen;
    buf_init(&seen, 4096);
    assert_int_equal(
        store_dead_list(place->path, &(struct dead_filter){0, 10, ""}, &seen, print_dead), 0);
    assert_string_equal(seen.data, "2 topic-2: not JSON;3 topic-3: not JSON;");
    buf_done(&seen);
    change_set_done(&set);
    store_close(store);
}

static void a_change_set_over_its_bound_commits_nothing(void **state)
{
    struct store *store = opened(*state, 2);
    struct change_set set;
    change_set_init(&set, 32);
    struct row_sink rows = change_set_rows(&set);
    assert_int_equal(rows.put(rows.context, 1, slice_of("key"), slice_of("value")), 0);
    assert_int_equal(rows.put(rows.context, 1, slice_of("longer key"), slice_of("longer value")),
                     ERR_FULL);
    assert_int_equal(store_commit(store, &set), ERR_FULL);
    struct buf seen;
    buf_init(&seen, 64);
    assert_int_equal(store_load_rows(store, &seen, print_row), 0);
    assert_int_equal(seen.len, 0);
    buf_done(&seen);
    change_set_done(&set);
    store_close(store);
}

static void a_file_that_is_no_store_is_refused_with_words(void **state)
{
    struct place *place = *state;
    FILE *file = fopen(place->path, "w");
    assert_non_null(file);
    fputs("this is not a database, and it is longer than the header of 100 bytes that SQLite looks "
          "at first, so it is",
          file);
    fclose(file);
    struct store *store = NULL;
    char why[256] = "";
    assert_int_equal(store_open(place->path, &(struct store_bounds){1, 1}, &store, why),
                     ERR_CORRUPT);
    assert_non_null(strstr(why, "not a database"));
    assert_null(store);
}

static void a_dead_letter_is_dealt_with_once(void **state)
{
    struct place *place = *state;
    struct store *store = opened(place, 10);
    struct change_set set;
    struct buf seen;
    buf_init(&seen, 4096);
    change_set_init(&set, 1 << 20);
    for (int i = 1; i <= 4; i++)
        change_set_dead(
            &set, &(struct dead_letter){
                      {i}, slice_of("t"), slice_of(i % 2 ? "odd" : "even"), slice_of("{"), 1});
    assert_int_equal(store_commit(store, &set), 0);
    assert_int_equal(store_totals(store).dead_oldest, 1);
    change_set_clear(&set);
    change_set_end(&set, 1, LETTER_REQUEUED);
    change_set_end(&set, 2, LETTER_PURGED);
    assert_int_equal(store_commit(store, &set), 0);
    assert_int_equal(store_commit(store, &set), ERR_NOT_FOUND); /* nothing of it is committed */
    struct store_totals totals = store_totals(store);
    assert_int_equal(totals.dead_rows, 2);
    assert_int_equal(totals.dead_bytes, 2);
    assert_int_equal(totals.dead_oldest, 3);
    assert_int_equal(totals.dead_ended[LETTER_REQUEUED], 1);
    assert_int_equal(totals.dead_ended[LETTER_PURGED], 1);
    assert_int_equal(
        store_dead_list(place->path, &(struct dead_filter){0, 10, "odd"}, &seen, print_dead), 0);
    assert_string_equal(seen.data, "3 t: odd;");
    struct store_figures f;
    assert_int_equal(store_snapshot(place->path, 3, 4, &seen, print_row, &f), 0);
    assert_int_equal(f.dead_made, 4);
    assert_int_equal(f.dead_rows + f.dead_purged + f.dead_requeued + f.dead_dropped, 4);
    buf_done(&seen);
    change_set_done(&set);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_dead_letter_is_dealt_with_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_committed_is_there_after_a_restart, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(dead_letters_are_bounded_oldest_first_and_counted, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_change_set_over_its_bound_commits_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_is_no_store_is_refused_with_words, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
