/**
 * @file
 * One burst of test packets as a state machine: which answer belongs to which packet, and what the
 * way there and back did to them.
 *
 * Pure: times come in as arguments, from both clocks; sockets are stamp_check.c's.
 */
#ifndef STAMP_STAMP_MACHINE_H
#define STAMP_STAMP_MACHINE_H

#include "checks/stamp_packet.h"

/** Most packets of a burst. */
#define STAMP_MACHINE_BURST_MAX 200
/** Most numbers of a reflector that counts: packets may be doubled on their way there. */
#define STAMP_MACHINE_NUMBERS_MAX (4 * STAMP_MACHINE_BURST_MAX)

/** What a burst is to be. */
struct stamp_burst {
    unsigned count;   /**< packets, 1 .. STAMP_MACHINE_BURST_MAX */
    int64_t gap_us;   /**< from one to the next */
    uint16_t session; /**< random, one per burst, not 0 */
    bool one_way;     /**< believe both clocks though they do not call themselves right */
    bool counted;     /**< the reflector numbers its answers by itself (stateful mode) */
};

/** One packet. */
struct stamp_flight {
    int64_t mono_us;        /**< when it left, monotonic */
    struct stamp_time sent; /**< when it left, as the packet says */
    bool answered;          /**< the rest is set */
    bool timed;             /**< forward_us and backward_us are */
    int64_t rtt_us;         /**< there and back, without the reflector's own time */
    int64_t forward_us;     /**< there, by both clocks; may be negative */
    int64_t backward_us;    /**< back, likewise */
};

/** What an answer was. */
enum stamp_answer {
    STAMP_ANSWER_TAKEN,   /**< the first to its packet */
    STAMP_ANSWER_DOUBLE,  /**< a further one */
    STAMP_ANSWER_FOREIGN, /**< to none of this burst: stale or forged */
};

/** Storage of the caller; only stamp_machine_* functions write it. */
struct stamp_machine {
    struct stamp_burst burst; /**< as given */
    int64_t first_us;         /**< when the first packet was due */
    unsigned sent;            /**< packets handed out */
    unsigned unsent;          /**< of them could not leave */
    unsigned received;        /**< packets answered */
    unsigned reordered;       /**< answers behind one to a later packet (RFC 4737 section 3) */
    unsigned doubled;         /**< answers too many */
    uint32_t next;            /**< the next packet's number if all goes in order */
    uint32_t reached;         /**< answers the reflector made, as far as its numbers tell */
    unsigned numbers;         /**< of them came */
    unsigned doubled_there;   /**< of them are to packets answered before */
    bool odd;                 /**< its numbers contradict themselves: it does not count */
    uint16_t packet_of[STAMP_MACHINE_NUMBERS_MAX];       /**< 1 + packet, by number of the answer */
    struct stamp_flight flight[STAMP_MACHINE_BURST_MAX]; /**< by number */
};

/** What a burst measured, times in ms. Where nothing was received only the counts mean something.
 */
struct stamp_result {
    unsigned sent;          /**< packets that were due */
    unsigned received;      /**< of them answered */
    double loss_ratio;      /**< 1 - received / sent, 1 if none was sent */
    double reordered_ratio; /**< of the answers */
    unsigned doubled;       /**< answers too many */
    double loss_there;      /**< of the packets before the last one answered; NaN = not told */
    double loss_back;       /**< of the answers before the last one that came; NaN likewise */
    double rtt_ms;          /**< mean */
    double rtt_min_ms;      /**< shortest */
    double rtt_max_ms;      /**< longest */
    double jitter_ms;       /**< mean of |rtt - rtt before it| in order of sending */
    unsigned timed;         /**< answers whose one-way delays are believed */
    double forward_ms;      /**< mean delay there */
    double backward_ms;     /**< mean delay back */
};

/** A burst whose first packet is due at @p now_us. */
void stamp_machine_init(struct stamp_machine *m, const struct stamp_burst *burst, int64_t now_us);
/** When the next packet is due; -1 once all were handed out. */
int64_t stamp_machine_due(const struct stamp_machine *m);
/** The next packet, which must be due, leaving at @p mono_us and @p sent. */
struct stamp_request stamp_machine_send(struct stamp_machine *m, int64_t mono_us,
                                        struct stamp_time sent);
/** The packet handed out last could not leave. */
void stamp_machine_unsent(struct stamp_machine *m);
/** Takes an answer that came at @p mono_us and @p wall_us by a clock that is @p held right or not.
 */
enum stamp_answer stamp_machine_answer(struct stamp_machine *m, const struct stamp_reply *reply,
                                       int64_t mono_us, int64_t wall_us, bool held);
/** True once all packets left and each that could leave is answered. */
bool stamp_machine_finished(const struct stamp_machine *m);
/** What was measured up to now. O(count). */
struct stamp_result stamp_machine_result(const struct stamp_machine *m);

#endif
