/**
 * @file
 * What hinders the sink, in one sentence that says what to do about it. Pure; for `/readyz`, the
 * ledger page and logs.
 */
#ifndef SHELL_SINK_TEXT_H
#define SHELL_SINK_TEXT_H

#include "core/sending_gate.h"
#include "shell/sink_conf.h"

/** Longest sentence, with its NUL. */
#define SINK_TEXT_MAX 1200

/** Writes the sentence; "" while nothing hinders. */
void sink_text(const struct sink_conf *conf, const struct sending_trouble *trouble,
               char ret_text[SINK_TEXT_MAX]);

#endif
