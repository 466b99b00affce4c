#include "base/err.h"
#include "base/num.h"
#include "base/vec.h"
#include "shell/batch_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const size_t FILES_MAX = 10000000;

int batch_remove(const struct batch_folder *folder, uint64_t number)
{
    char path[FILE_PATH_MAX];
    int err = batch_path(folder, number, BATCH_NAME_END, path);
    return err ? err : file_remove(path);
}

static int rename_to(const struct batch_folder *folder, uint64_t number, const char *end,
                     char ret_path[FILE_PATH_MAX])
{
    char from[FILE_PATH_MAX];
    int err = batch_path(folder, number, BATCH_NAME_END, from);
    if (!err)
        err = batch_path(folder, number, end, ret_path);
    if (!err && rename(from, ret_path) != 0)
        err = err_from_errno(errno);
    return err ? err : file_sync_folder(folder->path);
}

int batch_quarantine(const struct batch_folder *folder, uint64_t number,
                     char ret_path[FILE_PATH_MAX])
{
    return rename_to(folder, number, ".bad", ret_path);
}

/* The number in a name that ends in `end`; false if it is no such name. */
static bool number_of(const char *name, const char *end, uint64_t *ret_number)
{
    size_t len = strlen(name), tail = strlen(end);
    if (len <= tail || strcmp(name + len - tail, end) != 0)
        return false;
    struct slice digits = {name, len - tail};
    while (digits.len > 1 && *digits.at == '0') {
        digits.at++;
        digits.len--;
    }
    return num_parse_u64(digits, ret_number) == 0;
}

/* All batch numbers of the folder; what a crash left half written goes. */
static int list_files(const struct batch_folder *folder, struct vec *numbers)
{
    DIR *dir = opendir(folder->path);
    if (!dir)
        return err_from_errno(errno);
    int err = 0;
    for (struct dirent *e = readdir(dir); e && !err; e = readdir(dir)) {
        uint64_t number = 0;
        if (number_of(e->d_name, BATCH_NAME_END ".tmp", &number)) {
            char path[FILE_PATH_MAX];
            err = file_join(path, folder->path, e->d_name);
            err = err ? err : file_remove(path);
        } else if (number_of(e->d_name, BATCH_NAME_END, &number)) {
            uint64_t *item = vec_push(numbers);
            if (item)
                *item = number;
            else
                err = ERR_NOMEM;
        }
    }
    closedir(dir);
    return err;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool holds(const uint64_t *numbers, size_t n, uint64_t number)
{
    return n > 0 && bsearch(&number, numbers, n, sizeof number, by_number);
}

static int read_header(const char *path, struct batch_header *ret_header)
{
    char bytes[BATCH_HEADER_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_from_errno(errno);
    ssize_t got = read(fd, bytes, sizeof bytes);
    close(fd);
    if (got < 0)
        return ERR_IO;
    return batch_header_read((struct slice){bytes, (size_t)got}, ret_header);
}

/* Who told whom. */
struct recovery {
    const struct batch_folder *folder;
    const struct batch_known *known;
    batch_report *report;
    void *context;
};

static int set_foreign_aside(const struct recovery *r, uint64_t number,
                             const struct batch_header *header)
{
    char end[32], path[FILE_PATH_MAX];
    snprintf(end, sizeof end, ".%02x%02x%02x%02x.other", header->id[0], header->id[1],
             header->id[2], header->id[3]);
    int err = rename_to(r->folder, number, end, path);
    if (!err)
        r->report(r->context, BATCH_FOUND_FOREIGN, number, NULL, path);
    return err;
}

/* One file: 0 or what prevents a start. */
static int recover_file(const struct recovery *r, uint64_t number)
{
    char path[FILE_PATH_MAX];
    struct batch_header header = {0};
    int err = batch_path(r->folder, number, BATCH_NAME_END, path);
    if (!err)
        err = read_header(path, &header);
    if (err == ERR_CORRUPT || err == ERR_VERSION || (!err && header.facts.number != number)) {
        err = batch_quarantine(r->folder, number, path);
        if (!err)
            r->report(r->context, BATCH_FOUND_DAMAGED, number, NULL, path);
        return err;
    }
    if (err)
        return err;
    if (memcmp(header.id, r->folder->id, BATCH_ID_BYTES) != 0)
        return set_foreign_aside(r, number, &header);
    if (number <= r->known->last && holds(r->known->pending, r->known->n_pending, number)) {
        r->report(r->context, BATCH_FOUND_PENDING, number, &header.facts, path);
        return 0;
    }
    err = file_remove(path);
    if (!err)
        r->report(r->context, BATCH_FOUND_DONE, number, NULL, path);
    return err;
}

int batch_recover(const struct batch_folder *folder, const struct batch_known *known,
                  batch_report *report, void *context)
{
    struct recovery r = {folder, known, report, context};
    struct vec numbers;
    vec_init(&numbers, sizeof(uint64_t), FILES_MAX);
    int err = list_files(folder, &numbers);
    if (!err && numbers.len > 0)
        qsort(numbers.items, numbers.len, sizeof(uint64_t), by_number);
    for (size_t i = 0; !err && i < known->n_pending; i++)
        if (!holds(numbers.items, numbers.len, known->pending[i]))
            report(context, BATCH_FOUND_MISSING, known->pending[i], NULL, "");
    for (size_t i = 0; !err && i < numbers.len; i++)
        err = recover_file(&r, *(uint64_t *)vec_at(&numbers, i));
    vec_done(&numbers);
    return err;
}
