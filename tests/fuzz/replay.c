/* The main of a fuzz target where libFuzzer is not linked: every file of a corpus folder, and
 * seeded mutations of each, so that every test run goes where the fuzzer once went. */
#include "base/rng.h"
#include "check.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_MAX = 70000, MUTATIONS = 200 };

static char running[320];

static void say_what_ran(int signal_number)
{
    (void)!write(STDERR_FILENO, running, strlen(running));
    signal(signal_number, SIG_DFL);
}

/* The input in memory of exactly its size, so that a read beyond it is seen. */
static void run(const char *name, int mutation, const uint8_t *bytes, size_t len)
{
    snprintf(running, sizeof running, "while running %s, mutation %d\n", name, mutation);
    uint8_t *exact = malloc(len ? len : 1);
    check(exact, "memory for the input");
    memcpy(exact, bytes, len);
    LLVMFuzzerTestOneInput(exact, len);
    free(exact);
}

/* One of: a byte changed, removed, inserted, a stretch doubled, the end cut. */
static size_t mutate(struct rng *rng, uint8_t *bytes, size_t len)
{
    static const char likely[] = "\"\\{}[],:0189.-eEtfnu_/ \x80\xff";
    size_t at = (size_t)rng_below(rng, len + 1);
    uint8_t byte =
        rng_below(rng, 2) ? (uint8_t)likely[rng_below(rng, sizeof likely)] : (uint8_t)rng_next(rng);
    size_t span = len - at;
    switch (rng_below(rng, 5)) {
    case 0:
        if (at < len)
            bytes[at] = byte;
        return len;
    case 1:
        if (at == len)
            return len;
        memmove(bytes + at, bytes + at + 1, len - at - 1);
        return len - 1;
    case 2:
        memmove(bytes + at + 1, bytes + at, span);
        bytes[at] = byte;
        return len + 1;
    case 3:
        span = span > 100 ? 100 : span;
        memmove(bytes + at + span, bytes + at, len - at);
        return len + span;
    default:
        return at;
    }
}

static void replay(const char *name, const uint8_t *bytes, size_t len)
{
    static uint8_t changed[INPUT_MAX + 200];
    run(name, 0, bytes, len);
    struct rng rng = {len};
    for (int i = 1; i <= MUTATIONS; i++) {
        memcpy(changed, bytes, len);
        size_t size = len;
        for (uint64_t n = 1 + rng_below(&rng, 3); n > 0 && size < INPUT_MAX; n--)
            size = mutate(&rng, changed, size);
        run(name, i, changed, size);
    }
}

static size_t replay_folder(const char *folder)
{
    static uint8_t bytes[INPUT_MAX];
    size_t n = 0;
    DIR *dir = opendir(folder);
    check(dir, "the corpus folder opens");
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "rb");
        if (!file)
            continue;
        size_t len = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        replay(entry->d_name, bytes, len);
        n++;
    }
    closedir(dir);
    return n;
}

int main(int argc, char **argv)
{
    signal(SIGABRT, say_what_ran);
    check(argc == 2, "one argument, the corpus folder");
    size_t n = replay_folder(argv[1]);
    printf("%zu inputs, %d mutations of each\n", n, MUTATIONS);
    return n ? 0 : 1;
}
