#include "shell/outbox_newest.h"

#include "base/num.h"
#include "io/file.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* Of one length always, so that writing it over leaves nothing of the note before. */
enum { NOTE_BYTES = 21 };

static int path_of(char ret_path[FILE_PATH_MAX], const char *folder)
{
    return file_join(ret_path, folder, "newest");
}

void outbox_newest_note(const char *folder, uint64_t number)
{
    char path[FILE_PATH_MAX];
    char note[NOTE_BYTES + 1];
    if (path_of(path, folder) != 0)
        return;
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    snprintf(note, sizeof note, "%-20" PRIu64 "\n", number);
    int err = file_write_all(fd, note, NOTE_BYTES);
    (void)err; /* see the header: only the notice is lost */
    close(fd);
}

uint64_t outbox_newest_read(const char *folder)
{
    char path[FILE_PATH_MAX];
    struct buf text;
    uint64_t number = 0;
    buf_init(&text, 2 * NOTE_BYTES);
    int err = path_of(path, folder);
    if (!err)
        err = file_read(path, &text);
    struct slice rest = {text.data, text.len};
    if (!err && num_parse_u64(slice_take(&rest, ' '), &number) != 0)
        number = 0;
    buf_done(&text);
    return number;
}
