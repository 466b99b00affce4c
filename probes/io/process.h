/**
 * @file
 * Another program beside the loop: started without a shell, its output gathered up to a bound, its
 * whole process group killed when its owner has enough.
 *
 * It decides nothing: deadlines and what an exit code means are the owner's. The program gets the
 * arguments, a bare environment (PATH, LC_ALL=C), /dev/null as input and error output, and no file
 * of ours.
 */
#ifndef IO_PROCESS_H
#define IO_PROCESS_H

#include "base/slice.h"
#include "io/loop.h"

struct process;

/** How a program ended. */
struct process_end {
    int code;            /**< its exit code; of no meaning if a signal ended it */
    int signal;          /**< the signal that ended it, 0 = none */
    bool overflow;       /**< it wrote more than was allowed and was killed for it */
    struct slice output; /**< what it wrote to its standard output, at most the bound; valid during
                            the call */
};

/** Takes the end; called once, on the loop, never from within process_open(). The process may be
 * closed from here. */
typedef void process_fn(void *arg, const struct process_end *end);

/**
 * Starts @p argv (NULL-terminated; argv[0] is an absolute path) as the leader of a session and
 * group of its own. Of its output at most @p output_max bytes are kept; one more ends it. 0,
 * ERR_NOT_FOUND, ERR_DENIED, ERR_NOMEM, ERR_IO (no such format) or another of err_from_errno().
 */
int process_open(struct loop *loop, const char *const *argv, size_t output_max, process_fn *fn,
                 void *arg, struct process **ret_process) MUST_USE;
/** Kills what is left of the group and forgets it; the loop stays alive until the kernel has given
 * the program up. Accepts NULL. */
void process_close(struct process *process);

#endif
