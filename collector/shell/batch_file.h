/**
 * @file
 * What batch.c and batch_recover.c share: names and headers of batch files. Nobody else includes
 * it.
 */
#ifndef SHELL_BATCH_FILE_H
#define SHELL_BATCH_FILE_H

#include "shell/batch.h"

#define BATCH_HEADER_BYTES 64   /**< of version 1 */
#define BATCH_NAME_END ".batch" /**< of a good file */

/** A header that was read and checks. */
struct batch_header {
    struct batch_facts facts;         /**< what callers see */
    unsigned char id[BATCH_ID_BYTES]; /**< of the store it belongs to */
    uint32_t body_crc;                /**< of what follows */
};

/** Reads a header from the first @p bytes of a file: 0, ERR_CORRUPT or ERR_VERSION. */
int batch_header_read(struct slice bytes, struct batch_header *ret_header) MUST_USE;
/** The path of a file of the folder whose name ends in @p end: 0 or ERR_TOO_LONG. */
int batch_path(const struct batch_folder *folder, uint64_t number, const char *end,
               char ret_path[FILE_PATH_MAX]) MUST_USE;

#endif
