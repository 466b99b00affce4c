#include "checks/modem/modem_manager.h"

#include "base/err.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-bus.h>

#define MODEM "org.freedesktop.ModemManager1.Modem"
#define SIGNAL MODEM ".Signal"
#define MODEM_3GPP MODEM ".Modem3gpp"

/* MMModemLocationSource: area and cell. */
enum { PLACE_3GPP = 1 };

/* Out of any signal's range: how ModemManager says that it does not know. */
enum { SIGNAL_LEAST = -200, SIGNAL_MOST = 100 };

/* Where a property stands: key, and behind it the key of a dictionary or NULL. */
struct place {
    const char *interface;
    const char *key;
    const char *part;
};

/* ---- signals ---- */

static double *signal_of(struct modem_facts *f, const struct place *place)
{
    const struct {
        const char *key, *part;
        double *value;
    } rows[] = {
        {"Gsm", "rssi", &f->rxlev_dbm},    {"Umts", "rscp", &f->rscp_dbm},
        {"Umts", "ecio", &f->ecno_db},     {"Umts", "rssi", &f->rssi_dbm},
        {"Lte", "rsrp", &f->rsrp_dbm},     {"Lte", "rsrq", &f->rsrq_db},
        {"Lte", "snr", &f->sinr_db},       {"Lte", "rssi", &f->rssi_dbm},
        {"Nr5g", "rsrp", &f->ss_rsrp_dbm}, {"Nr5g", "rsrq", &f->ss_rsrq_db},
        {"Nr5g", "snr", &f->ss_sinr_db},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows && place->part; i++)
        if (strcmp(rows[i].key, place->key) == 0 && strcmp(rows[i].part, place->part) == 0)
            return rows[i].value;
    return NULL;
}

static void take_real(struct modem_manager *m, const struct place *place, double number)
{
    double *value = strcmp(place->interface, SIGNAL) == 0 ? signal_of(&m->facts, place) : NULL;
    if (value && number > SIGNAL_LEAST && number < SIGNAL_MOST)
        *value = number;
}

/* ---- network ---- */

/* MMModemAccessTechnology, a bit each, as the codes of TS 27.007 section 7.3. */
static int access_of(uint32_t bits)
{
    static const struct {
        uint32_t bits; /* all of them are set, */
        int access;    /* then this */
    } rows[] = {
        {1U << 14 | 1U << 15, 13},
        {1U << 15, 11},
        {1U << 14, 7},
        {1U << 16, 9},
        {1U << 17, 9},
        {1U << 9, 6},
        {1U << 8, 6},
        {1U << 7, 5},
        {1U << 6, 4},
        {1U << 5, 2},
        {1U << 4, 3},
        {1U << 3, 0},
        {1U << 2, 1},
        {1U << 1, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((bits & rows[i].bits) == rows[i].bits)
            return rows[i].access;
    return -1;
}

static void take_count(struct modem_manager *m, const struct place *place, uint32_t count)
{
    if (strcmp(place->interface, MODEM) == 0 && strcmp(place->key, "AccessTechnologies") == 0)
        m->facts.access = access_of(count);
    else if (strcmp(place->interface, MODEM_3GPP) == 0 &&
             strcmp(place->key, "RegistrationState") == 0)
        m->facts.registration = count <= 5 && count != 4 ? (int)count : -1;
    else if (strcmp(place->interface, SIGNAL) == 0 && strcmp(place->key, "Rate") == 0)
        m->watched = count > 0;
}

static void take_text(struct modem_manager *m, const struct place *place, const char *text)
{
    if (strcmp(place->interface, MODEM) == 0 && strcmp(place->key, "EquipmentIdentifier") == 0)
        snprintf(m->identifier, sizeof m->identifier, "%s", text);
    else if (strcmp(place->interface, MODEM_3GPP) == 0 && strcmp(place->key, "OperatorCode") == 0)
        snprintf(m->facts.plmn, sizeof m->facts.plmn, "%s", text);
}

/* ---- the message ---- */

static int take_dictionary(sd_bus_message *message, struct modem_manager *m, struct place place);

static int take_value(sd_bus_message *message, struct modem_manager *m, const struct place *place,
                      const char *type)
{
    const char *text = "";
    uint32_t count = 0;
    double real = 0;
    int r = 0;
    if (strcmp(type, "s") == 0) {
        r = sd_bus_message_read(message, "s", &text);
        if (r >= 0)
            take_text(m, place, text);
    } else if (strcmp(type, "u") == 0) {
        r = sd_bus_message_read(message, "u", &count);
        if (r >= 0)
            take_count(m, place, count);
    } else if (strcmp(type, "d") == 0) {
        r = sd_bus_message_read(message, "d", &real);
        if (r >= 0)
            take_real(m, place, real);
    } else if (strcmp(type, "a{sv}") == 0 && !place->part) {
        r = take_dictionary(message, m, *place);
    } else {
        r = sd_bus_message_skip(message, type);
    }
    return r;
}

static int take_variant(sd_bus_message *message, struct modem_manager *m, const struct place *place)
{
    const char *type = NULL;
    char kind = 0;
    int r = sd_bus_message_peek_type(message, &kind, &type);
    if (r <= 0 || kind != SD_BUS_TYPE_VARIANT)
        return -1;
    r = sd_bus_message_enter_container(message, SD_BUS_TYPE_VARIANT, type);
    if (r >= 0)
        r = take_value(message, m, place, type);
    return r < 0 ? r : sd_bus_message_exit_container(message);
}

/* The properties of an interface; or, where place has a key, what stands in one of them. */
static int take_dictionary(sd_bus_message *message, struct modem_manager *m, struct place place)
{
    bool properties = !place.key;
    int r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "{sv}");
    while (r >= 0 &&
           (r = sd_bus_message_enter_container(message, SD_BUS_TYPE_DICT_ENTRY, "sv")) > 0) {
        r = sd_bus_message_read(message, "s", properties ? &place.key : &place.part);
        if (r >= 0)
            r = take_variant(message, m, &place);
        if (r >= 0)
            r = sd_bus_message_exit_container(message);
    }
    return r < 0 ? r : sd_bus_message_exit_container(message);
}

static int take_interfaces(sd_bus_message *message, struct modem_manager *m)
{
    int r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "{sa{sv}}");
    while (r >= 0 &&
           (r = sd_bus_message_enter_container(message, SD_BUS_TYPE_DICT_ENTRY, "sa{sv}")) > 0) {
        struct place place = {.interface = ""};
        r = sd_bus_message_read(message, "s", &place.interface);
        m->signal |= r >= 0 && strcmp(place.interface, SIGNAL) == 0;
        if (r >= 0)
            r = take_dictionary(message, m, place);
        if (r >= 0)
            r = sd_bus_message_exit_container(message);
    }
    return r < 0 ? r : sd_bus_message_exit_container(message);
}

static int take_object(sd_bus_message *message, struct modem_manager *m)
{
    const char *path = "";
    *m = (struct modem_manager){.path = ""};
    modem_answer_clear(&m->facts);
    int r = sd_bus_message_read(message, "o", &path);
    if (r >= 0)
        r = take_interfaces(message, m);
    if (r >= 0)
        snprintf(m->path, sizeof m->path, "%s", path);
    return r;
}

int modem_manager_read(sd_bus_message *objects, const char *identifier,
                       struct modem_manager *ret_modem)
{
    struct modem_manager m;
    bool found = false;
    *ret_modem = (struct modem_manager){.path = ""};
    modem_answer_clear(&ret_modem->facts);
    int r = sd_bus_message_enter_container(objects, SD_BUS_TYPE_ARRAY, "{oa{sa{sv}}}");
    while (r >= 0 && (r = sd_bus_message_enter_container(objects, SD_BUS_TYPE_DICT_ENTRY,
                                                         "oa{sa{sv}}")) > 0) {
        r = take_object(objects, &m);
        if (r >= 0)
            r = sd_bus_message_exit_container(objects);
        if (r >= 0 && !found && (!identifier[0] || strcmp(identifier, m.identifier) == 0)) {
            found = true;
            *ret_modem = m;
        }
    }
    return r < 0 ? ERR_CORRUPT : 0;
}

/* "MCC,MNC,LAC,CI,TAC", the last three hexadecimal; an area of 4G and 5G is the TAC. */
static void take_place(struct modem_facts *facts, const char *text)
{
    char area[MODEM_ANSWER_TEXT_MAX] = "", cell[MODEM_ANSWER_TEXT_MAX] = "",
         tracking[MODEM_ANSWER_TEXT_MAX] = "";
    if (sscanf(text, "%*[^,],%*[^,],%31[0-9A-Fa-f],%31[0-9A-Fa-f],%31[0-9A-Fa-f]", area, cell,
               tracking) < 2)
        return;
    bool tracked = strtoul(tracking, NULL, 16) > 0;
    memcpy(facts->area, tracked ? tracking : area, sizeof facts->area);
    memcpy(facts->cell, cell, sizeof facts->cell);
}

void modem_manager_place(sd_bus_message *location, struct modem_facts *facts)
{
    int r = sd_bus_message_enter_container(location, SD_BUS_TYPE_ARRAY, "{uv}");
    while (r >= 0 && sd_bus_message_enter_container(location, SD_BUS_TYPE_DICT_ENTRY, "uv") > 0) {
        uint32_t source = 0;
        const char *text = NULL;
        r = sd_bus_message_read(location, "u", &source);
        if (r >= 0 && source == PLACE_3GPP && sd_bus_message_read(location, "v", "s", &text) > 0) {
            take_place(facts, text);
            return;
        }
        if (r >= 0)
            r = sd_bus_message_skip(location, "v");
        if (r >= 0)
            r = sd_bus_message_exit_container(location);
    }
}
