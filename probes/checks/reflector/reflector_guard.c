#include "checks/reflector/reflector_guard.h"

#include <stddef.h>

/* The session's place, else a free one, else that of the longest unheard. */
static struct reflector_session *place_of(struct reflector_guard *guard, uint64_t key)
{
    struct reflector_session *oldest = &guard->session[0];
    for (size_t i = 0; i < REFLECTOR_GUARD_SESSIONS; i++) {
        struct reflector_session *session = &guard->session[i];
        if (session->key == key)
            return session;
        if (oldest->key != 0 && (session->key == 0 || session->heard_us < oldest->heard_us))
            oldest = session;
    }
    *oldest = (struct reflector_session){.key = key, .newest_us = INT64_MIN};
    return oldest;
}

bool reflector_guard_stale(struct reflector_guard *guard, uint64_t key, int64_t sent_us,
                           int64_t now_us)
{
    struct reflector_session *session = place_of(guard, key);
    if (session->newest_us != INT64_MIN && sent_us < session->newest_us - REFLECTOR_GUARD_STALE_US)
        return true;
    session->heard_us = now_us;
    if (sent_us > session->newest_us)
        session->newest_us = sent_us;
    return false;
}

uint32_t reflector_guard_number(struct reflector_guard *guard, uint64_t key, int64_t now_us)
{
    struct reflector_session *session = place_of(guard, key);
    session->heard_us = now_us;
    return session->answers++;
}
