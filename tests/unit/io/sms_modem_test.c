/* Short messages through a modem on a pseudo-terminal, good and broken. */
#include "io/sms_modem.h"

#include "folder.h"
#include "gsm_modem.h"
#include "unit.h"
#include "until.h"

#include <stdio.h>
#include <string.h>

/* One modem in use. */
struct rig {
    char folder[FOLDER_PATH_MAX];
    struct loop *loop;
    struct gsm_modem gsm;
    struct sms_modem *modem;
    struct sms_send send;
    int ended, came;
    char why[SMS_WHY_MAX];
    struct sms_message message;
};

static void on_sent(struct sms_send *send, const char *why)
{
    struct rig *rig = send->arg;
    rig->ended++;
    snprintf(rig->why, sizeof rig->why, "%s", why ? why : "");
}

static void on_came(void *context, struct sms_modem *modem, const struct sms_message *message)
{
    struct rig *rig = context;
    rig->came++;
    rig->message = *message;
    sms_modem_taken(modem, message->index);
}

static void open_rig(struct rig *rig, int64_t look_ms)
{
    char device[FOLDER_PATH_MAX];
    memset(rig, 0, sizeof *rig);
    folder_make(rig->folder);
    folder_path(device, rig->folder, "tty");
    assert_int_equal(loop_open(&rig->loop), 0);
    gsm_modem_open(&rig->gsm, device);
    struct sms_modem_setup setup = {.loop = rig->loop,
                                    .device = rig->gsm.device, /* the same when it comes back */
                                    .baud = 115200,
                                    .look_ms = look_ms,
                                    .context = rig,
                                    .came = on_came};
    assert_int_equal(sms_modem_open(&setup, &rig->modem), 0);
}

static void close_rig(struct rig *rig)
{
    sms_modem_close(rig->modem);
    loop_close(rig->loop);
    gsm_modem_close(&rig->gsm);
    folder_remove(rig->folder);
}

static void send_text(struct rig *rig, const char *number, const char *text, int64_t timeout_ms)
{
    rig->send = (struct sms_send){
        .number = number, .text = text, .timeout_ms = timeout_ms, .sent = on_sent, .arg = rig};
    sms_modem_send(rig->modem, &rig->send);
}

static void a_message_is_sent_to_numbers_of_all_forms(void **state)
{
    (void)state;

    static const struct {
        const char *number, *told;
    } cases[] = {{"84900000001", "sent +84900000001 KHAN CAP SC1042"},
                 {"0900000001", "sent 0900000001 KHAN CAP SC1042"},
                 {"199", "sent 199 KHAN CAP SC1042"},
                 {"+84900000001", "sent +84900000001 KHAN CAP SC1042"}};
    struct rig rig;
    char line[GSM_MODEM_LINE_MAX];
    open_rig(&rig, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        send_text(&rig, cases[i].number, "KHAN CAP SC1042", 20000);
        UNTIL(rig.loop, rig.ended == (int)i + 1);
        assert_string_equal(rig.why, "");
        gsm_modem_told(&rig.gsm, line);
        assert_string_equal(line, cases[i].told);
    }
    close_rig(&rig);
}

static void no_more_than_one_message_is_sent_of_a_long_text(void **state)
{
    (void)state;
    struct rig rig;
    char text[256], line[GSM_MODEM_LINE_MAX];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    open_rig(&rig, 0);
    send_text(&rig, "199", text, 20000);
    UNTIL(rig.loop, rig.ended == 1);
    gsm_modem_told(&rig.gsm, line);
    assert_int_equal(strlen(line), strlen("sent 199 ") + 160);
    close_rig(&rig);
}

static void a_modem_that_refuses_or_hangs_says_why_in_time(void **state)
{
    (void)state;

    static const struct {
        const char *order, *why;
    } cases[] = {{"mode refuse", "the modem refuses: +CMS ERROR: 38"},
                 {"mode silent", "the modem gives no answer in time"},
                 {"mode mute", "the modem gives no answer in time"},
                 {"mode pin", "the SIM does not serve, take its PIN off: +CPIN: SIM PIN"},
                 {"mode lost", "no network: the modem is not registered"},
                 {"mode chatty", ""},
                 {"mode well", ""}};
    struct rig rig;
    open_rig(&rig, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gsm_modem_order(&rig.gsm, cases[i].order);
        bool silent = strstr(cases[i].why, "in time") != NULL;
        send_text(&rig, "199", "a", silent ? 300 : 20000);
        UNTIL(rig.loop, rig.ended == (int)i + 1);
        assert_string_equal(rig.why, cases[i].why);
    }
    close_rig(&rig);
}

static void a_modem_that_is_pulled_out_is_a_failure_and_comes_back(void **state)
{
    (void)state;
    struct rig rig;
    char device[FOLDER_PATH_MAX];
    open_rig(&rig, 0);
    folder_path(device, rig.folder, "tty");
    gsm_modem_close(&rig.gsm);
    send_text(&rig, "199", "a", 20000);
    UNTIL(rig.loop, rig.ended == 1);
    assert_string_equal(rig.why, "No such file or directory");
    gsm_modem_open(&rig.gsm, device);
    send_text(&rig, "199", "a", 20000);
    UNTIL(rig.loop, rig.ended == 2);
    assert_string_equal(rig.why, "");
    close_rig(&rig);
}

static void what_came_is_handed_over_and_deleted(void **state)
{
    (void)state;

    /* The second as a phone sends "TN 1042 đã rõ": in UCS2. */
    static const struct {
        const char *order, *text;
    } cases[] = {{"sms +84900000001 TN 1042", "TN 1042"},
                 {"sms +84900000001 "
                  "0054004E0020003100300034003200200111"
                  "00E30020007200F5",
                  "TN 1042 đã rõ"},
                 {"sms +84900000001 12345678", "12345678"}};
    struct rig rig;
    char line[GSM_MODEM_LINE_MAX];
    for (int chatty = 0; chatty < 2; chatty++) {
        open_rig(&rig, 50);
        gsm_modem_order(&rig.gsm, chatty ? "mode chatty" : "mode well");
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            gsm_modem_order(&rig.gsm, cases[i].order);
            UNTIL(rig.loop, gsm_modem_has_told(&rig.gsm));
            gsm_modem_told(&rig.gsm, line);
            assert_string_equal(line, "deleted 0");
            assert_int_equal(rig.came, (int)i + 1);
            assert_string_equal(rig.message.number, "+84900000001");
            assert_string_equal(rig.message.text, cases[i].text);
            rig.message = (struct sms_message){0};
        }
        close_rig(&rig);
        rig.came = 0;
    }
}

static void several_wait_for_each_other_and_can_be_dropped(void **state)
{
    (void)state;
    struct rig rig;
    struct sms_send more[2];
    char line[GSM_MODEM_LINE_MAX];
    open_rig(&rig, 0);
    send_text(&rig, "1", "a", 20000);
    for (int i = 0; i < 2; i++) {
        more[i] = (struct sms_send){
            .number = i ? "3" : "2", .text = "b", .timeout_ms = 5000, .sent = on_sent, .arg = &rig};
        sms_modem_send(rig.modem, &more[i]);
    }
    sms_modem_drop(rig.modem, &rig.send);
    sms_modem_drop(rig.modem, &more[0]);
    UNTIL(rig.loop, rig.ended == 1);
    gsm_modem_told(&rig.gsm, line);
    assert_string_equal(line, "sent 3 b");
    close_rig(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_sent_to_numbers_of_all_forms),
        cmocka_unit_test(no_more_than_one_message_is_sent_of_a_long_text),
        cmocka_unit_test(a_modem_that_refuses_or_hangs_says_why_in_time),
        cmocka_unit_test(a_modem_that_is_pulled_out_is_a_failure_and_comes_back),
        cmocka_unit_test(what_came_is_handed_over_and_deleted),
        cmocka_unit_test(several_wait_for_each_other_and_can_be_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
