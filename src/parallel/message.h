/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_MESSAGE_H
#define ALPSCAN_PARALLEL_MESSAGE_H

#include "job.h"

/** HALT: drop what you are at, and all that comes until ALP_UNIT_STOP; ALIVE: rank 0's sign of
 * life. Both are empty. */
enum { ALP_TAG_UNIT = 1, ALP_TAG_REPORT = 2, ALP_TAG_HALT = 3, ALP_TAG_ALIVE = 4 };

/** Receives a message from source (or MPI_ANY_SOURCE) whole, whatever its size, if there is one:
 *  *found. from, if not NULL, gets the sender. */
alp_status alp_message_try(int source, int tag, alp_parcel *parcel, bool *found, int *from,
                           alp_error *error);

/** Receives all empty messages of a tag from rank 0; true if there was one. */
bool alp_message_drain(int tag);

#endif
