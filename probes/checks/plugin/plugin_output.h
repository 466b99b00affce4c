/**
 * @file
 * What a Nagios plugin's end means: its output taken apart, its exit code as a verdict.
 *
 * Pure. Running the plugin is io/process.h's, the values plugin_perf.h's.
 */
#ifndef PLUGIN_PLUGIN_OUTPUT_H
#define PLUGIN_PLUGIN_OUTPUT_H

#include "base/slice.h"
#include "wire/verdict.h"

/** Exit codes of a plugin (Monitoring Plugins Development Guidelines, "Plugin Return Codes"). */
enum { PLUGIN_OUTPUT_OK, PLUGIN_OUTPUT_WARNING, PLUGIN_OUTPUT_CRITICAL, PLUGIN_OUTPUT_UNKNOWN };

/** The parts of an output; all within it. */
struct plugin_output {
    struct slice text;    /**< the first line before any `|`, without blanks around */
    struct slice perf[2]; /**< performance data: of the first line, and of all after the `|` in the
                             long text (Nagios 3 and later) */
};

/** Takes @p output apart. O(its length). */
struct plugin_output plugin_output_split(struct slice output);
/** 0 ok, 1 degraded, 2 failed; everything else is unknown: the plugin could not tell. The text
 * never counts. */
enum verdict plugin_output_verdict(int exit_code);

#endif
