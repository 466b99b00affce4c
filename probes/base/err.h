/**
 * @file
 * The error codes of the whole project, one map from code to text.
 *
 * A function that can fail returns 0 or one of these negative codes and leaves its ret_* parameters
 * untouched on failure. A refused, slow or absent *target* of a check is a verdict, never an error;
 * errors are about our own input, memory, files and libraries.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/** X(name, code, text for people) */
#define ERR_MAP(X)                                              \
    X(ERR_NOMEM, -1, "out of memory")                           \
    X(ERR_FULL, -2, "its bound is reached")                     \
    X(ERR_SYNTAX, -3, "not well formed")                        \
    X(ERR_TYPE, -4, "wrong type")                               \
    X(ERR_RANGE, -5, "out of range")                            \
    X(ERR_UNKNOWN, -6, "unknown name")                          \
    X(ERR_MISSING, -7, "missing")                               \
    X(ERR_EXISTS, -8, "exists already")                         \
    X(ERR_NOT_FOUND, -9, "not found")                           \
    X(ERR_CYCLE, -10, "depends on itself")                      \
    X(ERR_TOO_LONG, -11, "too long")                            \
    X(ERR_CORRUPT, -12, "damaged data")                         \
    X(ERR_VERSION, -13, "a version this program does not know") \
    X(ERR_BUSY, -14, "in use")                                  \
    X(ERR_CLOSED, -15, "closed")                                \
    X(ERR_TIMEOUT, -16, "timed out")                            \
    X(ERR_DENIED, -17, "permission denied")                     \
    X(ERR_NO_SPACE, -18, "no space left on the disk")           \
    X(ERR_IO, -19, "input/output error")                        \
    X(ERR_LIBRARY, -20, "a library refused")                    \
    X(ERR_END, -21, "end of input")

/** Makes one enumerator of a row. */
#define ERR_ENUM(name, code, text) name = code,

/** The codes of ERR_MAP. */
enum err { ERR_MAP(ERR_ENUM) };

#undef ERR_ENUM

/** Text of @p code for a log line; "ok" for 0, "unknown error" for what is not in the map. Static
 * storage. */
const char *err_text(int code);

/** The code that fits an errno value, ERR_IO where none fits better. */
int err_from_errno(int errno_value);

#endif
