/**
 * @file
 * The centre's machine: the collector's own start, store, intake, keeper and batches, wired as
 * shell/app.c does it, with function calls in the place of the broker and database.h in the place
 * of the database.
 */
#ifndef POWERLOSS_CENTRE_SIDE_H
#define POWERLOSS_CENTRE_SIDE_H

#include "shell/app_own.h"

/** Bytes of the topic of an answer kept. */
enum { CENTRE_SIDE_ANSWER = 512 };

/** Storage of the caller. */
struct centre_side {
    struct app app;                  /**< the collector's parts */
    uint64_t commits;                /**< told */
    bool finished;                   /**< the keeper has stored everything */
    char answer[CENTRE_SIDE_ANSWER]; /**< the newest answer; "" = none since it was taken */
};

/** Reads the configuration and inventory that all machines of this test share; @p folder holds
 * them until the end. */
void centre_side_prepare(const char *folder);
/** Starts the collector over the data below @p root. */
void centre_side_open(struct centre_side *c, const char *root);
/** Stores what is there and closes everything, as SIGTERM does. */
void centre_side_close(struct centre_side *c);
/** Closes what is open without storing anything more. */
void centre_side_drop(struct centre_side *c);
/** A message of the broker: into the intake log, as on paho's thread. */
void centre_side_message(void *centre, const char *topic, struct slice payload);
/** Runs until the messages are committed and answered, and no worker has anything to do. */
void centre_side_commit(struct centre_side *c);
/** A digest of everything the store holds. */
uint64_t centre_side_digest(struct centre_side *c);
/** Up to where the centre has the stream of @p epoch; 0 if it does not know it. */
uint64_t centre_side_upto(const struct centre_side *c, uint64_t epoch);

#endif
