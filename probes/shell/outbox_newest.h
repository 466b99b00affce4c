/**
 * @file
 * A note of the newest durable pack's number, in a file beside the segments. A segment that was cut
 * off exactly between two records looks like one that was never longer; the note knows better.
 *
 * It is a hint, not a promise: written over in place once the pack is fsynced, and itself not
 * fsynced (that would be one flash page more for each pack, and a power cut costs at most the
 * notice). So it may lag behind the segments, and never leads them. Whether its number can be is
 * for the reader to judge: none above outbox_state.reserved was ever given.
 */
#ifndef SHELL_OUTBOX_NEWEST_H
#define SHELL_OUTBOX_NEWEST_H

#include <stdint.h>

/** Notes @p number in @p folder. A disk that refuses costs the note, nothing else. Blocks. */
void outbox_newest_note(const char *folder, uint64_t number);
/** The number noted in @p folder; 0 = none, or none that can be read. Blocks. */
uint64_t outbox_newest_read(const char *folder);

#endif
