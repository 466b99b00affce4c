/* On files, without a collector: the way there and back, and what must not be done. */
#include "shell/backup.h"

#include "base/err.h"
#include "folder.h"
#include "shell/batch.h"
#include "shell/store.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct store_bounds BOUNDS = {100, 1 << 20};

struct place {
    char folder[FOLDER_PATH_MAX];
    char data[FOLDER_PATH_MAX];
    char fresh[FOLDER_PATH_MAX];
    char file[FOLDER_PATH_MAX];
};

static struct store *open_in(const char *data)
{
    struct store *store = NULL;
    char path[FILE_PATH_MAX];
    char why[256] = "";
    assert_int_equal(file_join(path, data, "store.db"), 0);
    assert_int_equal(store_open(path, &BOUNDS, &store, why), 0);
    return store;
}

static struct batch_folder batches_of(const char *data, const struct store *store,
                                      char path[FILE_PATH_MAX])
{
    struct batch_folder folder = {.path = path};
    assert_int_equal(file_join(path, data, "batches"), 0);
    assert_int_equal(file_make_folder(path), 0);
    memcpy(folder.id, store_id(store), sizeof folder.id);
    return folder;
}

/* A store with a row, a dead letter, a batch that waits and one that lost its file. */
static void fill(const char *data)
{
    char path[FILE_PATH_MAX];
    assert_int_equal(file_make_folder(data), 0);
    struct store *store = open_in(data);
    struct batch_folder folder = batches_of(data, store, path);
    struct batch_facts facts = {.number = 3, .lines = 1, .readings = 1};
    assert_int_equal(batch_write(&folder, slice_of("a b=1 1\n"), &facts), 0);
    struct change_set set;
    change_set_init(&set, 1 << 20);
    struct row_sink rows = change_set_rows(&set);
    assert_int_equal(rows.put(rows.context, 3, slice_of("k"), slice_of("v")), 0);
    change_set_batch(&set, &(struct batch_row){3, 1, 1, facts.body_bytes, BATCH_PENDING});
    change_set_batch(&set, &(struct batch_row){4, 1, 2, 100, BATCH_PENDING});
    change_set_dead(&set,
                    &(struct dead_letter){{1}, slice_of("sink"), slice_of("no"), slice_of("l"), 1});
    assert_int_equal(store_commit(store, &set), 0);
    change_set_done(&set);
    store_close(store);
}

static int set_up(void **state)
{
    static struct place place;
    folder_make(place.folder);
    folder_path(place.data, place.folder, "data");
    folder_path(place.fresh, place.folder, "fresh");
    folder_path(place.file, place.folder, "b.backup");
    fill(place.data);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    folder_remove(place->folder);
    return 0;
}

/* What was there, and who put it in place. */
static int count_row(void *context, uint8_t kind, struct slice key, struct slice value)
{
    ++*(int *)context;
    if (kind == ROW_RESTORED) {
        assert_true(slice_is(key, BACKUP_RESTORED_KEY));
        assert_int_equal(value.at[0], BACKUP_RESTORED_VERSION);
        return 0;
    }
    assert_int_equal(kind, 3);
    assert_true(slice_is(key, "k") && slice_is(value, "v"));
    return 0;
}

static void what_was_there_is_there_under_a_new_id(void **state)
{
    const struct place *p = *state;
    struct backup_report report;
    assert_int_equal(backup_make(p->data, p->file, &report), 0);
    assert_int_equal(report.batches, 1);
    assert_int_equal(report.missing, 1);
    struct wall_ms made = report.at;
    assert_int_equal(backup_restore(p->file, p->fresh, &report), 0);
    assert_int_equal(report.at.ms, made.ms);
    assert_int_equal(report.batches, 1);
    assert_int_equal(report.missing, 1);

    struct store *old = open_in(p->data);
    struct store *store = open_in(p->fresh);
    int rows = 0;
    assert_memory_not_equal(store_id(old), store_id(store), STORE_ID_BYTES);
    assert_int_equal(store_load_rows(store, &rows, count_row), 0);
    assert_int_equal(rows, 2);
    assert_int_equal(store_totals(store).dead_rows, 1);
    assert_int_equal(store_totals(store).last_batch, 4);
    char path[FILE_PATH_MAX];
    struct batch_folder folder = batches_of(p->fresh, store, path);
    struct batch batch = {0};
    char *plain = NULL;
    assert_int_equal(batch_read(&folder, 3, &batch), 0);
    assert_int_equal(batch_plain(&batch, &plain), 0);
    assert_memory_equal(plain, "a b=1 1\n", 8);
    free(plain);
    batch_done(&batch);
    store_close(store);
    store_close(old);
}

static void assert_owner(const char *folder, const char *name, uid_t user)
{
    char path[FILE_PATH_MAX];
    struct stat facts;
    assert_int_equal(file_join(path, folder, name), 0);
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_uid, user);
    assert_int_equal(facts.st_gid, user);
}

/* Root restores for the service: into a folder of the service's, or beside its others. */
static void what_root_restores_is_the_services(void **state)
{
    enum { SERVICE = 54321 };

    const struct place *p = *state;
    struct backup_report report;
    char ready[FILE_PATH_MAX];
    if (geteuid() != 0)
        skip();
    assert_int_equal(file_join(ready, p->folder, "ready"), 0);
    assert_int_equal(backup_make(p->data, p->file, &report), 0);
    assert_int_equal(file_make_folder(ready), 0);
    assert_int_equal(chown(ready, SERVICE, SERVICE), 0);
    assert_int_equal(chown(p->folder, SERVICE, SERVICE), 0);
    const char *const folders[] = {ready, p->fresh};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        static const char *const names[] = {"", "lock", "store.db", "batches",
                                            "batches/000000000003.batch"};
        assert_int_equal(backup_restore(p->file, folders[i], &report), 0);
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            assert_owner(folders[i], names[k], SERVICE);
    }
}

static void nothing_is_overwritten(void **state)
{
    const struct place *p = *state;
    struct backup_report report;
    assert_int_equal(backup_make(p->data, p->file, &report), 0);
    assert_int_equal(backup_make(p->data, p->file, &report), ERR_EXISTS);
    assert_non_null(strstr(report.why, "there already"));
    assert_int_equal(backup_restore(p->file, p->data, &report), ERR_EXISTS);
    assert_non_null(strstr(report.why, "nothing is overwritten"));
}

static void batches_of_another_store_are_not_mixed_in(void **state)
{
    const struct place *p = *state;
    struct backup_report report;
    char path[FILE_PATH_MAX];
    assert_int_equal(backup_make(p->data, p->file, &report), 0);
    assert_int_equal(file_join(path, p->data, "store.db"), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(backup_restore(p->file, p->data, &report), ERR_EXISTS);
    assert_non_null(strstr(report.why, "another store"));
}

static void without_a_store_there_is_no_backup(void **state)
{
    const struct place *p = *state;
    struct backup_report report;
    assert_int_not_equal(backup_make(p->folder, p->file, &report), 0);
    assert_non_null(strstr(report.why, "store.db"));
    assert_int_not_equal(access(p->file, F_OK), 0);
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILES(what_was_there_is_there_under_a_new_id),
        WITH_FILES(what_root_restores_is_the_services),
        WITH_FILES(nothing_is_overwritten),
        WITH_FILES(batches_of_another_store_are_not_mixed_in),
        WITH_FILES(without_a_store_there_is_no_backup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
