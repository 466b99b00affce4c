#include "script.h"

static void print_time(FILE *out, struct wall_ms t)
{
    fprintf(out, "%lldms", (long long)(t.ms - HISTORY_ZERO_MS));
}

static void print_entry(const struct history *h, const struct inventory *inv,
                        const struct history_entry *e, FILE *out)
{
    fprintf(out, "  %s %s units=", names_text(&h->checks, e->check),
            names_text(&inv->sites, e->site));
    for (size_t i = 0; i < e->n_units; i++) {
        const char *unit = names_text(&inv->units, e->units[i]);
        const char *slash = strchr(unit, '/');
        fprintf(out, "%s%s", i ? "," : "", slash ? slash + 1 : unit);
    }
    fprintf(out, " role=%s cause=%s interval=%lldms timeout=%lldms ttl=%lldms\n",
            role_word((int)e->role), cause_word((int)e->cause), (long long)e->interval_ms,
            (long long)e->timeout_ms, (long long)e->ttl_ms);
}

static void print_list(const struct history *h, const struct inventory *inv, uint32_t index,
                       FILE *out)
{
    const struct history_list *list = vec_at(&h->lists, index);
    fputc('\n', out);
    for (size_t i = 0; i < list->n; i++)
        print_entry(h, inv, vec_at(&h->entries, list->first + i), out);
    fprintf(out, "end");
}

static void print_declared(const struct inventory *inv, const struct history_load *load, FILE *out)
{
    const struct declaration *d = inventory_declared(inv, load->declared);
    fprintf(out, "declare ");
    print_time(out, load->at);
    fprintf(out, " %s %s from ",
            d->unit == INV_NONE ? names_text(&inv->sites, d->site)
                                : names_text(&inv->units, d->unit),
            d->kind == DECLARATION_ASLEEP ? "asleep" : "maintenance");
    print_time(out, d->span.from);
    fprintf(out, " to ");
    print_time(out, d->span.to);
    fputc('\n', out);
}

static void print_load(const struct history *h, uint32_t index, FILE *out)
{
    const struct history_load *load = vec_at(&h->loads, index);
    if (load->declared) {
        print_declared(load->inv, load, out);
        return;
    }
    if (load->withdrawn) {
        fprintf(out, "withdraw ");
        print_time(out, load->at);
        fprintf(out, " %lld\n", (long long)load->withdrawn);
        return;
    }
    for (size_t i = 0; i < h->tables.len; i++) {
        const struct history_table *table = vec_at(&h->tables, i);
        if (table->load == index)
            fprintf(out, "table %s\n%send\n", table->table, table->text);
    }
    fprintf(out, "load ");
    print_time(out, load->at);
    fputc('\n', out);
}

static void print_event(const struct history *h, const struct inventory *inv,
                        const struct history_event *e, FILE *out)
{
    bool result = e->kind == HISTORY_RESULT || e->kind == HISTORY_SUMMARY;
    fprintf(out, "at ");
    print_time(out, result ? e->also : e->t);
    fprintf(out, " %s", history_word((int)e->kind));
    if (e->kind <= HISTORY_GASP || e->kind == HISTORY_HEARD || e->kind == HISTORY_AWAY)
        fprintf(out, " %s", names_text(&inv->probes, e->probe));
    if (result) {
        fprintf(out, " %s %s %d of ", names_text(&inv->sites, e->site),
                names_text(&h->checks, e->check), (int)e->verdict);
        print_time(out, e->t);
    }
    if (e->kind == HISTORY_LISTENED) {
        fputc(' ', out);
        print_time(out, e->also);
    }
    if (e->kind == HISTORY_LIST)
        print_list(h, inv, e->index, out);
    fputc('\n', out);
}

static void print_options(const struct world_options *o, FILE *out)
{
    static const char *const kinds[] = {"bts", "fibre", "network", "service", "link", "feeder"};
    fprintf(out, "raw\noption late %lldms\noption settle %lldms\noption future %lldms\n",
            (long long)o->late_ms, (long long)o->connect_settle_ms, (long long)o->future_ms);
    for (size_t i = 0; i < 6; i++)
        if (o->hysteresis[i].bad > 1 || o->hysteresis[i].good > 1)
            fprintf(out, "option hysteresis %s %u %u\n", kinds[i], o->hysteresis[i].bad,
                    o->hysteresis[i].good);
}

void script_print(const struct history *h, FILE *out)
{
    print_options(&h->options, out);
    print_load(h, 0, out);
    for (size_t i = 0; i < h->events.len; i++) {
        const struct history_event *e = history_at(h, i);
        if (e->kind == HISTORY_RELOAD)
            print_load(h, e->index, out);
        else
            print_event(h, history_inventory(h, i), e, out);
    }
}
