#include "checks/snmp/snmp_link.h"

#include "base/err.h"
#include "checks/snmp/snmp_library.h"
#include "checks/snmp/snmp_message.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTHING = -1, PEER_MAX = 80 };

static void follow_timer(struct snmp_link *link);

/* ---- what the library tells ---- */

static void happen(struct snmp_link *link, enum snmp_event event, int status)
{
    link->happened = (int)event;
    link->status = status;
}

/* The library must have returned before anybody may end the link. */
static void tell(struct snmp_link *link)
{
    int event = link->happened;
    link->happened = NOTHING;
    if (event != NOTHING)
        link->way.event(link->way.arg, (enum snmp_event)event, link->status);
}

static void give_values(struct snmp_link *link, const netsnmp_pdu *pdu)
{
    for (const netsnmp_variable_list *at = pdu->variables; at; at = at->next_variable) {
        struct snmp_oid oid;
        struct snmp_value value;
        snmp_message_value(at, &oid, &value);
        link->way.value(link->way.arg, &oid, &value);
    }
}

/* The library may have set it already. */
static void set_engine(const struct snmp_engine *engine, u_char **id, size_t *len)
{
    free(*id);
    *id = netsnmp_memdup(engine->id, engine->len);
    *len = *id ? engine->len : 0;
}

/* The engine's id came with the report that it was missing: from now on it is spoken to. */
static void meet(struct snmp_link *link, const netsnmp_pdu *pdu)
{
    netsnmp_session *session = snmp_sess_session(link->session);
    size_t len = pdu->securityEngineIDLen;
    if (len == 0 || len > SNMP_LINK_ENGINE_MAX || !pdu->securityEngineID) {
        link->why = "the agent names no engine";
        happen(link, SNMP_EVENT_DENIED, 0);
        return;
    }
    if (link->engine.len != len || memcmp(link->engine.id, pdu->securityEngineID, len) != 0)
        snmp_link_forget(link);
    link->engine.len = len;
    memcpy(link->engine.id, pdu->securityEngineID, len);
    set_engine(&link->engine, &session->securityEngineID, &session->securityEngineIDLen);
    set_engine(&link->engine, &session->contextEngineID, &session->contextEngineIDLen);
    bool made = session->securityEngineID && session->contextEngineID &&
                usm_create_user_from_session(session) == SNMPERR_SUCCESS;
    link->discovering = false;
    link->why = "the library refuses the user";
    happen(link, made ? SNMP_EVENT_READY : SNMP_EVENT_DENIED, 0);
}

static void deny(struct snmp_link *link, int error)
{
    static const struct {
        int error;
        const char *why;
    } reasons[] = {
        {SNMPERR_UNKNOWN_USER_NAME, "the agent does not know the user"},
        {SNMPERR_AUTHENTICATION_FAILURE, "the agent refuses the user's password"},
        {SNMPERR_UNSUPPORTED_SEC_LEVEL, "the agent wants another level of security for the user"},
        {SNMPERR_NOT_IN_TIME_WINDOW, "the agent's clock of version 3 does not hold still"},
        {SNMPERR_DECRYPTION_ERR, "the agent cannot read the encryption: privacy password"},
        {SNMPERR_UNKNOWN_ENG_ID, "the agent has changed its engine"},
    };

    link->why = "the agent refuses the user";
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (reasons[i].error == error)
            link->why = reasons[i].why;
    }
    happen(link, SNMP_EVENT_DENIED, 0);
}

static void take(struct snmp_link *link, netsnmp_pdu *pdu)
{
    if (pdu->command == SNMP_MSG_REPORT && link->discovering) {
        meet(link, pdu);
    } else if (pdu->command == SNMP_MSG_REPORT) {
        deny(link, snmpv3_get_report_type(pdu));
    } else if (pdu->errstat != SNMP_ERR_NOERROR) {
        happen(link, SNMP_EVENT_REFUSED, (int)pdu->errstat);
    } else {
        give_values(link, pdu);
        happen(link, SNMP_EVENT_ANSWERED, 0);
    }
}

static int on_library(int operation, netsnmp_session *session, int id, netsnmp_pdu *pdu, void *arg)
{
    struct snmp_link *link = arg;
    (void)id;
    if (operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE && pdu)
        take(link, pdu);
    else if (operation == NETSNMP_CALLBACK_OP_SEC_ERROR)
        deny(link, session->s_snmp_errno);
    else if (operation == NETSNMP_CALLBACK_OP_TIMED_OUT ||
             operation == NETSNMP_CALLBACK_OP_SEND_FAILED)
        happen(link, SNMP_EVENT_SILENT, 0);
    return 1; /* the request is done */
}

/* ---- the loop ---- */

static void on_socket(void *arg, int events)
{
    struct snmp_link *link = arg;
    netsnmp_large_fd_set set;
    int fd = snmp_sess_transport(link->session)->sock;
    (void)events;
    netsnmp_large_fd_set_init(&set, fd + 1);
    netsnmp_large_fd_setfd(fd, &set);
    snmp_sess_read2(link->session, &set);
    netsnmp_large_fd_set_cleanup(&set);
    follow_timer(link);
    tell(link);
}

static void on_timer(void *arg)
{
    struct snmp_link *link = arg;
    if (link->happened == NOTHING) {
        snmp_sess_timeout(link->session);
        follow_timer(link);
    }
    tell(link);
}

/* When the library wants to look after its request in hand. */
static void follow_timer(struct snmp_link *link)
{
    netsnmp_large_fd_set set;
    struct timeval wait = {0};
    int fds = 0, forever = 1;
    netsnmp_large_fd_set_init(&set, snmp_sess_transport(link->session)->sock + 1);
    snmp_sess_select_info2_flags(link->session, &fds, &set, &wait, &forever,
                                 NETSNMP_SELECT_NOALARMS);
    netsnmp_large_fd_set_cleanup(&set);
    if (forever)
        loop_timer_stop(link->timer);
    else
        loop_timer_after(link->timer, wait.tv_sec * 1000 + wait.tv_usec / 1000 + 1);
}

/* ---- the session ---- */

/* In numbers: a name would be looked up while everybody waits. */
static bool write_peer(const struct dns_address *address, char ret_peer[PEER_MAX])
{
    char text[INET6_ADDRSTRLEN];
    bool v6 = address->sa.sa_family == AF_INET6;
    const void *bytes = v6 ? (const void *)&address->in6.sin6_addr : &address->in.sin_addr;
    if (!inet_ntop(address->sa.sa_family, bytes, text, sizeof text))
        return false;
    snprintf(ret_peer, PEER_MAX, v6 ? "udp6:[%s]:%u" : "udp:%s:%u", text,
             (unsigned)ntohs(v6 ? address->in6.sin6_port : address->in.sin_port));
    return true;
}

static void set_key(const struct snmp_key *key, u_char *bytes, size_t *len)
{
    memcpy(bytes, key->bytes, key->len);
    *len = key->len;
}

/* The protocols' identifiers are copied by the library. */
static void set_user(netsnmp_session *session, const struct snmp_secret *secret)
{
    bool auth = secret->auth.type > 0, privacy = secret->privacy.type > 0;
    session->securityModel = SNMP_SEC_MODEL_USM;
    session->securityLevel = privacy ? SNMP_SEC_LEVEL_AUTHPRIV
                             : auth  ? SNMP_SEC_LEVEL_AUTHNOPRIV
                                     : SNMP_SEC_LEVEL_NOAUTH;
    if (auth) {
        session->securityAuthProto =
            sc_get_auth_oid(secret->auth.type, &session->securityAuthProtoLen);
        set_key(&secret->auth, session->securityAuthKey, &session->securityAuthKeyLen);
    }
    if (privacy) {
        session->securityPrivProto =
            sc_get_priv_oid(secret->privacy.type, &session->securityPrivProtoLen);
        set_key(&secret->privacy, session->securityPrivKey, &session->securityPrivKeyLen);
    }
}

static void *open_session(const struct snmp_way *way)
{
    char peer[PEER_MAX], name[SNMP_SECRET_NAME_MAX];
    netsnmp_session session;
    if (!write_peer(&way->address, peer))
        return NULL;
    memcpy(name, way->secret->name, sizeof name);
    snmp_sess_init(&session);
    session.version = way->secret->v3 ? SNMP_VERSION_3 : SNMP_VERSION_2c;
    session.peername = peer;
    session.retries = (int)way->retries;
    session.timeout = (long)way->retry_after_ms * 1000;
    session.flags |= SNMP_FLAGS_DONT_PROBE;
    if (way->secret->v3) {
        session.securityName = name;
        session.securityNameLen = strlen(name);
        set_user(&session, way->secret);
    } else {
        session.community = (u_char *)name;
        session.community_len = strlen(name);
    }
    void *opened = snmp_sess_open(&session);
    if (opened) /* the library clears it, and would then ask for the engine itself and block */
        snmp_sess_session(opened)->flags |= SNMP_FLAGS_DONT_PROBE;
    return opened;
}

static int send_pdu(struct snmp_link *link, netsnmp_pdu *pdu)
{
    if (!pdu)
        return ERR_NOMEM;
    if (snmp_sess_async_send(link->session, pdu, on_library, link) == 0) {
        snmp_free_pdu(pdu);
        return ERR_LIBRARY;
    }
    follow_timer(link);
    return 0;
}

/* Without version 3 there is nothing to find out: that is told in the loop's next turn. */
static int start_session(struct snmp_link *link, struct loop *loop)
{
    int err = loop_poll_open(loop, snmp_sess_transport(link->session)->sock, on_socket, link,
                             &link->poll);
    if (!err)
        err = loop_poll_want(link->poll, LOOP_READ);
    if (!err)
        err = loop_timer_open(loop, on_timer, link, &link->timer);
    if (!err && link->way.secret->v3)
        return send_pdu(link, snmp_message_discovery());
    if (!err) {
        happen(link, SNMP_EVENT_READY, 0);
        loop_timer_after(link->timer, 0);
    }
    return err;
}

int snmp_link_start(struct snmp_link *link, struct loop *loop, const struct snmp_way *way)
{
    snmp_library_init();
    link->way = *way;
    link->happened = NOTHING;
    link->discovering = way->secret->v3;
    link->session = open_session(way);
    return link->session ? start_session(link, loop) : ERR_LIBRARY;
}

int snmp_link_ask(struct snmp_link *link, const struct snmp_request *request)
{
    return send_pdu(link, snmp_message_of(request));
}

void snmp_link_end(struct snmp_link *link)
{
    loop_poll_close(link->poll);
    loop_timer_close(link->timer);
    if (link->session)
        snmp_sess_close(link->session);
    *link = (struct snmp_link){.engine = link->engine, .happened = NOTHING};
}

/* Users and clocks of engines are the whole program's: an agent that names a new engine each time
 * must not make them grow. Another check of the same user makes him anew at its next run. */
void snmp_link_forget(struct snmp_link *link)
{
    struct snmp_engine *engine = &link->engine;
    if (engine->len == 0)
        return;
    struct usmUser *user = NULL;
    for (struct usmUser *at = usm_get_userList(); at && !user; at = at->next) {
        if (at->engineIDLen == engine->len && memcmp(at->engineID, engine->id, engine->len) == 0)
            user = at;
    }
    if (user) {
        usm_remove_user(user);
        usm_free_user(user);
    }
    free_enginetime(engine->id, engine->len);
    engine->len = 0;
}
