# SPDX-License-Identifier: GPL-3.0-or-later
"""Interrupted scans: what is marked complete is kept, the end is the same to the byte."""

import pathlib
import re
import shutil
import socket
import subprocess
import time

import h5py
import numpy as np
import pytest
from conftest import CONFIGS, IO, OK, SMALL, USAGE, mpirun, run
from results import datasets, differences, text
from running import running, wait_until

KILLED = 137  # of mpirun: 128 + SIGKILL
QUICK = [CONFIGS / "quick.ini", "--progress", "none"]
ALWAYS = ["--set", "run.checkpoint=0"]  # a mark for every chunk


def states(path):
    with h5py.File(path, "r") as file:
        masses = file["run/montecarlo_state"][()] if "montecarlo_state" in file["run"] else []
        return file["run/tile_state"][()], np.asarray(masses)


def assert_marked_is_right(partial, complete):
    """Every chunk that is marked holds what the complete file holds."""
    with h5py.File(partial, "r") as a, h5py.File(complete, "r") as b:
        state = a["run/tile_state"]
        done = state[()].reshape(state.attrs["chunk_counts"])
        for axis, length in enumerate(state.attrs["chunk_shape"]):
            done = done.repeat(int(length), axis)
        names = [name for name, item in b.items()
                 if isinstance(item, h5py.Dataset) and item.ndim == done.ndim]
        assert len(names) > 4
        for name in names:
            mask = done[tuple(slice(n) for n in b[name].shape)] != 0
            assert a[name][()][mask].tobytes() == b[name][()][mask].tobytes(), name


def interrupted(folder, arguments, fault, ranks=0, status=(KILLED, -9, 1)):
    """Runs into a fault; the partial file is left."""
    env = {"ALPSCAN_FAULT": fault}
    if ranks:
        mpirun(ranks, *arguments, cwd=folder, env=env, status=status)
    else:
        run(*arguments, cwd=folder, env=env, status=status)


# ---- The same end ---------------------------------------------------------------------------------


def test_killed_three_times(quick, tmp_path):
    """At each of the worst moments; every resume has another number of ranks."""
    arguments = [*QUICK, *ALWAYS, "--set", "run.chunk=2 8 8", "--output", "k.h5"]  # 144 chunks
    partial = tmp_path / "k.h5.partial"
    done = 0
    for ranks, fault in ((2, "kill@data:6"), (0, "kill@sync:20"), (4, "kill@mark:9")):
        interrupted(tmp_path, [*arguments, "--resume"], fault, ranks)
        chunks, masses = states(partial)
        assert chunks.sum() >= done
        done = chunks.sum()
        assert 0 < masses.sum() or ranks == 2
        assert_marked_is_right(partial, quick(1))
    assert 0 < done < chunks.size
    mpirun(3, *arguments, "--resume", cwd=tmp_path)
    assert not partial.exists()
    assert differences(quick(1), tmp_path / "k.h5") == []
    run("diff", quick(1), tmp_path / "k.h5")
    if shutil.which("h5diff"):
        for name in datasets(quick(1)):
            subprocess.run(["h5diff", quick(1), tmp_path / "k.h5", f"/{name}"], check=True)


@pytest.mark.parametrize("fault, left", [
    ("kill@create", ".partial.new"), ("kill@rename", ".partial"), ("kill@end", ""),
])
def test_killed_at_the_ends(small, tmp_path, fault, left):
    """While the file is made, before it takes its name, after that."""
    interrupted(tmp_path, [small, "--progress", "none"], fault)
    assert [p.name for p in tmp_path.glob("small.h5*") if not p.name.endswith(".lock")] == [
        "small.h5" + left]
    run(small, "--resume", cwd=tmp_path)
    run(small, "--output", "whole.h5", cwd=tmp_path)
    assert differences(tmp_path / "whole.h5", tmp_path / "small.h5") == []
    assert not list(tmp_path.glob("small.h5.*"))


def test_finished_masses_are_not_done_again(tmp_path):
    """Alone the Monte Carlo comes first; the run that continues would die at its first batch."""
    interrupted(tmp_path, [*QUICK, *ALWAYS], "kill@data:2")
    assert states(tmp_path / "quick.h5.partial")[1].all()
    run(*QUICK, "--resume", cwd=tmp_path, env={"ALPSCAN_FAULT": "kill@batch"})


def test_chunks_are_not_done_again(small, tmp_path):
    arguments = [small, *ALWAYS, "--set", "run.chunk=1 1 4"]  # 3 x 2 x 3 chunks
    interrupted(tmp_path, arguments, "kill@data:18")  # the last one, after its data
    assert states(tmp_path / "small.h5.partial")[0].sum() == 17
    done = run(*arguments, "--resume", cwd=tmp_path, env={"ALPSCAN_FAULT": "kill@tile:2"})
    assert "computed in this run" in done.stderr


def test_no_mark_before_the_checkpoint(small, tmp_path):
    interrupted(tmp_path, [small, "--set", "run.checkpoint=1000", "--set", "run.chunk=1 1 4"],
                "kill@data:18")
    assert states(tmp_path / "small.h5.partial")[0].sum() == 0
    run(small, "--resume", "--set", "run.chunk=1 1 4", cwd=tmp_path)


# ---- What is there already ------------------------------------------------------------------------


def test_nothing_to_continue(small, tmp_path):
    run(small, "--resume", cwd=tmp_path)
    before = (tmp_path / "small.h5").read_bytes()
    assert "small.h5: already complete" in mpirun(2, small, "--resume", cwd=tmp_path).stderr
    assert (tmp_path / "small.h5").read_bytes() == before


def test_resume_and_overwrite(small, tmp_path):
    done = run(small, "--resume", "--overwrite", cwd=tmp_path, status=USAGE)
    assert "one of the two" in done.stderr


def test_partial_names_the_cure(small, tmp_path):
    interrupted(tmp_path, [small, *ALWAYS, "--set", "run.chunk=1 1 4"], "kill@data:5")
    done = run(small, cwd=tmp_path, status=IO)
    assert "--resume" in done.stderr and "--overwrite" in done.stderr
    told = run("info", tmp_path / "small.h5.partial").stdout
    assert "4 of 18 chunks" in told and "to continue: alpscan" in told and "--resume" in told


def test_overwriting_run_is_continued(small, tmp_path):
    """The old result stays until the new one is complete, however often that is interrupted."""
    run(small, cwd=tmp_path)
    old = (tmp_path / "small.h5").read_bytes()
    paper = [small, "--set", "model.loop=paper"]
    interrupted(tmp_path, [*paper, "--overwrite"], "kill@data")
    assert (tmp_path / "small.h5").read_bytes() == old
    run(*paper, "--resume", cwd=tmp_path)
    with h5py.File(tmp_path / "small.h5", "r") as file:
        assert "loop = paper" in text(file.attrs["configuration"])


# ---- What does not belong together ----------------------------------------------------------------


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stopped")
    (folder / "small.ini").write_text(SMALL)
    interrupted(folder, ["small.ini", *ALWAYS, "--set", "run.chunk=1 1 4"], "kill@data:9")
    return folder / "small.h5.partial"


@pytest.fixture
def partial(stopped, tmp_path):
    return pathlib.Path(shutil.copy(stopped, tmp_path))


RESUME = ["--resume", "--set", "run.chunk=1 1 4"]


@pytest.mark.parametrize("settings, named", [
    (["scan.y_A=log 1e-5 1e-1 12"],
     ["scan.y_A: the file has log 1e-5 0.1 11, this run log 1e-5 0.1 12"]),
    (["montecarlo.seed=7", "model.loop=paper"],
     ["model.loop: the file has exact, this run paper", "montecarlo.seed: the file has 1, this"]),
    (["output.observables=a_e"], ["output.observables: the file has all, this run a_e"]),
    (["run.chunk=1 2 4"], ["run.chunk: the file's chunks are 1 x 1 x 4, this run's 1 x 2 x 4"]),
])
def test_differences_are_named(small, partial, tmp_path, settings, named):
    before = partial.read_bytes()
    arguments = [word for setting in settings for word in ("--set", setting)]
    done = run(small, *RESUME, *arguments, cwd=tmp_path, status=IO)
    for words in named:
        assert f"\n    {words}" in done.stderr
    assert partial.read_bytes() == before


def test_another_table(small, partial, tmp_path):
    table = tmp_path / "mu_to_e_a.csv"
    table.write_text((CONFIGS / "tables" / "mu_to_e_a.csv").read_text() + "0.1,0.5\n")
    done = run(small, *RESUME, "--set", f"inputs.mu_to_e_a={table}", cwd=tmp_path, status=IO)
    assert "inputs.mu_to_e_a: mu_to_e_a.csv is not the table" in done.stderr
    shutil.copy(CONFIGS / "tables" / "mu_to_e_a.csv", table)  # elsewhere, but the same
    run(small, *RESUME, "--set", f"inputs.mu_to_e_a={table}", cwd=tmp_path)


def test_another_version_of_the_physics(small, partial, tmp_path):
    with h5py.File(partial, "r+") as file:
        file.attrs["physics_version"] = "0"
    done = run(small, *RESUME, cwd=tmp_path, status=IO)
    assert "physics_version: the file has 0" in done.stderr


def test_complete_file_of_another_scan(small, tmp_path):
    run(small, cwd=tmp_path)
    done = run(small, "--resume", "--set", "scan.phase=1", cwd=tmp_path, status=IO)
    assert "scan.phase" in done.stderr


# ---- Damage -----------------------------------------------------------------------------------------


def damage_state(path):
    with h5py.File(path, "r+") as file:
        file["run/tile_state"][3] = 2


def remove_state(path):
    with h5py.File(path, "r+") as file:
        del file["run/tile_state"]


def remove_map(path):
    with h5py.File(path, "r+") as file:
        del file["a_e"]


def reshape_map(path):
    with h5py.File(path, "r+") as file:
        del file["a_e"]
        file["a_e"] = np.zeros((3, 2, 11))


def foreign(path):
    path.unlink()
    with h5py.File(path, "w") as file:
        file["x"] = 1


def truncate(share):
    def cut(path):
        size = int(path.stat().st_size * share)
        with open(path, "r+b") as stream:
            stream.truncate(size)
    return cut


@pytest.mark.parametrize("spoil", [
    damage_state, remove_state, remove_map, reshape_map, foreign, truncate(0), truncate(0.01),
    truncate(0.5), truncate(0.99), lambda path: path.write_bytes(b"\x89HDF\r\n\x1a\n" + 999 * b"x"),
    lambda path: path.write_text("[scan]\n"),
], ids=["state", "no-state", "no-map", "map", "foreign", "empty", "1%", "50%", "99%", "garbage",
        "text"])
def test_damaged_file_is_refused_and_untouched(small, partial, tmp_path, spoil):
    spoil(partial)
    before = partial.read_bytes()
    done = run(small, *RESUME, cwd=tmp_path, status=IO)
    assert "small.h5.partial" in done.stderr
    assert partial.read_bytes() == before


def test_incomplete_file_under_the_complete_name(small, partial, tmp_path):
    partial.rename(tmp_path / "small.h5")
    done = run(small, *RESUME, cwd=tmp_path, status=IO)
    assert "small.h5.partial to continue it" in done.stderr


def test_foreign_file_is_not_replaced(small, partial, tmp_path):
    (tmp_path / "small.h5").write_text("notes")
    run(small, *RESUME, cwd=tmp_path, status=IO)
    assert (tmp_path / "small.h5").read_text() == "notes"


def test_link_is_not_followed(small, partial, tmp_path):
    partial.rename(tmp_path / "elsewhere")
    partial.symlink_to(tmp_path / "elsewhere")
    done = run(small, *RESUME, cwd=tmp_path, status=IO)
    assert "symbolic link" in done.stderr


# ---- Disks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["fail@data:2%1", "fail@sync:2%0"])
def test_failing_disk(small, tmp_path, fault):
    """One rank cannot write: all stop, nothing that is complete is lost, and it goes on."""
    arguments = [small, *ALWAYS, "--set", "run.chunk=1 1 2", "--resume"]
    done = mpirun(2, *arguments, cwd=tmp_path, status=IO,
                  env={"ALPSCAN_FAULT": fault})
    assert "Input/output error" in done.stderr and "to continue: mpirun -n 2" in done.stderr
    told = int(re.search(r"\nalpscan: (\d+) of 36 chunks are complete", done.stderr).group(1))
    assert states(tmp_path / "small.h5.partial")[0].sum() == told
    run(*arguments, cwd=tmp_path)
    run(small, "--output", "whole.h5", cwd=tmp_path)
    assert differences(tmp_path / "whole.h5", tmp_path / "small.h5") == []


@pytest.mark.parametrize("ranks, fault", [(0, "fail@close:1"), (0, "fail@close:2"),
                                          (2, "fail@close:2")])
def test_hdf5_cannot_close(small, tmp_path, ranks, fault):
    """When the file is made, and when it is completed: a message and a status, no crash."""
    env = {"ALPSCAN_FAULT": fault}
    command = [small, "--resume"]
    done = (mpirun(ranks, *command, cwd=tmp_path, env=env, status=IO) if ranks
            else run(*command, cwd=tmp_path, env=env, status=IO))
    assert "cannot close" in done.stderr
    run(small, "--resume", cwd=tmp_path)
    assert (tmp_path / "small.h5").exists()


# ---- The lock -----------------------------------------------------------------------------------------


def test_two_runs_on_one_output(small, tmp_path):
    """The second is refused, names the first, and --overwrite takes nothing from it."""
    slow = {"ALPSCAN_FAULT": "sleep=5000@tile"}
    arguments = [small, "--set", "run.chunk=1 1 1", "--output", "one.h5"]
    with running(0, *arguments, cwd=tmp_path, env=slow) as first:
        wait_until((tmp_path / "one.h5.partial").exists, "the first run's file")
        before = (tmp_path / "one.h5.partial").stat().st_ino
        done = run(*arguments, "--overwrite", cwd=tmp_path, status=IO)
        assert f"process {first.target()} on host" in done.stderr and "one.h5.lock" in done.stderr
        assert (tmp_path / "one.h5.partial").stat().st_ino == before


def test_dying_run_is_waited_for(small, tmp_path):
    slow = {"ALPSCAN_FAULT": "sleep=5000@tile"}
    arguments = [small, "--set", "run.chunk=1 1 4", "--resume"]
    with running(0, *arguments, cwd=tmp_path, env=slow) as first:
        wait_until((tmp_path / "small.h5.partial").exists, "the first run's file")
        with running(0, *arguments, cwd=tmp_path) as second:
            second.target()
            first.send(9)
            status, stderr, _ = second.end()
    assert status == OK, stderr
    assert not list(tmp_path.glob("*.lock"))


@pytest.mark.parametrize("holder", [
    "host {host}\npid {dead}\njob none\ncount 3\n",   # this host, a process that is gone
    "host elsewhere\npid 1\njob 77\ncount 3\n",        # an earlier start of this SLURM job
    "",
])
def test_stale_lock_is_taken_over(small, tmp_path, holder):
    gone = subprocess.Popen(["true"])
    gone.wait()
    lock = tmp_path / "small.h5.lock"
    lock.write_text(holder.format(host=socket.gethostname(), dead=gone.pid))
    run(small, cwd=tmp_path, env={"SLURM_JOB_ID": "77"})
    assert not lock.exists()


def test_lock_of_another_host(small, tmp_path):
    """Locks may not reach from node to node: a name that stands still for 15 s is left behind."""
    lock = tmp_path / "small.h5.lock"
    lock.write_text("host elsewhere\npid 1\njob 78\ncount 3\n")
    start = time.monotonic()
    done = run(small, cwd=tmp_path, env={"SLURM_JOB_ID": "77"})
    assert time.monotonic() - start > 10
    assert "host elsewhere (SLURM job: 78)" in done.stderr and "waiting" in done.stderr
    assert not lock.exists()


def test_small_is_what_it_was():
    """The numbers of chunks above count on it."""
    assert "list 0.2 1.5 10" in SMALL and "list 0 1e-4" in SMALL and "1e-1 11" in SMALL
