# SPDX-License-Identifier: GPL-3.0-or-later
"""Both of Open MPI's implementations of input and output make the same file; hints and alignment."""

import shutil
import subprocess

import h5py
import pytest
from conftest import CONFIGS, USAGE, mpirun, run
from results import differences

MIB = 1 << 20
KILLED = 137  # of timeout: 128 + SIGKILL


def backends():
    """Names that Open MPI has for them here; none under another MPI."""
    if shutil.which("ompi_info") is None:
        return []
    text = subprocess.run(["ompi_info"], capture_output=True, text=True, check=True).stdout
    return sorted({line.split("MCA io:")[1].split()[0]
                   for line in text.splitlines() if "MCA io:" in line})


@pytest.mark.parametrize("hints", ["", "striping_factor=4 striping_unit=1048576"])
@pytest.mark.parametrize("io", ["ompio", "romio"])
def test_same_results(quick, tmp_path, io, hints):
    names = [name for name in backends() if name.startswith(io)]
    if not names:
        pytest.skip(f"this MPI has no {io}")
    output = tmp_path / "io.h5"
    mpirun(2, CONFIGS / "quick.ini", "--set", f"run.hints={hints}", "--output", output,
           "--progress", "none", env={"OMPI_MCA_io": names[0]})
    assert differences(quick(1), output) == []
    run("diff", quick(1), output)


@pytest.mark.parametrize("folders, stem", [(0, 220), (0, 232), (4, 1), (3, 232)])
@pytest.mark.parametrize("io", ["ompio", "romio"])
def test_long_paths(small, tmp_path, io, folders, stem):
    """As long as the system allows: a name of 255 bytes has room for .partial.new and little else."""
    names = [name for name in backends() if name.startswith(io)]
    folder = tmp_path.joinpath("results", *["f" * 200] * folders)
    folder.mkdir(parents=True)
    output = folder / f"{'n' * stem}.h5"
    env = {"OMPI_MCA_io": names[0]} if names else {}
    arguments = [small, "--progress", "none", "--output", output]
    run(*arguments, env=env)
    mpirun(2, *arguments, "--overwrite", env=env)
    assert list(folder.iterdir()) == [output]
    output.unlink()
    run(*arguments, env=env | {"ALPSCAN_FAULT": "kill@rename"}, status=(KILLED, -9))
    run(*arguments, "--resume", env=env)
    assert list(folder.iterdir()) == [output]


def test_alignment(small, tmp_path):
    """Every map that is large enough begins at a multiple."""
    output = tmp_path / "aligned.h5"
    run(small, "--set", "scan.y_A=log 1e-5 1e-1 8192", "--set", "scan.y_V=list 0 1e-4 1e-3 1e-2",
        "--set", f"run.alignment={MIB}", "--output", output, "--progress", "none")
    with h5py.File(output) as file:
        first = [item.id.get_chunk_info_by_coord((0, 0, 0)) for item in file.values()
                 if isinstance(item, h5py.Dataset) and item.ndim == 3]
    large = [chunk.byte_offset for chunk in first if chunk.size >= 65536]
    assert len(large) >= 8
    assert [offset % MIB for offset in large] == [0] * len(large)


@pytest.mark.parametrize("hints", ["striping_factor", "=4", "a=1 b=", "a=1 b"])
def test_wrong_hints(small, tmp_path, hints):
    done = run(small, "--set", f"run.hints={hints}", cwd=tmp_path, status=USAGE)
    assert "run.hints" in done.stderr and "NAME=VALUE" in done.stderr


def test_wrong_alignment(small, tmp_path):
    done = run(small, "--set", "run.alignment=0", cwd=tmp_path, status=USAGE)
    assert "run.alignment" in done.stderr
