/**
 * @file
 * Compiler attributes under short names, so that headers read as prose. Nothing else belongs here.
 */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

/** The caller has to look at the result. Every function that returns an error code carries it. */
#define MUST_USE __attribute__((warn_unused_result))

/** Arguments are checked like printf's: @p fmt is the position of the format, @p first of its first
 * argument. */
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))

#endif
