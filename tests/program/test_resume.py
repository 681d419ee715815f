# SPDX-License-Identifier: GPL-3.0-or-later
"""Interrupted scans: what is marked complete is kept, the end is the same to the byte."""

import pathlib
import re
import shutil
import socket
import subprocess

import h5py
import numpy as np
import pytest
from conftest import CONFIGS, IO, PROGRAM, SMALL, USAGE, mpirun, run
from results import chunks_done, datasets, differences, text
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
    assert "4 of 18 chunks" in told and f"to continue: {PROGRAM} " in told and "--resume" in told


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
        assert f"alpscan: small.h5.partial: {words}" in done.stderr
    assert partial.read_bytes() == before


MANY = {f"inputs.{name}": "1e-9 1e-10" for name in ("a_e", "a_mu")} | {
    "scan.m_a": "list 0.2 1.5 11", "scan.y_V": "list 0 2e-4", "model.loop": "paper",
    "model.muonium": "paper", "lep.sqrt_s": "200", "lep.alpha": "0.008", "belle2.sqrt_s": "10.5",
    "belle2.electron_p_min": "0.2", "belle2.muon_p_min": "0.9", "montecarlo.seed": "9",
    "belle2.luminosity": "1 2", "output.observables": "a_e width"}


def test_every_difference_is_named(small, partial, tmp_path):
    """Each once, whatever their number and kind: keys, a table's content, chunks."""
    table = tmp_path / "mu_to_e_a.csv"
    table.write_text((CONFIGS / "tables" / "mu_to_e_a.csv").read_text() + "0.1,0.5\n")
    changed = MANY | {"run.chunk": "1 2 4", "inputs.mu_to_e_a": table}
    arguments = [word for key, value in changed.items() for word in ("--set", f"{key}={value}")]
    done = run(small, "--resume", *arguments, cwd=tmp_path, status=IO)
    for key in changed:
        assert done.stderr.count(f"alpscan: small.h5.partial: {key}: ") == 1, key
    assert f"({len(changed)} differences)" in done.stderr


def test_another_table(small, partial, tmp_path):
    table = tmp_path / "mu_to_e_a.csv"
    table.write_text((CONFIGS / "tables" / "mu_to_e_a.csv").read_text() + "0.1,0.5\n")
    done = run(small, *RESUME, "--set", f"inputs.mu_to_e_a={table}", cwd=tmp_path, status=IO)
    assert "inputs.mu_to_e_a: mu_to_e_a.csv is not the table" in done.stderr
    shutil.copy(CONFIGS / "tables" / "mu_to_e_a.csv", table)  # elsewhere, but the same
    run(small, *RESUME, "--set", f"inputs.mu_to_e_a={table}", cwd=tmp_path)


def test_other_background(small, tmp_path):
    """So is the table of the opposite-sign background, which only some configurations have."""
    table = tmp_path / "background.csv"
    table.write_text("m,events\n0.1,400\n5,400\n")
    words = ("--set", f"belle2.os_background={table}")
    interrupted(tmp_path, [small, *words, *ALWAYS, "--progress", "none"], "kill@data:1")
    table.write_text("m,events\n0.1,500\n5,400\n")
    done = run(small, *words, *RESUME, cwd=tmp_path, status=IO)
    assert "belle2.os_background: background.csv is not the table" in done.stderr


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


@pytest.mark.parametrize("damage", [lambda old: -old if old else 1.5, lambda old: np.nan])
def test_damaged_mass_is_refused_and_untouched(tmp_path, damage):
    """Any number of a finished mass: its cross sections, its mass, what is in between."""
    interrupted(tmp_path, [*QUICK, *ALWAYS], "kill@data:2")
    partial = tmp_path / "quick.h5.partial"
    with h5py.File(partial, "r") as file:
        rows = file["run/montecarlo_rows"]
        place, width = rows.id.get_offset(), rows.shape[1]
    whole = partial.read_bytes()
    for mass, m_a, number in ((0, "0.15", 1), (2, "1.5", 0), (3, "4", 7)):
        at = place + mass * width + 8 * number
        value = np.frombuffer(whole, "<f8", 1, at)[0]
        spoiled = bytearray(whole)
        spoiled[at:at + 8] = np.float64(damage(value)).tobytes()
        partial.write_bytes(spoiled)
        done = run(*QUICK, *ALWAYS, "--resume", cwd=tmp_path, status=IO)
        assert f"quick.h5.partial: damaged: the Monte Carlo of mass number {mass} (m_a = {m_a} GeV)" \
            in done.stderr
        assert partial.read_bytes() == spoiled
        run("export", partial, "--partial", "--at", "m_a=1.5", cwd=tmp_path, status=IO)


def test_file_of_an_earlier_version(small, partial, tmp_path):
    with h5py.File(partial, "r+") as file:
        file.attrs["file_format"] = "alpscan 1"
    before = partial.read_bytes()
    done = run(small, *RESUME, cwd=tmp_path, status=IO)
    assert "only that version can continue it" in done.stderr
    assert partial.read_bytes() == before
    run(small, "--overwrite", cwd=tmp_path)


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


def test_failing_last_checkpoint(small, tmp_path):
    """How much is there and how much is lost is said then too."""
    arguments = [small, "--set", "run.chunk=1 1 2", "--set", "run.checkpoint=1000", "--resume"]
    done = run(*arguments, cwd=tmp_path, status=IO, env={"ALPSCAN_FAULT": "fail@sync:1"})
    assert re.search(r"\nalpscan: 0 of 36 chunks are complete in small.h5.partial; to continue: .*"
                     r"--resume \(36 that were computed are lost\)\n", done.stderr), done.stderr
    run(*arguments, cwd=tmp_path)


@pytest.mark.parametrize("ranks, how", [(0, "removed"), (2, "renamed")])
def test_file_that_goes_away(small, tmp_path, ranks, how):
    """Nobody computes for hours into a file that has no name."""
    arguments = [small, "--set", "run.chunk=1 1 1", "--set", "run.checkpoint=0"]
    partial = tmp_path / "small.h5.partial"
    with running(ranks, *arguments, cwd=tmp_path, env={"ALPSCAN_FAULT": "sleep=500@tile"}) as scan:
        wait_until(partial.exists, "the file")
        wait_until(lambda: chunks_done(partial) > 0, "a chunk")  # all ranks have it open by then
        if how == "removed":
            partial.unlink()
        else:
            partial.rename(tmp_path / "elsewhere")
        status, stderr, seconds = scan.end()
    assert status == IO and seconds < 15, stderr
    assert "small.h5.partial: has been removed or renamed" in stderr
    assert "to continue" not in stderr


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


def test_small_is_what_it_was():
    """The numbers of chunks above count on it."""
    assert "list 0.2 1.5 10" in SMALL and "list 0 1e-4" in SMALL and "1e-1 11" in SMALL
