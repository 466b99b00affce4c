/**
 * @file
 * What the files of the dead letters share; nobody else includes it.
 */
#ifndef SHELL_LETTERS_OWN_H
#define SHELL_LETTERS_OWN_H

#include "shell/letters.h"

/** A letter's own copy. */
struct letters_copy {
    bool found;                /**< there is one */
    uint64_t number;           /**< its number */
    struct dead_letter letter; /**< slices into bytes */
    struct buf bytes;          /**< source, reason, payload */
};

/** Copies @p entry: 0 or ERR_NOMEM, ERR_FULL. */
int letters_copy(struct letters_copy *copy, const struct dead_entry *entry) MUST_USE;
/** True if a letter of this source can be taken again. */
bool letters_can_requeue(struct slice source);
/** Takes the letter again, on the loop, in the change set being built: 0; ERR_DENIED with a
 * sentence; ERR_NOMEM, ERR_FULL. */
int letters_requeue(struct letters *l, const struct letters_copy *copy,
                    struct reason *ret_why) MUST_USE;

/** A page of the list: reads the store at @p path into @p answer. */
void letters_text_list(const char *path, const struct letters_query *query,
                       struct http_answer *answer);
/** One letter, whole. */
void letters_text_show(const struct letters_copy *copy, struct http_answer *answer);
/** An error about letter @p number. */
void letters_text_error(struct http_answer *answer, int status, uint64_t number, const char *why);
/** A letter was dealt with. */
void letters_text_end(struct http_answer *answer, uint64_t number, enum letter_end how);

#endif
