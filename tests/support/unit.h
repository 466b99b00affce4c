/**
 * @file
 * cmocka's includes in the order it wants them, once, and the one comparison it lacks.
 */
#ifndef SUPPORT_UNIT_H
#define SUPPORT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

/** Two doubles differ by at most @p within (cmocka 1.1.5 compares floats only). */
#define assert_near(value, expected, within) assert_true(fabs((value) - (expected)) <= (within))

#endif
