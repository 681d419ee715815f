/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message.h"

#include <mpi.h>

alp_status alp_message_try(int source, int tag, alp_parcel *parcel, bool *found, int *from,
                           alp_error *error)
{
    MPI_Status status;
    MPI_Message message;
    int size = 0, there = 0;
    MPI_Improbe(source, tag, MPI_COMM_WORLD, &there, &message, &status);
    *found = there != 0;
    if (!*found)
        return ALP_OK;
    MPI_Get_count(&status, MPI_BYTE, &size);
    if (alp_parcel_reserve(parcel, (size_t)size, error) != ALP_OK)
        return error->status;
    MPI_Mrecv(parcel->bytes, size, MPI_BYTE, &message, &status);
    if (from != NULL)
        *from = status.MPI_SOURCE;
    return ALP_OK;
}

bool alp_message_drain(int tag)
{
    for (bool any = false;; any = true) {
        int there = 0;
        MPI_Iprobe(0, tag, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE);
        if (!there)
            return any;
        MPI_Recv(NULL, 0, MPI_BYTE, 0, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
}
