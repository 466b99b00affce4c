/**
 * @file
 * How grave an alarm is, in the words of X.733 and those of the people who are paged.
 *
 * What makes something grave is the user's rules' word.
 */
#ifndef CORE_SEVERITY_H
#define CORE_SEVERITY_H

/** Severities of X.733, gravest first. X(name, value, word, Vietnamese, short for SMS) */
#define SEVERITY_MAP(X)                                               \
    X(SEVERITY_CRITICAL, 0, "critical", "khẩn cấp", "KHAN CAP")       \
    X(SEVERITY_MAJOR, 1, "major", "nghiêm trọng", "NGHIEM TRONG")     \
    X(SEVERITY_MINOR, 2, "minor", "nhẹ", "NHE")                       \
    X(SEVERITY_WARNING, 3, "warning", "cảnh báo sớm", "CANH BAO SOM") \
    X(SEVERITY_INDETERMINATE, 4, "indeterminate", "chưa xác định", "CHUA XAC DINH")

/** Makes one enumerator. */
#define SEVERITY_ENUM(name, value, word, vi, brief) name = value,

/** See SEVERITY_MAP. */
enum severity { SEVERITY_MAP(SEVERITY_ENUM) SEVERITY_COUNT };

#undef SEVERITY_ENUM

const char *severity_word(int severity);  /**< on API and in files; "" if out of range */
const char *severity_vi(int severity);    /**< for people; "" if out of range */
const char *severity_short(int severity); /**< in an SMS; "" if out of range */

#endif
