#include "io/segment_format.h"

#include "base/cursor.h"
#include "base/err.h"
#include "base/num.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <libdeflate.h>
#include <stdio.h>
#include <string.h>

static const char MAGIC[4] = {'I', 'O', 'C', 'S'};

enum { OLDEST_VERSION = 1, CHECKED_HEAD = 32 };

static void put_le(unsigned char *to, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

void segment_put_file_head(unsigned char head[SEGMENT_FILE_HEAD],
                           const unsigned char id[SEGMENT_ID_BYTES], uint64_t number)
{
    memcpy(head, MAGIC, sizeof MAGIC);
    put_le(head + 4, SEGMENT_VERSION, 2);
    put_le(head + 6, SEGMENT_FILE_HEAD, 2);
    memcpy(head + 8, id, SEGMENT_ID_BYTES);
    put_le(head + 24, number, 8);
    put_le(head + CHECKED_HEAD, libdeflate_crc32(0, head, CHECKED_HEAD), 4);
}

int segment_check_file_head(const unsigned char head[SEGMENT_FILE_HEAD],
                            const unsigned char id[SEGMENT_ID_BYTES], uint64_t number,
                            uint16_t *ret_version)
{
    struct cursor c;
    cursor_init(&c, head, SEGMENT_FILE_HEAD);
    struct slice magic = cursor_bytes(&c, sizeof MAGIC);
    uint16_t version = cursor_le16(&c);
    uint16_t size = cursor_le16(&c);
    struct slice store = cursor_bytes(&c, SEGMENT_ID_BYTES);
    uint64_t own_number = cursor_le64(&c);
    if (memcmp(magic.at, MAGIC, sizeof MAGIC) != 0 ||
        cursor_le32(&c) != libdeflate_crc32(0, head, CHECKED_HEAD))
        return ERR_CORRUPT;
    bool ours = version >= OLDEST_VERSION && version <= SEGMENT_VERSION &&
                size == SEGMENT_FILE_HEAD && memcmp(store.at, id, SEGMENT_ID_BYTES) == 0 &&
                own_number == number;
    if (!ours)
        return ERR_VERSION;
    *ret_version = version;
    return 0;
}

struct segment_salt segment_salt(const unsigned char id[SEGMENT_ID_BYTES], uint64_t number,
                                 uint16_t version)
{
    unsigned char bytes[8];
    if (version == OLDEST_VERSION)
        return (struct segment_salt){0};
    put_le(bytes, number, sizeof bytes);
    uint32_t crc = libdeflate_crc32(0, id, SEGMENT_ID_BYTES);
    return (struct segment_salt){.file = libdeflate_crc32(crc, bytes, sizeof bytes),
                                 .placed = true};
}

/* The checksum of a record up to its length. */
static uint32_t begin_crc(struct segment_salt salt, uint64_t offset,
                          const unsigned char head[SEGMENT_RECORD_HEAD])
{
    unsigned char place[8];
    put_le(place, offset, sizeof place);
    uint32_t crc = salt.placed ? libdeflate_crc32(salt.file, place, sizeof place) : 0;
    return libdeflate_crc32(crc, head, 4);
}

void segment_put_record_head(unsigned char head[SEGMENT_RECORD_HEAD], struct segment_salt salt,
                             uint64_t offset, const struct slice *parts, size_t n, size_t len)
{
    put_le(head, len, 4);
    uint32_t crc = begin_crc(salt, offset, head);
    for (size_t i = 0; i < n; i++)
        if (parts[i].len > 0)
            crc = libdeflate_crc32(crc, parts[i].at, parts[i].len);
    put_le(head + 4, crc, 4);
}

uint32_t segment_record_len(const unsigned char head[SEGMENT_RECORD_HEAD])
{
    struct cursor c;
    cursor_init(&c, head, SEGMENT_RECORD_HEAD);
    return cursor_le32(&c);
}

bool segment_record_checks(const unsigned char head[SEGMENT_RECORD_HEAD], struct segment_salt salt,
                           uint64_t offset, const unsigned char *bytes)
{
    struct cursor c;
    cursor_init(&c, head, SEGMENT_RECORD_HEAD);
    uint32_t len = cursor_le32(&c);
    uint32_t crc = begin_crc(salt, offset, head);
    return len > 0 && libdeflate_crc32(crc, bytes, len) == cursor_le32(&c);
}

int segment_path(char ret_path[FILE_PATH_MAX], const char *folder, uint64_t number,
                 const char *ending)
{
    char name[64];
    snprintf(name, sizeof name, "%012" PRIu64 ".%s", number, ending);
    return file_join(ret_path, folder, name);
}

/* The number in a name, 0 if it is not a segment's. */
static uint64_t number_of(const char *name, const char **ret_ending)
{
    const char *dot = strchr(name, '.');
    if (!dot || dot - name < 12 || (strcmp(dot, ".seg") != 0 && strcmp(dot, ".bad") != 0))
        return 0;
    const char *digits = name + strspn(name, "0");
    uint64_t number = 0;
    if (num_parse_u64((struct slice){digits, (size_t)(dot - digits)}, &number) != 0)
        return 0;
    *ret_ending = dot + 1;
    return number;
}

int segment_walk(const char *folder, segment_visit *visit, void *arg)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return errno == ENOENT ? 0 : err_from_errno(errno);
    int result = 0;
    struct dirent *entry;
    while (result == 0 && (entry = readdir(dir))) {
        const char *ending = NULL;
        uint64_t number = number_of(entry->d_name, &ending);
        if (number > 0)
            result = visit(arg, folder, number, ending);
    }
    closedir(dir);
    return result;
}

struct neighbour {
    uint64_t above, found;
};

static int keep_smallest_above(void *arg, const char *folder, uint64_t number, const char *ending)
{
    (void)folder;
    struct neighbour *n = arg;
    if (strcmp(ending, "seg") == 0 && number > n->above && (n->found == 0 || number < n->found))
        n->found = number;
    return 0;
}

int segment_following(const char *folder, uint64_t number, uint64_t *ret_following)
{
    struct neighbour n = {.above = number};
    int err = segment_walk(folder, keep_smallest_above, &n);
    if (!err)
        *ret_following = n.found;
    return err;
}

static int keep_largest(void *arg, const char *folder, uint64_t number, const char *ending)
{
    (void)folder;
    (void)ending;
    uint64_t *largest = arg;
    if (number > *largest)
        *largest = number;
    return 0;
}

int segment_largest(const char *folder, uint64_t *ret_largest)
{
    uint64_t largest = 0;
    int err = segment_walk(folder, keep_largest, &largest);
    if (!err)
        *ret_largest = largest;
    return err;
}
