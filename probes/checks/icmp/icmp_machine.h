/**
 * @file
 * One burst of echoes as a state machine: when to send what, which answer belongs to which echo,
 * and what the burst measured.
 *
 * Pure: time comes in as an argument, bytes go out and come in; sockets are icmp_check.c's. All
 * times are microseconds of one monotonic clock.
 */
#ifndef ICMP_ICMP_MACHINE_H
#define ICMP_ICMP_MACHINE_H

#include "checks/icmp/icmp_packet.h"

/** Most echoes of a burst. */
#define ICMP_MACHINE_BURST_MAX 32

/** What a burst is to be. */
struct icmp_burst {
    enum icmp_family family; /**< protocol */
    unsigned count;          /**< echoes, 1 .. ICMP_MACHINE_BURST_MAX */
    int64_t gap_us;          /**< from one echo to the next */
    size_t payload;          /**< bytes of payload of each */
    bool raw;                /**< the socket hears other programs' echoes and keeps id as it is */
    uint16_t id;             /**< identifier; on a datagram socket the kernel writes its own */
    uint64_t token;          /**< random, one per burst */
};

/** One echo. */
struct icmp_flight {
    int64_t sent_us; /**< when it left */
    int64_t rtt_us;  /**< round trip, negative while there is no answer */
    bool settled;    /**< nothing more is expected */
};

/** Storage of the caller; only icmp_machine_* functions write it. */
struct icmp_machine {
    struct icmp_burst burst; /**< as given */
    unsigned sent;           /**< echoes handed out */
    unsigned settled;        /**< echoes answered, refused or not sendable */
    int64_t first_us;        /**< when the first echo was due */
    int error;               /**< errno value of the last refusal, 0 if there was none */

    struct icmp_flight flight[ICMP_MACHINE_BURST_MAX]; /**< the echoes, by sequence number */
};

/** What a burst measured. The times mean something only while received is above 0. */
struct icmp_result {
    unsigned sent;     /**< echoes that were due and handed out */
    unsigned received; /**< answers */
    double loss_ratio; /**< 1 - received / sent, 1 if nothing was sent */
    double rtt_min_ms; /**< shortest round trip */
    double rtt_avg_ms; /**< mean round trip */
    double rtt_max_ms; /**< longest round trip */
    double jitter_ms;  /**< mean of |rtt - rtt before it| over answers in order of sending; 0 with
                          one answer (the "IPDV" of RFC 3393 as a mean of magnitudes) */
    int error;         /**< errno value why echoes were refused, 0 if none was */
};

/** A burst whose first echo is due at @p now_us. */
void icmp_machine_init(struct icmp_machine *m, const struct icmp_burst *burst, int64_t now_us);
/** When the next echo is due; -1 once all were handed out. */
int64_t icmp_machine_due(const struct icmp_machine *m);
/** Writes the next echo, which must be due, and notes that it leaves at @p now_us. Returns its
 * length. */
size_t icmp_machine_send(struct icmp_machine *m, int64_t now_us,
                         unsigned char out[ICMP_PACKET_MAX]);
/** The echo handed out last could not leave: @p error is the errno value. */
void icmp_machine_unsent(struct icmp_machine *m, int error);
/** Takes a received message; true if it answered an echo of this burst for the first time. */
bool icmp_machine_answer(struct icmp_machine *m, const struct icmp_message *message,
                         int64_t now_us);
/** The network refused the echo @p message (as read from an error queue) with @p error. Ignored
 * unless it is one of ours. */
void icmp_machine_refused(struct icmp_machine *m, const struct icmp_message *message, int error);
/** True once all echoes left and nothing more is expected. */
bool icmp_machine_finished(const struct icmp_machine *m);
/** What was measured up to now; an echo without an answer counts as lost. O(count). */
struct icmp_result icmp_machine_result(const struct icmp_machine *m);

#endif
