#include "shell/status_reason.h"

#include <string.h>

enum { VARIES_MAX = 5, DEPTH_MAX = 2 };

/* English and Vietnamese; a star stands for what varies, in the same order. More special first. */
static const char *const SENTENCES[][2] = {
    {"rx_drop * is at or above its limit *", "suy hao tăng *, ngưỡng *"},
    {"* is at or above its limit *", "* chạm hoặc vượt ngưỡng *"},
    {"* is at or below its limit *", "* chạm hoặc thấp hơn ngưỡng *"},
    {"no connection in time", "không kết nối được trong thời hạn"},
    {"the expected text did not come in time", "không nhận được nội dung mong đợi trong thời hạn"},
    {"closed before the expected text came", "bị đóng trước khi nhận được nội dung mong đợi"},
    {"64 KiB came without the expected text", "đã nhận 64 KiB mà không có nội dung mong đợi"},
    {"* has no address", "* không có địa chỉ"},
    {"* was not resolved in time", "* không phân giải được tên trong thời hạn"},
    {"* not resolved: *", "* không phân giải được tên: *"},
    {"status * is not expected", "mã trạng thái * không như mong đợi"},
    {"the body does not hold the expected text", "nội dung trả lời không có đoạn mong đợi"},
    {"no complete answer in time", "không có trả lời đầy đủ trong thời hạn"},
    {"the name is not known", "không có tên này"},
    {"the name was not resolved in time", "không phân giải được tên trong thời hạn"},
    {"the name servers do not answer", "máy chủ tên miền không trả lời"},
    {"the reply cannot be read", "trả lời không đọc được"},
    {"the reply holds no * record", "trả lời không có bản ghi *"},
    {"* is not an expected answer", "* không phải trả lời mong đợi"},
    {"no reply in time", "không có trả lời trong thời hạn"},
    {"refused: nobody listens there", "bị từ chối: không có dịch vụ ở đó"},
    {"malformed question", "câu hỏi sai dạng"},
    {"server failure", "máy chủ bị lỗi"},
    {"no such name", "không có tên này"},
    {"refused by the server", "máy chủ từ chối"},
    {"no answer to * echoes", "không có trả lời cho * gói thử"},
    {"no answer: *", "không có trả lời: *"},
    {"no ICMP socket: *", "không mở được ICMP: *"},
    {"not permitted: *", "không được phép: *"},
    {"the clock is not synchronised", "đồng hồ chưa được đồng bộ"},
    {"no file system at *", "không có hệ thống tệp tại *"},
    {"* cannot be read", "không đọc được *"},
    {"the system's files did not answer in time", "tệp hệ thống không trả lời trong thời hạn"},
    {"switched off (*)", "đang tắt (*)"},
    {"no carrier: cable, port or the other end", "mất tín hiệu đường dây: cáp, cổng hoặc đầu kia"},
    {"the link is down", "đường truyền mất kết nối"},
    {"no light comes in (LOS)", "không có ánh sáng tới (LOS)"},
    {"the module's laser has failed", "laser của mô-đun quang hỏng"},
    {"received power * is below the module's * limit *",
     "công suất thu * thấp hơn ngưỡng * của mô-đun *"},
    {"this port shows no module", "cổng này không có mô-đun quang"},
    {"not permitted: reading a module needs CAP_NET_ADMIN",
     "không có quyền: đọc mô-đun quang cần CAP_NET_ADMIN"},
    {"no module can be read: *", "không đọc được mô-đun quang: *"},
    {"the module's memory makes no sense: *", "dữ liệu của mô-đun quang không hợp lệ: *"},
    {"the module did not answer in time", "mô-đun quang không trả lời trong thời hạn"},
    {"no such interface", "không có cổng mạng này"},
    {"it printed more than * KiB and was killed", "in ra hơn * KiB nên đã bị dừng"},
    {"signal * ended the plugin", "chương trình kiểm tra bị tín hiệu * dừng"},
    {"the plugin did not end in time and was killed",
     "chương trình kiểm tra quá thời hạn nên đã bị dừng"},
    {"the plugin ended with code * and no word",
     "chương trình kiểm tra báo mã *, không giải thích"},
    {"exit code * is no plugin's", "mã kết thúc * không phải của chương trình kiểm tra"},
    {"* is out of the plugin's range", "* ngoài khoảng cho phép của chương trình kiểm tra"},
    {"*: not found", "*: không tìm thấy"},
    {"*: permission denied", "*: không có quyền"},
    {"mains lost: on battery, about * min left", "mất điện lưới: chạy ắc quy, còn ≈ * phút"},
    {"mains lost: on battery for * min", "mất điện lưới: chạy ắc quy đã * phút"},
    {"mains lost: the generator runs", "mất điện lưới: máy phát đang chạy"},
    {"low-voltage disconnect: the load is off", "ắc quy cạn: tải đã bị ngắt"},
    {"battery low at * V", "ắc quy yếu: * V"},
    {"battery voltage too high at * V", "điện áp ắc quy quá cao: * V"},
    {"a rectifier has failed", "bộ nắn hỏng"},
    {"smoke is detected", "phát hiện khói"},
    {"water is detected", "phát hiện nước"},
    {"no answer in time", "không có trả lời trong thời hạn"},
    {"address * refused: *", "thiết bị từ chối địa chỉ *: *"},
    {"hung up, or its answer is not Modbus", "bị ngắt, hoặc trả lời không phải Modbus"},
    {"no service", "không có sóng"},
    {"the network refuses this modem or its card", "mạng từ chối modem hoặc SIM này"},
    {"the modem does not tell its network", "modem không cho biết mạng"},
    {"the modem takes no command", "modem không nhận lệnh"},
    {"the modem is gone", "modem đã mất"},
    {"the line cannot be watched", "không theo dõi được cổng nối tiếp"},
    {"the device gives no valid value", "thiết bị không cho giá trị nào hợp lệ"},
    {"the name gives no address", "tên không có địa chỉ"},
    {"the profile cannot be read any more", "không đọc được tệp mô tả thiết bị nữa"},
    {"this program was built without the * check", "chương trình này không có phép kiểm tra *"},
    {"the agent has none of the profile's values", "thiết bị không có giá trị nào trong tệp mô tả"},
    {"the agent is too slow for the timeout", "thiết bị trả lời quá chậm so với thời hạn"},
    {"the agent does not know the user", "thiết bị không biết người dùng SNMP này"},
    {"the agent refuses the user's password", "thiết bị từ chối mật khẩu SNMP"},
    {"the agent wants another level of security for the user",
     "thiết bị đòi mức bảo mật SNMP khác cho người dùng này"},
    {"the agent names no engine", "thiết bị không cho biết mã engine SNMP"},
    {"* of the agent's answers were refused or out of order",
     "* câu trả lời của thiết bị bị từ chối hoặc sai thứ tự"},
    {"* of * ports dark: port * has * of * terminals without light",
     "* trong * cổng PON mất tín hiệu: cổng * có * trong * ONT mất ánh sáng"},
    {"* is not there", "không có *"},
    {"*: fewer than * characters", "*: ngắn hơn * ký tự"},
    {"no answer to * packets", "* gói đo không có trả lời"},
    {"* was not pushed yet", "chưa nhận được *"},
    {"nothing was pushed for * s", "không nhận được gì trong * giây"},
    {"cannot listen at *: *", "không mở được cổng nghe *: *"},
    {"*: link down", "*: cổng mất kết nối"},
    {"*: lower layer down", "*: lớp dưới mất kết nối"},
    {"mains lost: on battery", "mất điện lưới: đang chạy ắc quy"},
    {"*: mains lost", "*: mất điện lưới"},
    {"*: rectifier failed", "*: bộ nắn hỏng"},
    {"battery depleted", "ắc quy cạn"},
    {"battery low", "ắc quy yếu"},
    {"No such file or directory", "không có tệp hoặc thiết bị này"},
    {"Failed to connect to * port * after * ms: *", "không kết nối được tới * cổng *"},
    {"Connection refused", "kết nối bị từ chối"},
    {"Connection timed out", "quá thời hạn kết nối"},
    {"Connection reset by peer", "đầu kia ngắt kết nối"},
    {"No route to host", "không có đường tới máy này"},
    {"Network is unreachable", "không tới được mạng"},
    {"Permission denied", "không có quyền"},
    {"out of memory", "hết bộ nhớ"},
    {"no space left on the disk", "đĩa đầy"},
    {"input/output error", "lỗi đọc ghi"},
    {"permission denied", "không có quyền"},
    {"timed out", "quá thời hạn"},
    {"not connected yet", "chưa kết nối"},
    {"probe * is not in the inventory", "trung tâm chưa khai báo thiết bị *"},
    {"unit * of site * is not in the inventory", "trung tâm chưa khai báo dịch vụ * của trạm *"},
    {"site * is not in the inventory", "trung tâm chưa khai báo trạm *"},
    {"the centre has too much waiting for its database",
     "cơ sở dữ liệu của trung tâm đang ngừng, số liệu được giữ lại"},
    {"the centre's clock is not set", "đồng hồ của trung tâm chưa đúng giờ"},
    {"this probe sends more than one probe may", "thiết bị này gửi nhiều hơn mức cho phép"},
};

/* The next fixed stretch of a pattern: up to a star or its end. */
static struct slice stretch_of(const char *pattern)
{
    return (struct slice){pattern, strcspn(pattern, "*")};
}

static const char *find(const char *text, struct slice stretch)
{
    for (; strlen(text) >= stretch.len; text++)
        if (memcmp(text, stretch.at, stretch.len) == 0)
            return text;
    return NULL;
}

/* Where the fixed stretch after a star begins in @p text: the last one has to be its end. */
static const char *seek(const char *text, struct slice stretch, bool last)
{
    size_t len = strlen(text);
    if (!last)
        return stretch.len ? find(text, stretch) : NULL;
    bool ends =
        len >= stretch.len && memcmp(text + len - stretch.len, stretch.at, stretch.len) == 0;
    return ends ? text + len - stretch.len : NULL;
}

/* True if @p text is @p pattern, with what the stars stand for. */
static bool is(const char *text, const char *pattern, struct slice varies[VARIES_MAX])
{
    struct slice stretch = stretch_of(pattern);
    if (strncmp(text, stretch.at, stretch.len) != 0)
        return false;
    text += stretch.len;
    pattern += stretch.len;
    for (int i = 0; *pattern && i < VARIES_MAX; i++) {
        stretch = stretch_of(++pattern);
        pattern += stretch.len;
        const char *at = seek(text, stretch, !*pattern);
        if (!at)
            return false;
        varies[i] = (struct slice){text, (size_t)(at - text)};
        text = at + stretch.len;
    }
    return !*pattern && !*text;
}

static void put(struct buf *out, const char *reason, int depth);

static void put_varying(struct buf *out, struct slice part, int depth)
{
    char text[256];
    size_t len = part.len < sizeof text ? part.len : sizeof text - 1;
    memcpy(text, part.at, len);
    text[len] = '\0';
    put(out, text, depth);
}

static void fill(struct buf *out, const char *vietnamese, const struct slice varies[VARIES_MAX],
                 int depth)
{
    for (int i = 0; *vietnamese; vietnamese++) {
        if (*vietnamese != '*' || i == VARIES_MAX)
            buf_char(out, *vietnamese);
        else
            put_varying(out, varies[i++], depth);
    }
}

static void put(struct buf *out, const char *reason, int depth)
{
    struct slice varies[VARIES_MAX] = {{0}};
    for (size_t i = 0; depth < DEPTH_MAX && i < sizeof SENTENCES / sizeof *SENTENCES; i++) {
        if (is(reason, SENTENCES[i][0], varies)) {
            fill(out, SENTENCES[i][1], varies, depth + 1);
            return;
        }
    }
    buf_str(out, reason);
}

void status_reason(struct buf *out, enum status_language language, const char *reason)
{
    put(out, reason, language == STATUS_VIETNAMESE ? 0 : DEPTH_MAX);
}
