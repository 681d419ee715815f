/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_MESSAGE_H
#define ALPSCAN_PARALLEL_MESSAGE_H

#include "job.h"

enum { ALP_TAG_UNIT = 1, ALP_TAG_REPORT = 2 };

/** Waits for a message from source (or MPI_ANY_SOURCE) and receives it whole, whatever its size.
 *  from, if not NULL, gets the sender. */
alp_status alp_message_receive(int source, int tag, alp_parcel *parcel, int *from,
                               alp_error *error);

#endif
