# SPDX-License-Identifier: GPL-3.0-or-later
"""Every job file of jobs/ at reduced size, undisturbed and disturbed, against a run without SLURM."""

import pathlib
import subprocess
import time

import pytest
from conftest import CALL_TIMEOUT, ENDED, PROGRAM, ROOT, SANDBOX, Job, call, environment, same

# Some dozens of chunks; the Monte Carlo to a precision that its smallest number of batches reaches.
REDUCED = """\
[scan]
m_a = {m_a}
y_V = {y_v}
y_A = log 1e-5 1e-1 20
[montecarlo]
precision = 1e-2
max_events = 1000000
[run]
chunk = 1 4 4
checkpoint = 0
"""
# Each chunk takes so much longer, in ms, without need of a core: there is time to disturb a run.
SLOW = {"ALPSCAN_FAULT": "sleep=250@data"}
# Where there are few chunks for a rank.
SLOWER = {"ALPSCAN_FAULT": "sleep=400@data"}

CONFIGURATIONS = {
    "fig2.sbatch": ("configs/fig2.ini", "configs/current.ini"),
    "fig5.sbatch": ("configs/fig5.ini", "configs/current.ini"),
    "chain.sbatch": ("configs/scan3d.ini",),
    "scan3d-array.sbatch": ("configs/scan3d.ini",),
}
LAUNCHERS = ("mpirun", "srun")


@pytest.fixture(scope="session")
def layer(tmp_path_factory):
    """One more layer, which reduces the axes of a job's configurations."""
    folder = tmp_path_factory.mktemp("layers")

    def write(name, m_a, y_v):
        path = folder / f"{name}.ini"
        path.write_text(REDUCED.format(m_a=m_a, y_v=y_v))
        return path

    return {
        "fig2.sbatch": write("fig2", "list 0.11 1.5 10", "log 1e-5 1e-1 12"),
        "fig5.sbatch": write("fig5", "log 0.12 100 9", "0"),
        "chain.sbatch": write("chain", "log 0.12 100 4", "log 1e-5 1 12"),
        "scan3d-array.sbatch": write("array", "log 0.12 100 8", "log 1e-5 1 8"),
    }


@pytest.fixture
def job(submit, plain, layer, tmp_path):
    """Submits a job file at reduced size; the job, its output and the result to be expected."""

    def run(file, launcher, *options, tasks=4, nodes=2, **extra):
        output = tmp_path / "result.h5"
        made = submit(file, f"--ntasks={tasks}", f"--nodes={nodes}", *options,
                      ALPSCAN_OUTPUT=output, ALPSCAN_LAYER=layer[file], ALPSCAN_LAUNCHER=launcher,
                      **extra)
        return made, output, plain(*CONFIGURATIONS[file], layer[file])

    return run


# ---- Jobs that wait for their time limit, submitted first and looked at last ------------------------


@pytest.fixture(scope="module", autouse=True)
def limited(layer, tmp_path_factory):
    """Two jobs with a limit of a minute and work for more: with one the signal of --signal is taken
    away, so that alpscan itself watches the time; with the other both, so that SLURM strikes."""
    folder = tmp_path_factory.mktemp("limited")
    no_limit = folder / "no-limit.ini"
    no_limit.write_text(layer["chain.sbatch"].read_text() + "time_limit = none\n")
    made = {}
    for name, config, launcher, slow in (
        ("own", layer["chain.sbatch"], "mpirun", 2000),
        ("struck", no_limit, "srun", 4000),
    ):
        output = folder / f"{name}.h5"
        log = folder / f"{name}.log"
        number = call(
            "sbatch", "--parsable", "--ntasks=2", "--nodes=1", "--time=1", "--signal=B:USR1@0",
            f"--output={log}", "jobs/chain.sbatch", ALPSCAN_OUTPUT=output, ALPSCAN_LAYER=config,
            ALPSCAN_LAUNCHER=launcher, ALPSCAN_PROGRAM=PROGRAM, ALPSCAN_FAULT=f"sleep={slow}@data",
        )
        made[name] = (Job(number), output, config)
    yield made
    for started, _, _ in made.values():
        call("scancel", started.number, status=None)


# ---- Undisturbed ------------------------------------------------------------------------------------


@pytest.mark.parametrize("launcher", LAUNCHERS)
@pytest.mark.parametrize(("file", "nodes"), [("fig2.sbatch", 1), ("fig5.sbatch", 2), ("chain.sbatch", 2)])
def test_job(job, file, nodes, launcher):
    started, output, expected = job(file, launcher, nodes=nodes)
    fields = started.end()
    assert fields["Restarts"] == "0" and fields["NumNodes"] == str(nodes)
    same(expected, output)
    assert f"done: {output}" in started.text() and "4 ranks" in started.text()


def test_every_job_file_is_here():
    files = {path.name for path in (ROOT / "jobs").glob("*.sbatch")}
    assert files == {*CONFIGURATIONS, "merge.sbatch"}


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_fences_are_of_all_nodes(submit, tmp_path, launcher):
    """Ranks leave MPI_Init and MPI_Finalize together on all nodes: by default SLURM's PMIx plug-in has
    those of a node wait for each other alone, and a message to a rank still in MPI_Init crashes it."""
    program = tmp_path / "leave"
    subprocess.run(["mpicc", "-o", program, pathlib.Path(__file__).with_name("leave.c")], check=True)
    started = submit("fig2.sbatch", "--ntasks=4", "--nodes=2", "--ntasks-per-node=2", ALPSCAN_PROGRAM=program,
                     ALPSCAN_LAUNCHER=launcher, ALPSCAN_OUTPUT=tmp_path / "result.h5")
    started.wait(lambda f: f["JobState"] in ENDED, "ended")
    waits = [float(line.split()[2]) for line in started.text().splitlines() if line.startswith("node 0 ")]
    assert len(waits) == 2 and min(waits) > 0.8, started.text()


def test_srun_of_ones_own(tmp_path):
    """Says what the job files set, where it matters."""
    def said(*launcher, **extra):
        done = subprocess.run(
            [SANDBOX, "run", *launcher, PROGRAM, ROOT / "configs/scan3d.ini", "--set", "scan.m_a=1",
             "--set", "scan.y_V=0", "--set", "montecarlo.method=none", "--overwrite", "--output", tmp_path / "x.h5"],
            env=environment(**extra), timeout=CALL_TIMEOUT, capture_output=True, text=True, check=False)
        return done.stderr.count("SLURM_PMIX_FENCE=ring")
    srun = ["srun", "--mpi=pmix", "--ntasks=2", "--wait=10"]
    assert said(*srun, "--nodes=2") == 1
    assert said(*srun, "--nodes=2", SLURM_PMIX_FENCE="ring") == 0
    assert said(*srun, "--nodes=1") == 0
    assert said("salloc", "--ntasks=2", "--nodes=2", "mpirun") == 0
    assert (tmp_path / "x.h5").exists()


# ---- Put back into the queue ------------------------------------------------------------------------


@pytest.mark.parametrize(("file", "launcher"), [("fig5.sbatch", "mpirun"), ("chain.sbatch", "srun")])
def test_asked_to_stop_it_requeues_itself_and_goes_on(job, file, launcher):
    started, output, expected = job(file, launcher, **SLOWER)
    started.computing(output)
    call("scancel", "--batch", "--signal=USR1", started.number)
    fields = started.end()
    text = started.text()
    assert fields["Restarts"] == "1", text
    assert "asked to stop" in text and "back into the queue" in text and "start 1 on" in text
    same(expected, output)


def test_scontrol_requeue_in_mid_run(job):
    """Without warning: what is complete is kept all the same."""
    started, output, expected = job("fig5.sbatch", "srun", **SLOWER)
    started.computing(output, 2)
    call("scontrol", "requeue", started.number)
    assert started.end()["Restarts"] == "1"
    same(expected, output)


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_node_goes_down(job, launcher):
    started, output, expected = job("chain.sbatch", launcher, tasks=2, nodes=1, **SLOW)
    started.computing(output, 2)
    node = started.show()["NodeList"]
    call("scontrol", "update", f"nodename={node}", "state=down", "reason=test")
    try:
        fields = started.end()
    finally:
        call("scontrol", "update", f"nodename={node}", "state=resume")
    assert fields["Restarts"] == "1" and fields["NodeList"] != node
    same(expected, output)


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_cancelled_job_does_not_come_back(job, launcher):
    started, output, _ = job("fig5.sbatch", launcher, **SLOWER)
    started.computing(output)
    call("scancel", started.number)
    started.end("CANCELLED")
    time.sleep(2)
    assert started.state() == "CANCELLED" and "back into the queue" not in started.text()
    assert pathlib.Path(f"{output}.partial").exists()


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_killed_rank_ends_the_job(job, launcher):
    """Not a stop in order: it is not tried again by itself, but the next job goes on."""
    started, output, expected = job("chain.sbatch", launcher, ALPSCAN_FAULT="kill@data:1%1")
    fields = started.end("FAILED")
    assert fields["Restarts"] == "0" and "the same job goes on from there" in started.text()
    again, _, _ = job("chain.sbatch", launcher)
    again.end()
    same(expected, output)


def test_a_crash_at_the_start_is_tried_again(job, tmp_path):
    """The others wait for a rank that never comes to MPI_Init."""
    program = tmp_path / "crashes-once"
    program.write_text(f"""#!/bin/sh
if [ "$SLURM_PROCID" = 1 ] && mkdir "{tmp_path}/crashed" 2>/dev/null; then
    kill -SEGV $$
fi
exec "{PROGRAM}" "$@"
""")
    program.chmod(0o755)
    started, output, expected = job("fig2.sbatch", "srun", ALPSCAN_PROGRAM=program, SLURM_WAIT=2)
    fields = started.end()
    assert fields["Restarts"] == "0" and "once more from what is complete" in started.text()
    same(expected, output)


def test_after_so_many_restarts_it_stops_for_good(job):
    started, output, expected = job("fig5.sbatch", "mpirun", ALPSCAN_RESTARTS=0, **SLOWER)
    started.computing(output)
    call("scancel", "--batch", "--signal=USR1", started.number)
    fields = started.end("FAILED")
    assert fields["ExitCode"] == "75:0" and fields["Restarts"] == "0"
    assert "submit the job again" in started.text()
    again, _, _ = job("fig5.sbatch", "srun")
    again.end()
    same(expected, output)


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_mistake_is_not_tried_again(submit, tmp_path, launcher):
    wrong = tmp_path / "wrong.ini"
    wrong.write_text("[scan]\nm_b = 1\n")
    started = submit("fig2.sbatch", "--ntasks=2", ALPSCAN_LAYER=wrong, ALPSCAN_LAUNCHER=launcher,
                     ALPSCAN_OUTPUT=tmp_path / "result.h5")
    fields = started.end("FAILED")
    assert fields["Restarts"] == "0" and fields["ExitCode"] == "2:0"
    assert f"{wrong}:2: scan.m_b: unknown key" in started.text()
    unknown = submit("fig2.sbatch", "--ntasks=1", ALPSCAN_LAUNCHER="mpiexec")
    assert unknown.end("FAILED")["ExitCode"] == "2:0"


# ---- A grid split over an array, and merged ---------------------------------------------------------


def test_array(submit, plain, layer, tmp_path):
    """Three parts of eight masses; one is stopped and goes on; the merge waits for it."""
    output = tmp_path / "scan3d.h5"
    config = layer["scan3d-array.sbatch"]
    array, merge = submit(
        "submit-array", "--ntasks=2", "--nodes=1", script=[3], ALPSCAN_OUTPUT=output,
        ALPSCAN_LAYER=config, ALPSCAN_LAUNCHER="srun", **SLOWER,
    )
    tasks = [Job(f"{array.number}_{k}") for k in (1, 2, 3)]
    tasks[1].computing(tmp_path / "scan3d-part2of3.h5")
    call("scancel", "--batch", "--signal=USR1", tasks[1].number)
    assert [task.end()["Restarts"] for task in tasks] == ["0", "1", "0"]
    merge.end()
    same(plain(*CONFIGURATIONS["scan3d-array.sbatch"], config), output)
    assert len({task.show()["StdOut"] for task in tasks}) == 3  # a log of its own each


def test_a_part_alone(submit, plain, layer, tmp_path):
    """A task without the rest of its array is told of how many parts it is one, or refuses."""
    given = dict(ALPSCAN_OUTPUT=tmp_path / "x.h5", ALPSCAN_LAYER=layer["scan3d-array.sbatch"])
    options = ("--array=3", "--ntasks=2", "--nodes=1")
    started = submit("scan3d-array.sbatch", *options, **given)
    Job(f"{started.number}_3").end("FAILED")
    assert "ALPSCAN_PARTS" in Job(f"{started.number}_3").text()
    started = submit("scan3d-array.sbatch", *options, ALPSCAN_PARTS=8, **given)
    Job(f"{started.number}_3").end()
    assert "part" in call(PROGRAM, "info", tmp_path / "x-part3of8.h5")


# ---- A chain of jobs --------------------------------------------------------------------------------


def test_chain_without_requeueing(submit, plain, layer, tmp_path):
    """The first link is stopped, the second completes the scan, the third is not needed."""
    output = tmp_path / "chain.h5"
    config = layer["chain.sbatch"]
    links = submit(
        "submit-chain", "--ntasks=2", "--nodes=1", "--no-requeue", script=[3], ALPSCAN_OUTPUT=output,
        ALPSCAN_LAYER=config, ALPSCAN_LAUNCHER="mpirun", **SLOW,
    )
    links[0].computing(output)
    call("scancel", "--batch", "--signal=USR1", links[0].number)
    assert links[0].end("FAILED")["ExitCode"] == "75:0"
    links[1].end()
    links[2].end("CANCELLED")
    same(plain(*CONFIGURATIONS["chain.sbatch"], config), output)


# ---- The time limit ---------------------------------------------------------------------------------


def test_stops_before_its_time_limit(limited, plain):
    """alpscan knows when the job ends, stops before, and the job goes on from there."""
    started, output, config = limited["own"]
    started.wait(lambda f: f["Restarts"] != "0", "put back into the queue")
    call("scancel", started.number)
    assert "time limit" in started.text() and "back into the queue" in started.text()
    finish(output, config, plain)


def test_struck_by_its_time_limit(limited, plain):
    """SLURM ends the job: SIGTERM, then SIGKILL. The next one goes on from there."""
    started, output, config = limited["struck"]
    fields = started.wait(lambda f: f["JobState"] in ENDED or f["Restarts"] != "0", "struck")
    call("scancel", started.number, status=None)
    assert fields["JobState"] == "TIMEOUT" or fields["Restarts"] != "0", fields
    finish(output, config, plain)


def finish(output, config, plain):
    """The scan is incomplete; another job, in no hurry, completes it."""
    assert pathlib.Path(f"{output}.partial").exists()
    number = call(
        "sbatch", "--parsable", "--ntasks=3", "--nodes=1", f"--output={output}.log",
        "jobs/chain.sbatch", ALPSCAN_OUTPUT=output, ALPSCAN_LAYER=config, ALPSCAN_PROGRAM=PROGRAM,
    )
    Job(number).end()
    same(plain(*CONFIGURATIONS["chain.sbatch"], config), output)
