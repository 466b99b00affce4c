#include "shell/thrift.h"

#include <link.h>
#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { GIVE_BACK_BYTES = 64 * 1024 };

void thrift_begin(void)
{
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TRIM_THRESHOLD, GIVE_BACK_BYTES);
    mallopt(M_MMAP_THRESHOLD, GIVE_BACK_BYTES);
}

/* What was never writable is what stands in its file: dropping its pages loses nothing. */
static void drop(uintptr_t from, uintptr_t to)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    from -= from % page;
    to += (page - to % page) % page;
    madvise((void *)from, to - from, MADV_DONTNEED);
}

static int drop_code(struct dl_phdr_info *object, size_t size, void *arg)
{
    (void)size;
    (void)arg;
    if (strncmp(object->dlpi_name, "linux-", 6) == 0)
        return 0; /* the kernel's own, in no file */
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        uintptr_t from = object->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X) && !(part->p_flags & PF_W))
            drop(from, from + part->p_memsz);
    }
    return 0;
}

void thrift_settle(void)
{
    malloc_trim(0);
    dl_iterate_phdr(drop_code, NULL);
}
