# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the job files share: they set launcher, modules, program, output and configurations, and call
# one of the last three functions. There is nothing to edit here.
#
# A scan that is asked to stop, by SIGUSR1 or by the job's time limit, ends with status 75 and
# everything saved; the job then puts itself back into the queue and goes on with --resume.
set -euo pipefail

STOPPED=75
SEGMENTATION_FAULT=139
asked=no # whether the job has been asked to stop

say() {
    echo "$(date '+%Y-%m-%dT%H:%M:%S') ${SLURM_JOB_NAME:-job} ${SLURM_JOB_ID:-}: $*"
}

# Environment variables override what a job file says: one file, several sizes and sites.
read_overrides() {
    launcher=${ALPSCAN_LAUNCHER:-$launcher}
    modules=${ALPSCAN_MODULES-$modules}
    program=${ALPSCAN_PROGRAM:-$program}
    output=${ALPSCAN_OUTPUT:-$output}
    on_stop=${ALPSCAN_ON_STOP:-requeue}
    restarts=${ALPSCAN_RESTARTS:-100}
    # one more layer over the job's configurations
    if [ -n "${ALPSCAN_LAYER:-}" ]; then configurations+=("$ALPSCAN_LAYER"); fi
}

load_modules() {
    [ -n "$modules" ] || return 0
    # shellcheck disable=SC2086 # a list of words
    module load $modules
}

# set_launcher: the words before the program's name.
set_launcher() {
    case $launcher in
    # Open MPI's defaults are what is needed: with orte_abort_on_non_zero_status=0 a killed rank hangs
    # the job and status 75 may come out as 0; odls_base_sigkill_timeout delays every end by twice
    # its length.
    mpirun) start=(mpirun) ;;
    # A rank that is the first to end asks for nothing: srun's own kill, if it comes late, meets the
    # next start of the job. But where one has died in MPI_Init the others would wait for it: they are
    # killed after SLURM_WAIT seconds.
    # On fewer nodes than TreeWidth (50), SLURM's PMIx plug-in has only the ranks of a node wait for
    # each other, in MPI_Init too, unless it is told to go round all nodes: then a message crashes a
    # rank that is not ready for it.
    srun)
        start=(srun --mpi=pmix --kill-on-bad-exit=0)
        export SLURM_WAIT=${SLURM_WAIT:-60} SLURM_PMIX_FENCE=${SLURM_PMIX_FENCE:-ring}
        ;;
    *)
        say "launcher=$launcher: mpirun and srun are allowed" >&2
        exit 2
        ;;
    esac
}

# attend PID: the status of a background process. The signals that ask a job to stop go on to it as
# SIGUSR1, which mpirun and srun pass on to every rank.
attend() {
    local child=$1 status=0
    signalled=no
    trap 'signalled=yes; asked=yes; say "asked to stop"; kill -USR1 "$child" 2>/dev/null || true' USR1 TERM
    wait "$child" || status=$?
    while [ "$signalled" = yes ]; do # a signal ends wait, not the process
        signalled=no
        status=0
        wait "$child" || status=$?
    done
    trap - USR1 TERM
    return "$status"
}

# The job's own state: one that is being cancelled or killed must not come back.
job_state() {
    squeue --noheader --job="${SLURM_JOB_ID:?}" --states=all --format=%T 2>/dev/null || true
}

requeue() {
    local state
    if [ "$on_stop" != requeue ]; then
        say "stopped with everything saved; the next job of the chain goes on"
        exit "$STOPPED"
    fi
    if [ "${SLURM_RESTART_COUNT:-0}" -ge "$restarts" ]; then
        say "stopped for the ${restarts}th time (restarts=$restarts); submit the job again to go on"
        exit "$STOPPED"
    fi
    state=$(job_state)
    if [ "$state" != RUNNING ]; then
        say "stopped with everything saved; the job is $state: submit it again to go on"
        exit "$STOPPED"
    fi
    say "stopped with everything saved; back into the queue"
    scontrol requeue "${SLURM_JOB_ID:?}" || {
        say "this site does not requeue; submit the job again to go on, or use jobs/submit-chain"
        exit "$STOPPED"
    }
    exit "$STOPPED"
}

# launch COMMAND ...: alpscan on all ranks of the job; its status.
launch() {
    local status=0
    "${start[@]}" "$program" "$@" </dev/null &
    attend $! || status=$?
    return "$status"
}

# alpscan stops before SLURM_JOB_END_TIME, which SLURM sets from 23.02 on.
find_end() {
    local end
    if [ -z "${SLURM_JOB_END_TIME:-}" ] && [ -n "${SLURM_JOB_ID:-}" ]; then
        end=$(squeue --noheader --job="$SLURM_JOB_ID" --format=%e 2>/dev/null) || end=
        end=$(date -d "$end" +%s 2>/dev/null) && export SLURM_JOB_END_TIME=$end
    fi
    return 0
}

begin() {
    read_overrides
    load_modules
    set_launcher
    find_end
    say "start ${SLURM_RESTART_COUNT:-0} on ${SLURM_JOB_NODELIST:-this machine}, ${SLURM_NTASKS:-?} ranks"
}

# A rank that crashes where no signal was sent to it: a defect of the node or of MPI, mostly; the scan
# goes on from what is complete, twice at most.
launch_again() {
    local tries=3 status
    while :; do
        status=0
        launch "$@" || status=$?
        tries=$((tries - 1))
        if [ "$status" -ne "$SEGMENTATION_FAULT" ] || [ "$asked" = yes ] || [ "$tries" -eq 0 ]; then
            return "$status"
        fi
        say "a rank has crashed (status $status); once more from what is complete"
    done
}

# scan FILE [OPTION ...]: the scan into a file, from where an earlier start has left it. A launcher that
# is killed together with its ranks may say anything, 0 too: what counts is the file. A job that was
# asked to stop may have been complete by then, or not have begun; only what alpscan refuses (2 and 3)
# does not come back.
scan() {
    local file=$1 status=0 refused=no
    shift
    launch_again "${configurations[@]}" --output "$file" --resume "$@" || status=$?
    if [ "$status" -eq 2 ] || [ "$status" -eq 3 ]; then refused=yes; fi
    if [ -f "$file" ] && [ ! -e "$file.partial" ] &&
        { [ "$status" -eq 0 ] || [ "$asked$refused" = yesno ]; }; then
        say "done: $file"
    elif [ "$status" -eq "$STOPPED" ] || [ "$asked$refused" = yesno ] ||
        { [ "$asked" = yes ] && [ -e "$file.partial" ]; }; then
        requeue
    else
        say "ended with status $status; what is complete is kept, the same job goes on from there"
        exit "$((status > 0 ? status : 1))"
    fi
}

# part_file K N
part_file() {
    printf '%s' "${output%.h5}-part$1of$2.h5"
}

# The whole grid.
run_scan() {
    begin
    scan "$output"
}

# The part of the grid that belongs to this task of an array 1-N; ALPSCAN_PARTS is N where a task is
# submitted alone.
run_part() {
    local parts=${ALPSCAN_PARTS:-}
    begin
    if [ -z "$parts" ]; then
        parts=${SLURM_ARRAY_TASK_COUNT:-0}
        if [ "${SLURM_ARRAY_TASK_MIN:-}:${SLURM_ARRAY_TASK_MAX:-}" != "1:$parts" ]; then
            say "not an array 1-N: submit all, or say of how many parts (ALPSCAN_PARTS=N)" >&2
            exit 2
        fi
    fi
    scan "$(part_file "${SLURM_ARRAY_TASK_ID:?}" "$parts")" \
        --set "scan.part=$SLURM_ARRAY_TASK_ID/$parts"
}

# All parts into one file.
run_merge() {
    local parts=${ALPSCAN_PARTS:?is set by jobs/submit-array} k files=() status=0
    begin
    for ((k = 1; k <= parts; k++)); do files+=("$(part_file "$k" "$parts")"); done
    # after a node has failed in the middle: merged again from the start
    launch merge "${files[@]}" --output "$output" --overwrite || status=$?
    say "ended with status $status: $output"
    exit "$status"
}
