/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message.h"

#include <mpi.h>

alp_status alp_message_receive(int source, int tag, alp_parcel *parcel, int *from, alp_error *error)
{
    MPI_Status status;
    MPI_Message message;
    int size = 0;
    MPI_Mprobe(source, tag, MPI_COMM_WORLD, &message, &status);
    MPI_Get_count(&status, MPI_BYTE, &size);
    if (alp_parcel_reserve(parcel, (size_t)size, error) != ALP_OK)
        return error->status;
    MPI_Mrecv(parcel->bytes, size, MPI_BYTE, &message, &status);
    if (from != NULL)
        *from = status.MPI_SOURCE;
    return ALP_OK;
}
