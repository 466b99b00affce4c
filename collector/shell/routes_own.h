/**
 * @file
 * What the files of the API's routes share: one request, its parameters read and refused in words,
 * and the handlers of the table in routes.c. Nobody else includes it.
 */
#ifndef SHELL_ROUTES_OWN_H
#define SHELL_ROUTES_OWN_H

#include "shell/routes.h"
#include "wire/tree.h"

/** Longest id in a path, with its NUL. */
#define ROUTES_ID_MAX 128

/** Items of a list, unless it is said how many, and at most. */
enum { ROUTES_PAGE_DEFAULT = 100, ROUTES_PAGE_MAX = 1000 };

/** One request with its parameters at hand. */
struct routes_request {
    const struct http_query *query; /**< as it came */
    struct http_answer *answer;     /**< to be filled in */
    struct routes *routes;          /**< who answers */
    struct routes_view view;        /**< of now */
    char id[ROUTES_ID_MAX];         /**< what stands for {id} in the path */
    char bearer[ROTA_PERSON_MAX];   /**< to whom a link was sent that is the permission; "" = the
                                       token says who acts */
    struct api_page page;           /**< after routes_read_page() */
    enum http_turn turn;            /**< HTTP_ANSWERED at first */
};

/** One path and method of the API. */
struct routes_row {
    enum http_method method;                  /**< of the request */
    const char *path;                         /**< "{id}" stands for one part */
    enum http_role role;                      /**< who may ask */
    bool waits;                               /**< the answer waits for the commit under way */
    void (*handle)(struct routes_request *r); /**< fills the answer in */
    const char *params; /**< names of parameters with blanks between, "body:SCHEMA" for a body */
    const char *errors; /**< statuses that the handler may refuse with, blanks between; a * behind
                           one: the body is the answer's own kind, not an error's */
    const char *answer; /**< its schema (codec/api_schema.h), or its content type */
    const char *about;  /**< one sentence */
};

/** The table; *ret_len rows. */
const struct routes_row *routes_table(size_t *ret_len);

/** Room for the statuses of a row. */
#define ROUTES_ERRORS_MAX 16

/** One kind of refusal. */
struct routes_error {
    const char *name;   /**< its status, as in OpenAPI's components.responses */
    const char *about;  /**< one sentence */
    const char *header; /**< that goes with it, NULL = none */
    bool own;           /**< of a row: its body is the answer's own kind */
};

/** The kind at @p nth, NULL behind the last. */
const struct routes_error *routes_error_at(size_t nth);
/** Those with which @p row may be answered, by their handler or before it is asked: how many. */
size_t routes_errors_of(const struct routes_row *row, struct routes_error to[ROUTES_ERRORS_MAX]);
/** Logs a refusal by a handler that its row does not know: the description would be wrong. */
void routes_check_error(const struct routes_request *r, const struct routes_row *row);

/** Answers an error: @p what, and what it is @p about (NULL = nothing). */
void routes_say(struct http_answer *answer, int status, const char *what, const char *about);
/** Answers 500 if @p err is one. */
void routes_no_memory(struct routes_request *r, int err);
/**
 * The memory, to be changed; only in a handler whose row says that it waits. What is changed is
 * committed at once, and the answer leaves after that.
 */
struct centre *routes_change(struct routes_request *r);

/** Copies member @p key of a body into @p to, with room for @p max bytes and a NUL; "" where it is
 * absent. Longer ones stand in the tree's error. */
void routes_body_text(struct tree *t, const char *key, char *to, size_t max);
/** Member @p key of a body as an instant; what is none, or absent, stands in the tree's error. */
struct wall_ms routes_body_instant(struct tree *t, const char *key);
/** Reads the body as JSON and lets @p take take its members; false with the answer said. */
bool routes_read_body(struct routes_request *r, void (*take)(struct tree *t, void *into),
                      void *into);

/** Who asks. */
struct audit_actor routes_actor(const struct routes_request *r);

/** A number of the inventory by its id; false with the answer said. */
bool routes_find(struct routes_request *r, const struct names *names, const char *id,
                 const char *what, uint32_t *ret_number);
/** The site that r->id names, if people may see it; false with the answer said. */
bool routes_find_site(struct routes_request *r, uint32_t *ret_site);
/** Parameter ?area=, the root where it is absent; false with the answer said. */
bool routes_read_area(struct routes_request *r, uint32_t *ret_area);
/** Parameter @p name as an instant, @p fallback where it is absent; false with the answer said. */
bool routes_read_instant(struct routes_request *r, const char *name, struct wall_ms fallback,
                         struct wall_ms *ret_t);
/** Parameter @p name as a whole number up to @p max; false with the answer said. */
bool routes_read_count(struct routes_request *r, const char *name, uint64_t fallback, uint64_t max,
                       uint64_t *ret_value);
/** Asks for what only the store has: periods_answer() or one like it. */
typedef int routes_ask(struct periods *periods, const void *query, struct http_promise *promise);
/** Promises the answer to @p query (copied) by way of @p ask, or says why there is none. */
void routes_promise(struct routes_request *r, routes_ask *ask, const void *query);
/** Parameters offset and limit into r->page; false with the answer said. */
bool routes_read_page(struct routes_request *r);
/** Parameter @p name as the index of one of @p n words, -1 where it is absent; false with the
 * answer said. */
bool routes_read_word(struct routes_request *r, const char *name, const char *const *words, int n,
                      int *ret_index);
/** Parameter ?kind= of a site, -1 where it is absent; false with the answer said. */
bool routes_read_kind(struct routes_request *r, int *ret_kind);
/** Parameters from and to, the last day where they are absent; false with the answer said. */
bool routes_read_window(struct routes_request *r, struct wall_ms *ret_from, struct wall_ms *ret_to);
/** Parameter ?operator= into @p ret_op (INV_NONE: all together); *ret_every where it is absent;
 * false with the answer said. */
bool routes_read_operator(struct routes_request *r, uint32_t *ret_op, bool *ret_every);
/** As routes_read_window(), or a window by its word; false with the answer said. */
bool routes_read_figure_window(struct routes_request *r, struct validity *ret_window);

void routes_get_openapi(struct routes_request *r);      /**< GET /api/v1/openapi.json */
void routes_get_overview(struct routes_request *r);     /**< GET /api/v1/overview */
void routes_get_areas(struct routes_request *r);        /**< GET /api/v1/areas */
void routes_get_area(struct routes_request *r);         /**< GET /api/v1/areas/{id} */
void routes_get_sites(struct routes_request *r);        /**< GET /api/v1/sites */
void routes_get_site(struct routes_request *r);         /**< GET /api/v1/sites/{id} */
void routes_get_timeline(struct routes_request *r);     /**< GET /api/v1/sites/{id}/timeline */
void routes_get_readings(struct routes_request *r);     /**< GET /api/v1/sites/{id}/readings */
void routes_get_availability(struct routes_request *r); /**< GET /api/v1/availability */
/** GET /api/v1/availability?period= */
void routes_get_period(struct routes_request *r);
void routes_get_series(struct routes_request *r);       /**< GET /api/v1/series */
void routes_get_coverage(struct routes_request *r);     /**< GET /api/v1/coverage */
void routes_get_power(struct routes_request *r);        /**< GET /api/v1/power */
void routes_get_report(struct routes_request *r);       /**< GET /api/v1/report */
void routes_get_outages(struct routes_request *r);      /**< GET /api/v1/outages */
void routes_get_indicators(struct routes_request *r);   /**< GET /api/v1/indicators */
void routes_get_declarations(struct routes_request *r); /**< GET /api/v1/declarations */
void routes_post_declaration(struct routes_request *r); /**< POST /api/v1/declarations */
/** POST /api/v1/declarations/plan */
void routes_post_plan(struct routes_request *r);
/** DELETE /api/v1/declarations/plan/{id} */
void routes_delete_plan(struct routes_request *r);
/** DELETE /api/v1/declarations/{id} */
void routes_delete_declaration(struct routes_request *r);
/** GET /api/v1/outages/{id} */
void routes_get_case(struct routes_request *r);
void routes_get_handover(struct routes_request *r); /**< GET /api/v1/handover */
/** POST /api/v1/handover/give, POST /api/v1/handover/take */
void routes_post_handover(struct routes_request *r);
void routes_get_shift(struct routes_request *r); /**< GET /api/v1/shift */
/** POST /api/v1/shift */
void routes_post_shift(struct routes_request *r);
/** POST /api/v1/outages/{id}/... */
void routes_post_act(struct routes_request *r);
void routes_get_audit(struct routes_request *r); /**< GET /api/v1/audit */
void routes_get_pages(struct routes_request *r); /**< as its row says */
void routes_get_link(struct routes_request *r);  /**< GET /a/{id} */
void routes_post_link(struct routes_request *r); /**< POST /a/{id} */
/** POST /api/v1/replies */
void routes_post_reply(struct routes_request *r);
/** GET /api/v1/feeds */
void routes_get_feeds(struct routes_request *r);
/** GET /api/v1/disagreements */
void routes_get_disagreements(struct routes_request *r);
void routes_get_probes(struct routes_request *r);  /**< GET /api/v1/probes */
void routes_get_ledger(struct routes_request *r);  /**< GET /api/v1/ledger */
void routes_get_letters(struct routes_request *r); /**< GET /api/v1/deadletters */
void routes_get_letter(struct routes_request *r);  /**< GET /api/v1/deadletters/{id} */
/** DELETE /api/v1/deadletters/{id}, POST /api/v1/deadletters/{id}/purge */
void routes_purge_letter(struct routes_request *r);
/** POST /api/v1/deadletters/{id}/requeue */
void routes_requeue_letter(struct routes_request *r);

#endif
