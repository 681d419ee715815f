/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * leave: how long each rank is in MPI_Finalize, which ends with a fence of all ranks, if those of
 * the first node come there a second before the others. Prints "node NODE SECONDS". */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    const char *node = getenv("SLURM_NODEID");
    MPI_Init(&argc, &argv);
    MPI_Barrier(MPI_COMM_WORLD);
    if (node == NULL || strtol(node, NULL, 10) > 0)
        nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
    double start = seconds();
    MPI_Finalize();
    printf("node %s %.3f\n", node == NULL ? "-" : node, seconds() - start);
    return 0;
}
