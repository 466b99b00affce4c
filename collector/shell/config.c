#include "shell/config.h"

#include "base/err.h"
#include "base/num.h"
#include "io/log.h"

#include <stdio.h>
#include <string.h>

#define AT(type, member) \
    offsetof(struct config_##type, member), sizeof(((struct config_##type *)0)->member)

enum { MINUTE_MS = 60000, DAY_MS = 86400000 };

static const char *const LEVELS[] = {"error", "warning", "note", "info", "debug", NULL};

static const struct field CENTRE[] = {
    {"id", FIELD_TEXT, AT(centre, id), 0, 0, "centre", NULL,
     "Name of this collector at the broker.", NULL},
    {"name", FIELD_TEXT, AT(centre, name), 0, 0, "Trung tâm Giám sát, điều hành thông minh", NULL,
     "Name of the operations centre, as the page shows it.", NULL},
    {"data_folder", FIELD_TEXT, AT(centre, data_folder), 0, 0, "/var/lib/ioc-collector", NULL,
     "Folder of the store, the intake log and the batches.", NULL},
    {"inventory", FIELD_TEXT, AT(centre, inventory), 0, 0, "/etc/ioc-telemetry/inventory", NULL,
     "Folder of the inventory's CSV files.", NULL},
    {"probe_configs", FIELD_TEXT, AT(centre, probe_configs), 0, 0, "", NULL,
     "Folder of files PROBE.json: intervals, targets and thresholds that the centre changes in "
     "probes; empty: none.",
     NULL},
    {"feeds", FIELD_TEXT, AT(centre, feeds), 0, 0, "", NULL,
     "Folder of files NAME.yaml, one for each operator's feed; empty: none.", NULL},
    {"rules", FIELD_TEXT, AT(centre, rules), 0, 0, "", NULL,
     "File of the rules by which people are paged; empty: nobody is.", NULL},
    {"work_max", FIELD_DURATION, AT(centre, work_max_ms), 0, 7 * DAY_MS, "8h", NULL,
     "Longest work that people on site may announce by ioc-probe work; it counts as maintenance of "
     "the site. 0s: none does.",
     NULL},
    {"utc_offset", FIELD_DURATION, AT(centre, utc_offset_ms), -DAY_MS, DAY_MS, "7h", NULL,
     "Local time minus UTC in whole minutes, for dates and closed hours; the same all year: names "
     "of "
     "zones and summer time are not known.",
     NULL},
    {"simulated", FIELD_BOOL, AT(centre, simulated), 0, 0, "false", NULL,
     "Marks everything shown as simulated.", NULL},
    {"log_level", FIELD_WORD, AT(centre, log_level), 0, 0, "info", NULL,
     "Least severe lines that are logged.", LEVELS},
};

static const struct field BROKER[] = {
    {"host", FIELD_TEXT, AT(broker, host), 0, 0, "127.0.0.1", NULL,
     "Name or address of the MQTT broker.", NULL},
    {"port", FIELD_I64, AT(broker, port), 0, 65535, "0", NULL,
     "Its port; 0 is 1883, with TLS 8883.", NULL},
    {"tls", FIELD_BOOL, AT(broker, tls), 0, 0, "false", NULL,
     "Whether to use TLS, with verification.", NULL},
    {"ca_file", FIELD_TEXT, AT(broker, ca_file), 0, 0, "", NULL,
     "Certificates to trust; empty: the system's.", NULL},
    {"cert_file", FIELD_TEXT, AT(broker, cert_file), 0, 0, "", NULL, "Our certificate.", NULL},
    {"key_file", FIELD_TEXT, AT(broker, key_file), 0, 0, "", NULL, "Its key.", NULL},
    {"user", FIELD_TEXT, AT(broker, user), 0, 0, "", NULL, "User name at the broker.", NULL},
    {"password_file", FIELD_TEXT, AT(broker, password_file), 0, 0, "", NULL,
     "File with the password.", NULL},
};

static const struct field HTTP[] = {
    {"listen", FIELD_TEXT, AT(http, listen), 0, 0, "127.0.0.1", NULL,
     "Address to listen on; any but loopback needs TLS and a token.", NULL},
    {"port", FIELD_I64, AT(http, port), 0, 65535, "8080", NULL,
     "Port; 0 is any free one, told in the log.", NULL},
    {"cert_file", FIELD_TEXT, AT(http, cert_file), 0, 0, "", NULL, "Certificate for TLS.", NULL},
    {"key_file", FIELD_TEXT, AT(http, key_file), 0, 0, "", NULL, "Its key.", NULL},
    {"requests_per_second", FIELD_I64, AT(http, requests_per_second), 0, 1e6, "200", NULL,
     "Requests of one address, or of one token, in the long run; beyond: 429. 0: no limit.", NULL},
    {"burst", FIELD_I64, AT(http, burst), 1, 1e6, "1000", NULL,
     "Requests of one address, or of one token, at once.", NULL},
    {"streams_per_client", FIELD_I64, AT(http, streams_per_client), 1, 1024, "64", NULL,
     "Event streams of one address at once.", NULL},
    {"behind_proxy", FIELD_BOOL, AT(http, behind_proxy), 0, 0, "false", NULL,
     "A proxy on this machine says in X-Forwarded-For for whom it asks; the last address counts.",
     NULL},
    {"guest_token_file", FIELD_TEXT, AT(http, guest_token_file), 0, 0, "", NULL,
     "File with the token that reads figures, and nothing of any site.", NULL},
    {"viewer_token_file", FIELD_TEXT, AT(http, viewer_token_file), 0, 0, "", NULL,
     "File with the token that reads.", NULL},
    {"operator_token_file", FIELD_TEXT, AT(http, operator_token_file), 0, 0, "", NULL,
     "File with the token that works with outages.", NULL},
    {"admin_token_file", FIELD_TEXT, AT(http, admin_token_file), 0, 0, "", NULL,
     "File with the token that may do all.", NULL},
    {"tokens_file", FIELD_TEXT, AT(http, tokens_file), 0, 0, "", NULL,
     "File with people's tokens, one line NAME:ROLE:HASH each (ioc-collector token make).", NULL},
};

static const struct field EVIDENCE[] = {
    {"pack_period", FIELD_DURATION, AT(evidence, pack_period_ms), 100, DAY_MS, "30s", NULL,
     "How often the probes close a pack; results may be this late, plus 15 s.", NULL},
    {"will_hold", FIELD_DURATION, AT(evidence, will_hold_ms), 0, DAY_MS, "15s", NULL,
     "How long a will waits for a sign of life.", NULL},
    {"connect_settle", FIELD_DURATION, AT(evidence, connect_settle_ms), 0, DAY_MS, "60s", NULL,
     "Listening to a probe begins at the latest this long after a broker connection.", NULL},
    {"grace", FIELD_DURATION, AT(evidence, grace_ms), 0, 65 * (int64_t)DAY_MS, "48h", NULL,
     "From the end of a day, month, quarter or year until its figures are final.", NULL},
    {"archive", FIELD_DURATION, AT(evidence, archive_ms), 71.0 * DAY_MS, 36525.0 * DAY_MS, "1826d",
     NULL, "How long hourly totals, revisions of final figures and outages are kept: five years.",
     NULL},
    {"shift_log", FIELD_DURATION, AT(evidence, shift_ms), DAY_MS, 3653.0 * DAY_MS, "400d", NULL,
     "How long notes, signatures and the collector's own entries of the shift log are kept, 4096 "
     "of "
     "them at most.",
     NULL},
    {"hysteresis_bad", FIELD_I64, AT(evidence, hysteresis_bad), 1, 16, "1", NULL,
     "Bad results in a row to go down.", NULL},
    {"hysteresis_good", FIELD_I64, AT(evidence, hysteresis_good), 1, 16, "1", NULL,
     "Good results in a row to return.", NULL},
    {"minutes_back", FIELD_DURATION, AT(evidence, minutes_back_ms), 3600000, 70.0 * DAY_MS, "2d",
     NULL,
     "How far back late evidence corrects the database's points of each minute; those of hours, "
     "days and months follow for all of the 70 days that timelines are kept.",
     NULL},
};

#define SIGNAL_AT(class) \
    offsetof(struct config_coverage, above_dbm) + (class) * sizeof(double), sizeof(double)

static const char *const CLASSES[] = {"excellent", "good", "fair", "weak", "very_weak", NULL};

#define SIGNALS_AT(technology)                                                             \
    offsetof(struct config_coverage, signals) + (technology) * sizeof(struct field_texts), \
        sizeof(struct field_texts)

#define SIGNALS_ABOUT(technology)                         \
    "The five powers above which a signal of " technology \
    " is of those classes, excellent first, "             \
    "such as [-70, -85, -95, -105, -115]; empty: the signal_ keys above."

static const struct field COVERAGE[] = {
    {"signal_excellent", FIELD_F64, SIGNAL_AT(SIGNAL_EXCELLENT), -160, 0, "-70", "dBm",
     "RSRP above this is an excellent signal.", NULL},
    {"signal_good", FIELD_F64, SIGNAL_AT(SIGNAL_GOOD), -160, 0, "-85", "dBm",
     "RSRP above this is a good one.", NULL},
    {"signal_fair", FIELD_F64, SIGNAL_AT(SIGNAL_FAIR), -160, 0, "-95", "dBm",
     "RSRP above this is a fair one.", NULL},
    {"signal_weak", FIELD_F64, SIGNAL_AT(SIGNAL_WEAK), -160, 0, "-105", "dBm",
     "RSRP above this is a weak one.", NULL},
    {"signal_very_weak", FIELD_F64, SIGNAL_AT(SIGNAL_VERY_WEAK), -160, 0, "-115", "dBm",
     "RSRP above this is a very weak one; below there is none.", NULL},
    {"signal_2g", FIELD_TEXTS, SIGNALS_AT(TECHNOLOGY_2G), 0, 0, "", NULL, SIGNALS_ABOUT("2G"),
     NULL},
    {"signal_3g", FIELD_TEXTS, SIGNALS_AT(TECHNOLOGY_3G), 0, 0, "", NULL, SIGNALS_ABOUT("3G"),
     NULL},
    {"signal_4g", FIELD_TEXTS, SIGNALS_AT(TECHNOLOGY_4G), 0, 0, "", NULL, SIGNALS_ABOUT("4G"),
     NULL},
    {"signal_5g", FIELD_TEXTS, SIGNALS_AT(TECHNOLOGY_5G), 0, 0, "", NULL, SIGNALS_ABOUT("5G"),
     NULL},
    {"measured_class", FIELD_WORD, AT(coverage, measured_class), 0, 0, "weak", NULL,
     "A village counts as measured where a point hears a signal of this class or a better one.",
     CLASSES},
    {"measured_valid", FIELD_DURATION, AT(coverage, measured_valid_ms), 60000, 400.0 * DAY_MS, "1d",
     NULL, "How long a run of a measuring point counts.", NULL},
};

/* The classes of one technology: from its own list, or as @p common. False if the list is none. */
static bool signals_of(const struct field_texts *list, const double common[SIGNAL_NONE],
                       double ret_above_dbm[SIGNAL_NONE])
{
    memcpy(ret_above_dbm, common, SIGNAL_NONE * sizeof *ret_above_dbm);
    bool ok = list->len == 0 || list->len == SIGNAL_NONE;
    for (size_t i = 0; i < list->len && ok; i++)
        ok = num_parse(slice_of(list->text[i]), &ret_above_dbm[i]) == 0 &&
             ret_above_dbm[i] >= -160 && ret_above_dbm[i] <= 0 &&
             (i == 0 || ret_above_dbm[i] < ret_above_dbm[i - 1]);
    return ok;
}

static bool check_coverage(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct config_coverage *c = object;
    for (int class = 1; class < SIGNAL_NONE; class ++)
        if (!(c->above_dbm[class] < c->above_dbm[class - 1])) {
            snprintf(ret_why, FIELD_WHY_MAX, "signal_%s must be below signal_%s", CLASSES[class],
                     CLASSES[class - 1]);
            return false;
        }
    for (int i = 0; i <= TECHNOLOGY_5G; i++) {
        double above_dbm[SIGNAL_NONE];
        if (!signals_of(&c->signals[i], c->above_dbm, above_dbm)) {
            snprintf(ret_why, FIELD_WHY_MAX,
                     "signal_%dg must be five numbers from 0 to -160, each below the one before",
                     i + 2);
            return false;
        }
    }
    return true;
}

static const struct field LIMITS[] = {
    {"pending", FIELD_BYTES, AT(limits, pending_bytes), 1 << 16, 1e15, "20GiB", NULL,
     "Batches that may wait for the database on the disk; beyond, probes keep their packs.", NULL},
    {"checks_per_probe", FIELD_I64, AT(limits, checks_per_probe), 1, 512, "512", NULL,
     "Checks of one probe's list.", NULL},
    {"dead_letters", FIELD_I64, AT(limits, dead_letters), 1, 1e9, "10000", NULL,
     "Dead letters kept.", NULL},
    {"dead_letter_bytes", FIELD_BYTES, AT(limits, dead_letter_bytes), 1024, 1e12, "64MiB", NULL,
     "Bytes of dead letters kept.", NULL},
    {"low_water", FIELD_BYTES, AT(limits, low_water_bytes), 0, 1e15, "64MiB", NULL,
     "Free disk below which we stop listening.", NULL},
    {"reserve", FIELD_BYTES, AT(limits, reserve_bytes), 1 << 16, 1e12, "16MiB", NULL,
     "Kept allocated and given up first when the disk is full.", NULL},
    {"commit_period", FIELD_DURATION, AT(limits, commit_period_ms), 1, 10000, "100ms", NULL,
     "Least time between commits while little comes; up to 5s while hundreds of batches wait "
     "for the database.",
     NULL},
    {"publisher_load", FIELD_I64, AT(limits, publisher_load), 10, 1e6, "1000", NULL,
     "Messages a second that are read of one publisher, 20 s of them at once. A long message "
     "counts "
     "one more for each KiB, a list of checks ten times. Beyond, its packs are held.",
     NULL},
    {"publisher_letters", FIELD_I64, AT(limits, publisher_letters), 1, 1e9, "100", NULL,
     "Dead letters of one publisher that are kept in an hour; further ones are only counted.",
     NULL},
    {"publisher_names", FIELD_I64, AT(limits, publisher_names), 16, 1e7, "16384", NULL,
     "Names (site/check/metric) that one publisher may use; packs with more are refused.", NULL},
    {"oldest", FIELD_DURATION, AT(limits, oldest_ms), 3600e3, 36500.0 * DAY_MS, "1827d", NULL,
     "Readings older than this at their receipt are refused.", NULL},
};

static bool loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
           strcmp(address, "localhost") == 0;
}

static bool check_centre(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct config_centre *c = object;
    if (c->utc_offset_ms % MINUTE_MS == 0)
        return true;
    snprintf(ret_why, FIELD_WHY_MAX, "utc_offset must be whole minutes");
    return false;
}

static bool check_http(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct config_http *h = object;
    if (!h->cert_file[0] != !h->key_file[0]) {
        snprintf(ret_why, FIELD_WHY_MAX, "cert_file and key_file go together");
        return false;
    }
    if (!loopback(h->listen) &&
        (!h->cert_file[0] || (!h->viewer_token_file[0] && !h->tokens_file[0]))) {
        snprintf(
            ret_why, FIELD_WHY_MAX,
            "listening on %.60s needs cert_file, key_file and viewer_token_file or tokens_file",
            h->listen);
        return false;
    }
    return true;
}

static bool check_broker(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct config_broker *b = object;
    if (!b->cert_file[0] != !b->key_file[0]) {
        snprintf(ret_why, FIELD_WHY_MAX, "cert_file and key_file go together");
        return false;
    }
    if (!b->tls && (b->ca_file[0] || b->cert_file[0])) {
        snprintf(ret_why, FIELD_WHY_MAX, "certificates are given but tls is false");
        return false;
    }
    return true;
}

#define SECTION(word, rows, count, text, checker)                         \
    {                                                                     \
        .name = #word, .about = (text), .fields = (rows), .len = (count), \
        .offset = offsetof(struct config, word), .check = (checker)       \
    }
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static const struct conf_section SECTIONS[] = {
    SECTION(centre, CENTRE, COUNT(CENTRE), "What this centre is and where its files are.",
            check_centre),
    SECTION(broker, BROKER, COUNT(BROKER), "The MQTT broker.", check_broker),
    SECTION(sink, SINK_FIELDS, SINK_FIELDS_LEN, "The database.", sink_conf_check),
    SECTION(http, HTTP, COUNT(HTTP), "The page and the API.", check_http),
    SECTION(evidence, EVIDENCE, COUNT(EVIDENCE), "How evidence is judged.", NULL),
    SECTION(coverage, COVERAGE, COUNT(COVERAGE), "How coverage is judged.", check_coverage),
    SECTION(limits, LIMITS, COUNT(LIMITS), "Bounds.", NULL),
    SECTION(wall, WALL_FIELDS, WALL_FIELDS_LEN, "The wall page.", wall_conf_check),
};

enum { N_SECTIONS = sizeof SECTIONS / sizeof *SECTIONS };

int config_read(const char *file, struct config *ret_config, struct conf_errors *errors)
{
    struct config c;
    memset(&c, 0, sizeof c);
    conf_errors_init(errors, file);
    int err = conf_read(SECTIONS, N_SECTIONS, &c, errors);
    if (!err)
        *ret_config = c;
    conf_done(SECTIONS, N_SECTIONS, &c);
    return err;
}

bool config_equal(const struct config *a, const struct config *b)
{
    for (size_t i = 0; i < N_SECTIONS; i++)
        for (size_t row = 0; row < SECTIONS[i].len; row++) {
            const struct field *f = &SECTIONS[i].fields[row];
            size_t at = SECTIONS[i].offset + f->offset;
            if (memcmp((const char *)a + at, (const char *)b + at, f->size) != 0)
                return false;
        }
    return true;
}

struct centre_options config_centre_options(const struct config *config)
{
    struct centre_options o = {.world = world_options_default(),
                               .will_hold_ms = config->evidence.will_hold_ms,
                               .derived = {.once = config->sink.kind == SINK_VICTORIA,
                                           .late_ms = config->evidence.pack_period_ms + 15000,
                                           .zone_ms = config->centre.utc_offset_ms,
                                           .max = 1 << 24}};
    const struct config_coverage *coverage = &config->coverage;
    o.measured = measured_options_default();
    for (int i = 0; i <= TECHNOLOGY_5G; i++)
        (void)signals_of(&coverage->signals[i], coverage->above_dbm, o.measured.above_dbm[i]);
    o.measured.threshold = (enum signal_class)config->coverage.measured_class;
    o.measured.valid_ms = config->coverage.measured_valid_ms;
    o.minutes_back_ms = config->evidence.minutes_back_ms;
    o.grace_ms = config->evidence.grace_ms;
    o.archive_ms = config->evidence.archive_ms;
    o.shift_ms = config->evidence.shift_ms;
    o.world.zone_ms = config->centre.utc_offset_ms;
    o.world.late_ms = config->evidence.pack_period_ms + 15000;
    o.world.connect_settle_ms = config->evidence.connect_settle_ms;
    o.world.checks_per_probe = (uint32_t)config->limits.checks_per_probe;
    o.publishers = (struct publishers_limits){.load = config->limits.publisher_load,
                                              .letters = config->limits.publisher_letters,
                                              .names = config->limits.publisher_names,
                                              .past_ms = config->limits.oldest_ms};
    for (size_t i = 0; i < sizeof o.world.hysteresis / sizeof *o.world.hysteresis; i++) {
        o.world.hysteresis[i].bad = (uint8_t)config->evidence.hysteresis_bad;
        o.world.hysteresis[i].good = (uint8_t)config->evidence.hysteresis_good;
    }
    return o;
}

void config_help(struct buf *out)
{
    conf_help(SECTIONS, N_SECTIONS, out);
}

void config_manual(struct buf *out)
{
    conf_manual(SECTIONS, N_SECTIONS, out);
}
