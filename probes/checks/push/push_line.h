/**
 * @file
 * InfluxDB's line protocol, read: what Telegraf, collectd and scripts speak.
 *
 * Pure. A value goes by the name `measurement.tag values.field`; times are not read: what comes is
 * what is so now. Escapes as in influxdata/line-protocol: comma, space and equals sign behind a
 * backslash, texts in quotes with `\"` and `\\`.
 */
#ifndef PUSH_PUSH_LINE_H
#define PUSH_PUSH_LINE_H

#include "checks/push/push_item.h"

/** Reads all lines of @p text and gives each number and flag (0, 1) to @p fn. O(text). */
struct push_count push_line_read(struct slice text, push_item_fn *fn, void *arg);

#endif
