/**
 * @file
 * The sentences of `ioc-probe status` and `--once` in Vietnamese and English, and how amounts are
 * written for people. Pure.
 */
#ifndef SHELL_STATUS_TEXT_H
#define SHELL_STATUS_TEXT_H

#include "base/buf.h"
#include "wire/verdict.h"

/** The languages. */
enum status_language {
    STATUS_ENGLISH,    /**< for everybody else */
    STATUS_VIETNAMESE, /**< for the people at the sites */
};

/** X(name, English, Vietnamese) */
#define STATUS_TEXT_MAP(X)                                                                        \
    X(TEXT_PROBE, "Probe", "Đầu đo")                                                              \
    X(TEXT_SITE, "site", "trạm")                                                                  \
    X(TEXT_BROKER, "Broker", "Máy chủ MQTT")                                                      \
    X(TEXT_CONNECTED, "connected for", "đã kết nối")                                              \
    X(TEXT_DISCONNECTED, "NOT CONNECTED for", "MẤT KẾT NỐI")                                      \
    X(TEXT_CENTRE, "Centre", "Trung tâm")                                                         \
    X(TEXT_ACKED, "has stored packs up to", "đã lưu các gói đến số")                              \
    X(TEXT_SILENT, "has not answered yet", "chưa trả lời")                                        \
    X(TEXT_OFFLINE, "its collector is off line", "bộ thu thập đang ngừng")                        \
    X(TEXT_HOLD, "HOLDS, stores nothing:", "TẠM HOÃN, chưa lưu:")                                 \
    X(TEXT_REFUSED, "packs refused for good, the last:", "gói bị từ chối hẳn, gói cuối:")         \
    X(TEXT_OUTBOX, "Outbox", "Hàng đợi gửi")                                                      \
    X(TEXT_WAITING, "packs wait,", "gói đang chờ,")                                               \
    X(TEXT_OLDEST, "the oldest for", "gói cũ nhất đã")                                            \
    X(TEXT_DROPPED, "packs LOST to its bound or to damage", "gói ĐÃ MẤT do đầy hoặc hỏng")        \
    X(TEXT_UNSTORED, "packs LOST because the disk takes nothing",                                 \
      "gói ĐÃ MẤT vì đĩa không ghi được")                                                         \
    X(TEXT_DISK, "THE DISK REFUSES:", "ĐĨA KHÔNG GHI ĐƯỢC:")                                      \
    X(TEXT_CLOCK, "Clock", "Đồng hồ")                                                             \
    X(TEXT_CLOCK_NONE, "NOT SET: results wait until the time is known",                           \
      "CHƯA ĐÚNG GIỜ: kết quả chờ đến khi biết giờ")                                              \
    X(TEXT_CLOCK_SYSTEM, "from this machine", "theo máy này")                                     \
    X(TEXT_CLOCK_CENTRE, "from the centre", "theo trung tâm")                                     \
    X(TEXT_CERTIFICATE, "Certificate", "Chứng thư")                                               \
    X(TEXT_CERTIFICATE_DAYS, "days left", "ngày còn hiệu lực")                                    \
    X(TEXT_CERTIFICATE_BAD, "CANNOT BE READ:", "KHÔNG ĐỌC ĐƯỢC:")                                 \
    X(TEXT_POWER, "Power", "Nguồn điện")                                                          \
    X(TEXT_POWER_LOST, "MAINS POWER IS LOST", "MẤT ĐIỆN LƯỚI")                                    \
    X(TEXT_WORK, "Work on site", "Công việc")                                                     \
    X(TEXT_WORK_LEFT, "announced to the centre, still for", "đã báo trung tâm, còn")              \
    X(TEXT_WORK_NONE, "no work on site was announced since the service started",                  \
      "chưa báo công việc nào tại trạm kể từ khi dịch vụ khởi động")                              \
    X(TEXT_WORK_UNSTORED, "not on disk yet: it is lost if the service ends now",                  \
      "chưa ghi được xuống đĩa: sẽ mất nếu dịch vụ dừng lúc này")                                 \
    X(TEXT_WORK_ENDED, "its end is announced to the centre", "đã báo trung tâm là kết thúc")      \
    X(TEXT_DEADMAN, "Deadman", "Canh trung tâm")                                                  \
    X(TEXT_DEADMAN_ALIVE, "gives a sign of life", "có tín hiệu sống")                             \
    X(TEXT_DEADMAN_GONE, "NO SIGN OF LIFE for", "KHÔNG CÓ TÍN HIỆU SỐNG")                         \
    X(TEXT_DEADMAN_TOLD, "know it", "đã được báo")                                                \
    X(TEXT_CHECKS, "Checks", "Các phép kiểm tra")                                                 \
    X(TEXT_NOT_YET, "not run yet", "chưa chạy")                                                   \
    X(TEXT_AGO, "ago", "trước")                                                                   \
    X(TEXT_NOT_RUNNING, "ioc-probe is not running (or another user's): nobody answers at",        \
      "ioc-probe không chạy (hoặc thuộc người dùng khác): không có trả lời tại")                  \
    X(TEXT_START_IT, "start it: systemctl start ioc-probe; its log: journalctl -u ioc-probe",     \
      "khởi động: systemctl start ioc-probe; nhật ký: journalctl -u ioc-probe")                   \
    X(TEXT_DENIED, "this user may not ask the service at",                                        \
      "người dùng này không được phép hỏi dịch vụ tại")                                           \
    X(TEXT_NO_SOCKET, "status.socket is empty in the configuration: the service cannot be asked", \
      "status.socket để trống trong cấu hình: không thể hỏi dịch vụ")                             \
    X(TEXT_ACCEPT_BY, "say who accepts: ioc-probe accept --by NAME [--position LAT,LON]",         \
      "cần tên người nghiệm thu: ioc-probe accept --by TÊN [--position VĨ ĐỘ,KINH ĐỘ]")

/** Makes one enumerator of a row. */
#define STATUS_TEXT_ENUM(name, english, vietnamese) name,

/** The sentences. */
enum status_text { STATUS_TEXT_MAP(STATUS_TEXT_ENUM) STATUS_TEXTS };

#undef STATUS_TEXT_ENUM

/** A sentence. Static storage. */
const char *status_text(enum status_language language, enum status_text text);
/** A verdict as people read it. Static storage. */
const char *status_text_verdict(enum status_language language, enum verdict verdict);
/** The language of `--lang` or of a locale such as "vi_VN.UTF-8"; English for NULL and all others.
 */
enum status_language status_text_language(const char *locale);
/** Appends a duration in its two largest units: "3 d 4 h", "12 s"; 0 s for less. */
void status_text_duration(struct buf *out, int64_t ms);
/** Appends a number of bytes: "812 B", "12.3 kB", "64.0 MB". */
void status_text_bytes(struct buf *out, int64_t bytes);
/** Columns that UTF-8 @p text takes on a terminal, counting each letter as one. */
size_t status_text_width(const char *text);
/** Appends @p text and blanks up to @p columns columns. */
void status_text_padded(struct buf *out, const char *text, size_t columns);

#endif
