#include "codec/api_schema.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64 };

static const struct api_schema schemas[] = {
    {"error", "Why a request was refused.", "error:text about?:text number?:int"},
    {"health", "The process runs.", "alive:bool"},
    {"readiness",
     "What works; a database that is away is not unready, nor is a doubted clock. heard: when "
     "anything last came of any probe, since the start.",
     "ready:bool broker:bool store:bool intake:bool clock:text database:text heard:instant?"},
    {"wall", "How the wall page is to look.",
     "scenes:[text] dwell_ms:int height_mm:int distance_mm:int map_level:text outlines:bool "
     "insets:[text] guest:bool sound:bool standing_ms:int utc_offset_ms:int"},
    {"count", "Villages with their households and people.",
     "villages:int households:int population:int"},
    {"area", "An area with its live coverage by technology (any operator).",
     "id:text name:text level:text parent:text? lat:number? lon:number? population?:int "
     "households?:int year:int live:map"},
    {"areas", "A page of areas.", "as_of:instant areas:[area] total:int offset:int"},
    {"area_whole", "One area with its coverage.",
     "as_of:instant id?:text name?:text level?:text parent?:text? lat?:number? lon?:number? "
     "population?:int households?:int year?:int coverage?:[coverage_line]"},
    {"coverage",
     "Coverage of an area at an instant; dark: villages without service, the first of them; "
     "temporary: what is served for a while only.",
     "area:text at:instant coverage:[coverage_line] temporary:[temporary_cover] "
     "temporary_total:int dark:[dark_village] dark_total:int "
     "unserved_total:int"},
    {"temporary_cover",
     "An area that a unit serves for a while (roaming, a cell turned to it). provenance: declared "
     "(serves.csv) or operator, whose feed says so; to null: until a table leaves it out.",
     "unit:text site:text name:text? service:text operator:text? area:text area_name:text? "
     "from:instant? to:instant? reason:text? provenance:text feed:text?"},
    {"dark_village",
     "A village that no unit of a family serves; served_before: one is meant to, and does not.",
     "technology:text id:text name:text parent:text? served_before:bool households:int "
     "population:int"},
    {"coverage_line",
     "Coverage by one technology of one operator, of any or of all; live is the interval from live "
     "to live + unknown, measured is null where no measuring point is.",
     "technology:text operator:text operator_name:text? total:count nominal:count live:count "
     "unknown:count "
     "measured:measured? declared:declared? year_oldest:int year_newest:int"},
    {"measured", "Villages in which a measuring point hears enough, and how many points there are.",
     "villages:int households:int population:int points:int"},
    {"declared", "The authority's figure.",
     "numerator:number denominator:number? as_of:text source:text"},
    {"overview", "The figures of an area for its wall.",
     "centre:text simulated:bool as_of:instant listening:bool area:[area] sites:map units:map "
     "availability_24h:[availability_of_area] outages:[outage_group] outages_total:int "
     "outages_standing:int outages_shelved:int"},
    {"site", "A site with the worst of its units.",
     "id:text code:text name:text kind:text area:text lat:number? lon:number? state:text "
     "cause:text? since:instant? out:bool awaiting_backlog:bool units:map"},
    {"sites", "A page of sites.", "as_of:instant sites:[site] total:int offset:int"},
    {"site_whole", "One site with its units and probes.",
     "as_of:instant id?:text code?:text name?:text kind?:text area?:text lat?:number? lon?:number? "
     "address?:text summary?:site_summary units?:[unit] probes?:[probe]"},
    {"site_summary", "The worst of a site's units.",
     "state:text cause:text? since:instant? out:bool awaiting_backlog:bool units:map"},
    {"unit", "A unit now.",
     "unit:text service:text operator:text? state:text cause:text? beneath:text provenance:text "
     "awaiting_backlog:bool since:instant? awaits_acceptance:bool outage?:int"},
    {"probe",
     "A probe. clock: who vouches for it; clock_ahead_ms: of ours, at least, as its messages show. "
     "feed_of: the operator whose word it passes on; null: it measures.",
     "probe:text feed_of:text? status:text? status_since:instant? heard:instant? backlog:int "
     "unwritten:int "
     "started:instant? started_after:text? identity_conflict:bool clock:text? clock_ahead_ms:int? "
     "clock_wrong:bool"},
    {"probes", "A page of probes.", "as_of:instant probes:[probe_at] total:int offset:int"},
    {"probe_at", "A probe with its site.",
     "probe:text feed_of:text? status:text? status_since:instant? heard:instant? backlog:int "
     "unwritten:int "
     "started:instant? started_after:text? identity_conflict:bool clock:text? clock_ahead_ms:int? "
     "clock_wrong:bool site:text name:text"},
    {"feeds", "Operators' feeds.", "as_of:instant feeds:[feed]"},
    {"feed", "An operator's feed: its newest table, and what was wrong with its rows.",
     "feed:text operator:text? source:text content:text file:text? table_as_of:instant? "
     "taken:instant? delay_ms:int? period_ms:int ttl_ms:int stale:bool rows:int rows_refused:int "
     "rows_of_unknown_sites:int units_unnamed:int waiting:int problem:text? notes:[text]"},
    {"disagreements", "A page of units that are seen differently.",
     "as_of:instant disagreements:[disagreement] total:int offset:int"},
    {"disagreement",
     "What our probes measure of a unit and what its operator told, the latter as of told_at.",
     "unit:text site:text name:text operator:text? measured:text measured_cause:text? told:text "
     "told_cause:text? told_at:instant? since:instant?"},
    {"timeline", "What the units of a site were.",
     "site:text from:instant? to:instant? units:[unit_timeline]"},
    {"readings",
     "The newest readings of a site, of those that came since somebody asks for them; left_out: "
     "readings of series beyond the first 200.",
     "as_of:instant site:text since:instant readings:[reading] left_out:int"},
    {"reading",
     "What a probe measured last, as a number, a flag or a text (its first 120 bytes); state is "
     "the verdict of the check: 0 ok, 1 degraded, 2 failed, 3 unknown.",
     "probe:text check:text metric:text unit:text? at:instant? number?:number? flag?:bool "
     "text?:text"},
    {"unit_timeline", "What a unit was, span by span.",
     "unit:text service:text operator:text? spans:[span]"},
    {"span", "A stretch in one state.",
     "from:instant? to:instant? state:text cause:text? beneath:text provenance:text "
     "awaiting_backlog:bool uncertainty_ms?:int"},
    {"availability",
     "Availability over a window: of the units of a site, or of an area by kind of site and "
     "operator.",
     "site?:text area?:text period?:text from:instant? to:instant? provisional:bool "
     "final_at?:instant? changing?:bool revisions_left_out?:int figures:[availability_figure]"},
    {"availability_figure",
     "One figure; without enough data confirmed and lower are null. with_retroactive is the same "
     "with the maintenance that was declared in retrospect, null where there is none. Of a "
     "calendar "
     "period: the revision shown, null while it is provisional.",
     "unit?:text kind?:text operator?:text confirmed:number? lower:number? enough_data:bool "
     "decimals:int outages:int outages_unverified:int mttr_ms:int? mtbf_ms:int? uncertainty_ms:int "
     "down_ms_by_cause:map weighted?:number? observed:number? units?:int units_enough?:int "
     "state_ms:map with_retroactive?:availability_with? revision?:int? "
     "revisions?:[availability_revision]"},
    {"availability_revision",
     "What a final figure was and became, and why: final (the first), late_evidence, inventory.",
     "revision:int at:instant? reason:text old:availability_figure? new:availability_figure"},
    {"availability_of_area", "A figure of an area.",
     "kind:text operator:text confirmed:number? lower:number? enough_data:bool decimals:int "
     "outages:int outages_unverified:int mttr_ms:int? mtbf_ms:int? uncertainty_ms:int "
     "down_ms_by_cause:map weighted:number? observed:number? units:int units_enough:int "
     "state_ms:map with_retroactive:availability_with?"},
    {"availability_with", "A figure with the maintenance that was declared in retrospect.",
     "confirmed:number? lower:number? enough_data:bool decimals:int outages:int "
     "outages_unverified:int mttr_ms:int? mtbf_ms:int? uncertainty_ms:int down_ms_by_cause:map "
     "retroactive_ms:int"},
    {"series",
     "Figures in steps, of a site's units or of an area. at: where each step begins; of coverage, "
     "the instants themselves. final_to: what begins before it is past its grace. What is known "
     "now: a final day that late evidence is changing shows here first.",
     "what:text site?:text area?:text step:text from:instant to:instant final_to:instant "
     "at:[instant] lines:[series_line]"},
    {"series_line",
     "One line; each column has an item for each of at. Of availability: as availability_figure; "
     "of coverage: as coverage_line, null where nothing could be said.",
     "unit?:text kind?:text operator?:text technology?:text units?:[int] units_enough?:[int] "
     "confirmed?:[number?] lower?:[number?] observed?:[number?] state_ms?:series_states "
     "total?:[count?] nominal?:[count?] live?:[count?] unknown?:[count?]"},
    {"series_states", "Milliseconds in each state, summed over units.",
     "down:[int] silent:[int] degraded:[int] unobserved:[int] maintenance:[int] asleep:[int] "
     "up:[int] planned:[int]"},
    {"report",
     "A flash report with the text to copy; power is null while nobody reports batteries and "
     "generators. Standing: out for standing_ms or longer; restored: within restored_ms before.",
     "centre:text simulated:bool area:text area_name:text? at:instant standing_ms:int "
     "restored_ms:int kinds:[report_kind] operators:[report_operator] power:power_counts? "
     "routes:[report_route] routes_total:int communes:report_communes people:[report_people] "
     "outages:[report_outage] outages_total:int outages_unverified:int text:text"},
    {"power",
     "What feeds the sites of an area: counts, null while no site tells, and those not on mains, "
     "on "
     "battery first, by the minutes left.",
     "as_of:instant area:text counts:power_counts? sites:[power_site] total:int offset:int"},
    {"power_counts", "Sites by what feeds them; unknown: not told lately.",
     "total:int mains:int generator:int battery:int exhausted:int unknown:int"},
    {"power_site",
     "A site not on mains (battery, generator, exhausted: its load is switched off) since then, as "
     "told last; minutes_left from as_of on; last_service: who hangs on it alone.",
     "id:text code:text name:text area:text state:text supply:text fresh:bool since:instant "
     "told:instant minutes_left:int? last_service:count"},
    {"report_kind", "Sites of a kind: out for certain, or perhaps (unverified: some only silent).",
     "kind:text total:int out:int unverified:int standing:int restored:int causes:map"},
    {"report_operator", "Base stations at which an operator has units, by its units alone.",
     "operator:text? name:text? total:int out:int unverified:int standing:int restored:int "
     "causes:map"},
    {"report_route", "A link or fibre route that is out; a restricted one is only counted.",
     "site:text name:text since:instant? cause:text verified:bool"},
    {"report_communes", "Areas directly above villages, and those without any mobile service.",
     "total:int without_service:int unverified:int names:[area_name] names_unverified:[area_name]"},
    {"area_name", "An area by its name.", "id:text name:text"},
    {"report_people", "People of villages without any live unit of a family of technologies.",
     "technology:text without_service:count unverified:count served:count year_oldest:int "
     "year_newest:int"},
    {"report_outage", "An outage that lasts at the instant; people: without service by it.",
     "outage:text site:text? name:text? from:instant duration_ms:int verified:bool cause:text "
     "sites_out:int people:int stage:text expected:instant?"},
    {"outages", "A page of outages by their roots, most people without service first.",
     "as_of:instant outages:[outage_group] outages_total:int offset:int"},
    {"outage", "An outage of one unit; a restricted site shows no name.",
     "outage:text unit:text? site:text? from:instant? to:instant? open:bool duration_ms:int "
     "verified:bool cause:text probe_started_after:text? from_uncertainty_ms:int "
     "to_uncertainty_ms:int?"},
    {"outage_group", "An outage with those that it caused.",
     "outage:text unit:text? site:text? from:instant? to:instant? open:bool duration_ms:int "
     "verified:bool cause:text probe_started_after:text? from_uncertainty_ms:int "
     "to_uncertainty_ms:int? root_name:text? root_area:text? life:life group_verified:bool "
     "sites:int sites_out:int units:int mobile:impact fibre:impact members:[outage]"},
    {"outage_case",
     "One outage as people work with it. A restricted site shows no name, and of its life only the "
     "stage.",
     "as_of:instant outage:text unit:text? site:text? from:instant? to:instant? open:bool "
     "duration_ms:int verified:bool cause:text probe_started_after:text? from_uncertainty_ms:int "
     "to_uncertainty_ms:int? root_name:text? root_area:text? life:life group_verified:bool "
     "sites:int sites_out:int units:int mobile:impact fibre:impact members:[outage] offset:int "
     "provenance:text by_operator_and_service:[outage_part] acts:[outage_act]"},
    {"life",
     "Where an outage stands: new, acknowledged, assigned, in_progress, restored or closed. "
     "Waiting: parts, access or mains; overdue: it lasts beyond what was expected.",
     "stage:text acknowledged_at:instant? acknowledged_by:text? assigned_to:text? ticket:text? "
     "waiting:text? expected:instant? overdue:bool shelved_until:instant? shelved_reason:text?"},
    {"outage_part", "The part of an outage that one operator has with one service.",
     "operator:text? service:text units:int impact:impact"},
    {"outage_act", "What somebody did about an outage.",
     "deed:text at:instant? by:text comment:text? to:text? ticket:text? waiting:text? "
     "until:instant?"},
    {"handover",
     "What a shift hands over: outages that last, how many of them nobody has, are shelved or "
     "overdue, and maintenance that lasts or begins within a day. taken: who took the present "
     "shift; "
     "given: who has handed it over and waits for somebody to take it.",
     "as_of:instant taken:signature? given:signature? unacknowledged:int shelved:int overdue:int "
     "outages:[outage_group] "
     "outages_total:int offset:int maintenance:[declaration]"},
    {"signature", "Who signed, and when; it stands in shift log and audit log.",
     "at:instant by:text"},
    {"signature_wish", "Who signs.", "by:text comment?:text"},
    {"shift_log", "What happened, the newest first; since is where the present shift began.",
     "as_of:instant from:instant to:instant since:instant? lines:[shift_line] total:int "
     "offset:int"},
    {"shift_line",
     "One thing that happened: note, handover_given, handover_taken, collector_started, "
     "rules_taken, "
     "rules_refused, outage_opened, outage_restored, outage_ and what was done about it, "
     "outage_joined (others' root, its number in root, holds it now), outage_own (it goes on by "
     "itself, without the root that held it), "
     "maintenance_began, maintenance_ended, escalated or page_failed. sites and cause are an "
     "outage's, until is an expected end, to is to whom, waiting what work waits for (parts, "
     "access, mains), others how many outages came along.",
     "at:instant kind:text outage:text? site:text? name:text? sites:int? cause:text? by:text? "
     "to:text? until:instant? text:text? waiting:text? root:text? others:int?"},
    {"note_wish", "A note; by: who, where a token is shared.", "text:text by?:text"},
    {"note", "A note as it was taken.", "at:instant by:text text:text"},
    {"reply_wish", "An SMS that came to a gateway: the sender's number and what he wrote.",
     "number:text text:text"},
    {"reply",
     "What became of it: taken, again, stranger, unreadable, no_such_outage or refused; the outage "
     "meant and who it was, empty where that is not known.",
     "result:text outage:text by:text"},
    {"act_wish", "What is said along; by: who, where a token is shared.", "comment?:text by?:text"},
    {"assign_wish", "To whom an outage is passed on, and their number for it.",
     "to:text ticket?:text comment?:text by?:text"},
    {"progress_wish", "Work is under way; waiting: nothing, parts, access or mains.",
     "waiting?:text comment?:text by?:text"},
    {"comment_wish", "A remark.", "comment:text by?:text"},
    {"shelve_wish", "Off the top list until then, and why; at most 7 days.",
     "until:instant comment:text by?:text"},
    {"expect_wish", "When service is expected to be back; without until nobody knows.",
     "until?:instant comment?:text by?:text"},
    {"impact", "Whom an outage concerns within a family of technologies.",
     "exposed:count without_service:count without_service_silent:count"},
    {"indicators", "A page of the authority's figures.",
     "indicators:[indicator] total:int offset:int"},
    {"indicator", "One figure of the authority.",
     "indicator:text numerator:number denominator:number? ratio:number? as_of:text source:text"},
    {"declarations", "A page of what is declared.",
     "as_of:instant declarations:[declaration] total:int offset:int"},
    {"declaration",
     "Maintenance or energy saving; counts: it enters the figures of contracts. Number and by are "
     "null for a row of declarations.csv.",
     "number:int? target:text site:text kind:text from:instant? to:instant? reason:text by:text? "
     "registered:instant? counts:bool retroactive:bool withdrawn:instant?"},
    {"declaration_wish", "What is to be declared: target is SITE or SITE/SERVICE@OPERATOR.",
     "target:text kind:text from:instant to:instant reason?:text by:text"},
    {"plan_wish",
     "As declaration_wish; dependents: also every site that would be out with it; every: day or "
     "week, so many times.",
     "target:text kind:text from:instant to:instant reason?:text by:text dependents?:bool "
     "every?:text times?:int"},
    {"plan", "The numbers of what was declared, the first to the last.",
     "first:int last:int sites:int times:int"},
    {"plan_end", "How many declarations were withdrawn.", "withdrawn:int"},
    {"audit", "A page of the audit log; next is null on the last one, else what before wants.",
     "entries:[audit_entry] next:int? total:int head:text"},
    {"audit_entry", "Who did what; each hash covers the row and the hash before it (SHA-256).",
     "number:int at:instant? who:text role:text address:text act:text target:text detail:text "
     "hash:text"},
    {"pages", "A list of pages.", "as_of:instant pages:[page] total:int offset:int"},
    {"page",
     "A page to a target; step: of the escalation, 0 = it is none; state: held (for a digest), "
     "waiting, sent, failed; delay_ms: until the "
     "target had it; status and answer are of the last try; told: numbers that have it.",
     "id:int number:int alert:int transition:text step:int severity:text rule:text target:text "
     "place:text "
     "state:text made:instant done:instant? delay_ms:int? tries:int status:int answer:text "
     "others:int told:text sms:text vi:text en:text"},
    {"letters", "A page of dead letters; next is null on the last one, else what after wants.",
     "letters:[letter] next:int? total:int made:int dropped:int purged:int requeued:int"},
    {"letter", "What was refused for good; requeue: it can be taken again.",
     "number:int at:instant? source:text reason:text bytes:int readings:int requeue:bool"},
    {"letter_whole", "A dead letter with what it held, in hexadecimal its first 4096 bytes.",
     "number:int at:instant? source:text reason:text bytes:int readings:int requeue:bool "
     "payload:text payload_hex:text"},
    {"letter_end", "What became of a dead letter.", "number:int purged?:bool requeued?:bool"},
    {"ledger", "What became of every message, pack and reading, and whether the sums hold.",
     "as_of:instant checked_at:instant? checks:int broken_total:int broken:[ledger_finding] "
     "messages:ledger_messages readings:ledger_readings counters:map packs:ledger_packs "
     "open:ledger_open "
     "probes:[ledger_probe] total:int offset:int"},
    {"ledger_messages", "Messages of the intake log.", "logged:int in_intake:int balanced:bool"},
    {"ledger_readings", "Readings of stored messages.", "pending:int balanced:bool"},
    {"ledger_packs", "Packs of all probes and epochs; highest is the sum of all others.",
     "highest:int stored:int refused:int untimed:int lost_at_probe:int missing_at_centre:int "
     "open:int balanced:bool"},
    {"ledger_open", "Packs that probes still owe.", "packs:int streams:int oldest_since:instant?"},
    {"ledger_finding", "An equation that does not hold.",
     "equation:text probe:text? epoch:text? left_is:text left:int right_is:text right:int"},
    {"ledger_probe", "A probe's streams.",
     "probe:text unwritten_at_probe:int epochs:[ledger_epoch]"},
    {"ledger_epoch", "Packs of one epoch.",
     "epoch:text? highest:int stored:int refused:int untimed:int lost_at_probe:int "
     "missing_at_centre:int open:int open_since:instant? balanced:bool"},
};

enum { SCHEMAS = sizeof schemas / sizeof *schemas };

const struct api_schema *api_schemas(size_t *ret_len)
{
    *ret_len = SCHEMAS;
    return schemas;
}

const struct api_schema *api_schema_find(struct slice name)
{
    for (size_t i = 0; i < SCHEMAS; i++)
        if (slice_is(name, schemas[i].name))
            return &schemas[i];
    return NULL;
}

/* ---- as OpenAPI ---- */

static const struct {
    const char *word, *type, *format;
} plain[] = {
    {"text", "string", NULL},  {"int", "integer", "int64"}, {"number", "number", NULL},
    {"bool", "boolean", NULL}, {"map", "object", NULL},     {"instant", "string", "date-time"},
};

static void put_type(struct emit *e, struct slice type)
{
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (!slice_is(type, plain[i].word))
            continue;
        emit_text(e, "type", plain[i].type);
        if (plain[i].format)
            emit_text(e, "format", plain[i].format);
        return;
    }
    char path[NAME_MAX_BYTES + 32];
    snprintf(path, sizeof path, "#/components/schemas/%.*s", (int)type.len, type.at);
    emit_text(e, "$ref", path);
}

static void put_nullable(struct emit *e, struct slice type)
{
    bool refers = api_schema_find(type) != NULL;
    emit_bool(e, "nullable", true);
    if (!refers) {
        put_type(e, type);
        return;
    }
    emit_array(e, "allOf"); /* a reference takes no siblings */
    emit_object(e, NULL);
    put_type(e, type);
    emit_end(e);
    emit_end(e);
}

void api_schema_type(struct emit *e, const char *key, struct slice type)
{
    bool null = type.len && type.at[type.len - 1] == '?';
    type.len -= null;
    emit_object(e, key);
    if (type.len > 2 && type.at[0] == '[') {
        emit_text(e, "type", "array");
        api_schema_type(e, "items", (struct slice){type.at + 1, type.len - 2});
    } else if (null) {
        put_nullable(e, type);
    } else {
        put_type(e, type);
    }
    emit_end(e);
}

/* The next word "name:type" of the fields; false at the end. */
static bool next_field(const char **at, char name[NAME_MAX_BYTES], bool *ret_optional,
                       struct slice *ret_type)
{
    *at += strspn(*at, " ");
    size_t len = strcspn(*at, ":");
    if (!**at || len == 0 || len >= NAME_MAX_BYTES)
        return false;
    *ret_optional = (*at)[len - 1] == '?';
    snprintf(name, NAME_MAX_BYTES, "%.*s", (int)(len - *ret_optional), *at);
    *at += len + 1;
    *ret_type = (struct slice){*at, strcspn(*at, " ")};
    *at += ret_type->len;
    return true;
}

static void put_schema(struct emit *e, const struct api_schema *schema)
{
    char name[NAME_MAX_BYTES];
    bool optional;
    struct slice type;
    emit_object(e, schema->name);
    emit_text(e, "type", "object");
    emit_text(e, "description", schema->about);
    emit_object(e, "properties");
    for (const char *at = schema->fields; next_field(&at, name, &optional, &type);)
        api_schema_type(e, name, type);
    emit_end(e);
    emit_array(e, "required");
    for (const char *at = schema->fields; next_field(&at, name, &optional, &type);)
        if (!optional)
            emit_text(e, NULL, name);
    emit_end(e);
    emit_end(e);
}

void api_schema_write(struct emit *e)
{
    for (size_t i = 0; i < SCHEMAS; i++)
        put_schema(e, &schemas[i]);
}
