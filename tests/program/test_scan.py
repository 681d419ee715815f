# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans: the same bytes for every number of ranks, and a file that others can read."""

import csv
import shutil

import h5py
import numpy as np
import pytest
from conftest import CONFIGS, FAULT, IO, OK, SMALL, USAGE, mpirun, run, run_json
from results import GROUPS, datasets, differences, flags, text

OBSERVABLES = [
    "a_e", "a_mu", "d_e", "P_mmbar", "A_fb_belle2", "A_fb_lep", "width", "br_mu_to_e_a",
]


@pytest.fixture
def result(small, tmp_path):
    run(small, "--progress", "none", cwd=tmp_path)
    return tmp_path / "small.h5"


# ---- The same bytes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [2, 4, 16])
def test_same_bytes_for_every_number_of_ranks(quick, ranks):
    assert differences(quick(1), quick(ranks)) == []


def test_same_bytes_without_mpirun(quick):
    assert differences(quick(1), quick(0)) == []


def test_same_bytes_from_clang(quick, clang_program, tmp_path):
    output = tmp_path / "clang.h5"
    mpirun(2, CONFIGS / "quick.ini", "--output", output, program=clang_program)
    assert differences(quick(1), output) == []


@pytest.mark.parametrize("isa", ["baseline", "avx2", "avx512"])
def test_same_bytes_for_every_instruction_set(quick, tmp_path, isa):
    if run("--version", env={"ALPSCAN_ISA": isa}, status=(OK, USAGE)).returncode != OK:
        pytest.skip(f"this processor has no {isa}")
    output = tmp_path / f"{isa}.h5"
    arguments = [CONFIGS / "quick.ini", "--output", output, "--progress", "none"]
    run(*arguments, env={"ALPSCAN_ISA": isa})
    run("diff", quick(1), output)
    assert differences(quick(1), output) == []
    with h5py.File(output, "r") as file:
        assert text(file.attrs["instruction_set"]) == isa


def test_unknown_instruction_set(tmp_path):
    for arguments in (["--version"], [CONFIGS / "quick.ini"], ["cross-section", "--m-a", "1"]):
        done = run(*arguments, cwd=tmp_path, env={"ALPSCAN_ISA": "mmx"}, status=USAGE)
        assert "ALPSCAN_ISA" in done.stderr and "baseline" in done.stderr
    assert list(tmp_path.glob("*.h5*")) == []


def test_chunks_do_not_change_the_results(small, result, tmp_path):
    other = tmp_path / "chunks.h5"
    mpirun(3, small, "--set", "run.chunk=2 1 4", "--output", other)
    assert differences(result, other) == []


def test_diff_command(quick, result, tmp_path):
    run("diff", quick(1), quick(2))
    other = tmp_path / "other.h5"
    shutil.copy(result, other)
    run("diff", result, other)
    with h5py.File(other, "r+") as file:
        file["a_e"][1, 0, 3] = np.nextafter(file["a_e"][1, 0, 3], 1)
    assert "a_e" in run("diff", result, other, status=FAULT).stdout


# ---- The file -----------------------------------------------------------------------------------------


def check_dataset(item, where):
    for attribute in ("units", "long_name", "references"):
        assert text(item.attrs.get(attribute, "")), f"{where} has no {attribute}"
    if not h5py.h5ds.is_scale(item.id):
        for axis in range(item.ndim):
            assert len(item.dims[axis]) == 1, f"{where} has no scale on axis {axis}"
    if item.dtype.kind == "f":
        assert np.isfinite(item[()]).all(), where
    assert item.compression is None


def test_structure(quick):
    with h5py.File(quick(2), "r") as file:
        def visit(name, item):
            if isinstance(item, h5py.Dataset) and not name.startswith("run/"):
                check_dataset(item, name)

        file.visititems(visit)
        shape = tuple(len(file[name]) for name in ("m_a", "y_V", "y_A"))
        for name in [*OBSERVABLES, "sigma_belle2", *GROUPS]:
            assert file[name].shape == shape, name
            assert [dim[0].name for dim in file[name].dims] == ["/m_a", "/y_V", "/y_A"]
        for name in ("sigma_hat", "error", "acceptance", "events"):
            assert file["montecarlo"][name].shape == shape[:1]
        assert text(file["m_a"].attrs["units"]) == "GeV"
        assert int(file.attrs["complete"]) == 1
        assert int(file.attrs["ranks"]) == 2
        for name in ("title", "Conventions", "version", "command", "seed", "references"):
            assert name in file.attrs
        assert (file["run/tile_state"][()] == 1).all()
    assert not quick(2).with_name(quick(2).name + ".partial").exists()


def test_states_are_cf(quick):
    with h5py.File(quick(1), "r") as file:
        state = file["montecarlo/state"]
        names = text(state.attrs["flag_meanings"]).split()
        assert list(state.attrs["flag_values"]) == list(range(len(names)))
        assert state.attrs["flag_values"].dtype == state.dtype
        assert names[state[-1]] == "closed" and names[state[2]] == "precision_met"


def test_masks_are_cf(quick):
    with h5py.File(quick(1), "r") as file:
        for name in GROUPS:
            mask = file[name]
            names = text(mask.attrs["flag_meanings"]).split()
            bits = np.atleast_1d(mask.attrs["flag_masks"])
            assert mask.dtype.kind == "u"
            assert bits.dtype == mask.dtype
            assert list(bits) == [2**i for i in range(len(names))]
            # the smallest type that holds them
            assert mask.dtype.itemsize == next(n for n in (1, 2, 4) if 8 * n >= len(names))
            assert (mask[()] < 2 ** len(names)).all()


def test_xarray(quick):
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5netcdf")
    with xarray.open_dataset(quick(1), engine="h5netcdf") as data:
        assert data["a_e"].dims == ("m_a", "y_V", "y_A")
        assert data["a_e"].attrs["units"] == "1"
        value = float(data["a_e"].isel(m_a=0, y_V=0, y_A=-1))
        assert value == float(data["a_e"].sel(m_a=data["m_a"][0], y_V=data["y_V"][0],
                                              y_A=data["y_A"][-1]))
    for group in ("montecarlo", "run"):
        with xarray.open_dataset(quick(1), engine="h5netcdf", group=group):
            pass


def test_file_agrees_with_point(result):
    """The same bits through the file and through the command."""
    with h5py.File(result, "r") as file:
        masks = {group: flags(file[group]) for group in GROUPS}
        for i, j, k in ((0, 0, 0), (0, 1, 10), (1, 0, 5), (1, 1, 7), (2, 0, 10)):
            m_a, y_v, y_a = (repr(float(file[n][m])) for n, m in
                             (("m_a", i), ("y_V", j), ("y_A", k)))
            point = run_json("point", "--m-a", m_a, "--y-v", y_v, "--y-a", y_a,
                             "--method", "none")
            for name in OBSERVABLES:
                assert point["observables"][name]["value"] == file[name][i, j, k], name
            for group in GROUPS:
                for name, there in masks[group].items():
                    assert point[group][name] == there[i, j, k], name


def test_monte_carlo_agrees_with_point(quick):
    with h5py.File(quick(1), "r") as file:
        m_a = file["m_a"][()]
        i = int(np.argmax(file["montecarlo/sigma_hat"][()]))
        configuration = text(file.attrs["configuration"])
        sigma = file["sigma_belle2"][i, 0, -1]
        y_v, y_a = float(file["y_V"][0]), float(file["y_A"][-1])
    settings = [line for line in configuration.splitlines() if line.startswith("precision = ")]
    assert settings  # montecarlo.precision is the first of the two
    point = run_json("point", "--m-a", repr(float(m_a[i])), "--y-v", repr(y_v), "--y-a",
                     repr(y_a), "--precision", settings[0].split(" = ")[1])
    assert point["observables"]["sigma_belle2"]["value"] == sigma


def test_flags_follow_from_the_values(result):
    """Recomputed with numpy from the stored observables and the defaults' inputs."""
    with h5py.File(result, "r") as file:
        favoured, excluded = flags(file["favoured"]), flags(file["excluded"])
        reach = flags(file["reach"])
        a_e, a_mu = file["a_e"][()], file["a_mu"][()]
        for n in (1, 2):
            assert (favoured[f"a_e_{n}sigma"] == (abs(a_e + 0.88e-12) <= n * 0.36e-12)).all()
            assert (favoured[f"a_mu_{n}sigma"] == (abs(a_mu - 27.8e-10) <= n * 7.4e-10)).all()
        invalid = flags(file["validity"])["muonium_invalid"]
        assert (excluded["muonium"] == ((file["P_mmbar"][()] > 8.3e-11) & ~invalid)).all()
        assert (excluded["edm"] == (file["d_e"][()] > 1.1e-29)).all()
        shift = abs(file["A_fb_belle2"][()])
        assert (reach["belle2_afb_1e-4"] == (shift > 1e-4)).all()
        assert (reach["belle2_afb_1e-5"] == (shift > 1e-5)).all()


def test_float32(small, result, tmp_path):
    output = tmp_path / "single.h5"
    run(small, "--set", "output.precision=float32", "--output", output)
    full, single = datasets(result), datasets(output)
    for name in OBSERVABLES:
        assert single[name].dtype == np.float32
        assert (single[name] == full[name].astype(np.float32)).all()
    for name in GROUPS:  # flags come from float64
        assert (single[name] == full[name]).all()


def test_chosen_observables(small, tmp_path):
    output = tmp_path / "two.h5"
    run(small, "--set", "output.observables=a_e width", "--output", output)
    found = datasets(output)
    assert {"a_e", "width", *GROUPS} <= set(found)
    assert not {"a_mu", "d_e", "P_mmbar"} & set(found)


def test_phase_axis(small, tmp_path):
    output = tmp_path / "phase.h5"
    mpirun(2, small, "--set", "scan.phase=lin 0 3 4", "--output", output)
    with h5py.File(output, "r") as file:
        assert file["d_e"].shape == (3, 4, 2, 11)
        assert [dim[0].name for dim in file["d_e"].dims] == ["/m_a", "/phase", "/y_V", "/y_A"]
        # |Im(y_V y_A*)|: nothing at phase 0 or y_V = 0, something elsewhere
        d_e = file["d_e"][()]
        assert (d_e[:, 0] == 0).all() and (d_e[:, :, 0] == 0).all()
        assert (d_e[:, 1:, 1] > 0).all()


def test_complex_scalar(small, tmp_path):
    output = tmp_path / "scalar.h5"
    run(small, "--set", "model.type=complex_scalar", "--output", output)
    found = datasets(output)
    assert "P_mmbar" not in found
    assert "a_e" in found


# ---- What is in the way -------------------------------------------------------------------------------


def test_existing_output_is_kept(small, result, tmp_path):
    before = result.read_bytes()
    done = run(small, cwd=tmp_path, status=IO)
    assert "--overwrite" in done.stderr
    mpirun(4, small, cwd=tmp_path, status=IO)
    assert result.read_bytes() == before
    run(small, "--set", "model.loop=paper", "--overwrite", cwd=tmp_path)
    assert result.read_bytes() != before


def test_failed_overwrite_keeps_the_old_result(small, result, tmp_path):
    """--overwrite removes nothing before the new run has passed all checks."""
    before = result.read_bytes()
    run(small, "--overwrite", "--set", "output.observables=nothing", cwd=tmp_path, status=USAGE)
    assert result.read_bytes() == before


def test_partial_file_in_the_way(small, tmp_path):
    partial = tmp_path / "small.h5.partial"
    partial.write_bytes(b"\x89HDF\r\n\x1a\n")  # what a scan that was killed leaves at least
    done = run(small, cwd=tmp_path, status=IO)
    assert "small.h5.partial" in done.stderr and "--overwrite" in done.stderr
    run(small, "--overwrite", cwd=tmp_path)
    assert not partial.exists()


def test_overwrite_spares_what_is_not_a_result(small, tmp_path):
    for name in ["notes.txt", "small.h5.partial"]:
        other = tmp_path / name
        other.write_text("somebody's notes")
        output = tmp_path / name.removesuffix(".partial")
        done = run(small, "--output", output, "--overwrite", cwd=tmp_path, status=IO)
        assert name in done.stderr and "not a result" in done.stderr
        assert other.read_text() == "somebody's notes"
        other.unlink()
    before = small.read_bytes()
    run(small, "--output", small, "--overwrite", cwd=tmp_path, status=IO)
    assert small.read_bytes() == before


def test_incomplete_file_is_refused(result, tmp_path):
    with h5py.File(result, "r+") as file:
        file.attrs["complete"] = np.array(0, dtype=file.attrs["complete"].dtype)
        file["run/tile_state"][0] = 0
    for command in (["diff", result, result], ["export", result, "-o", tmp_path / "out.csv"]):
        assert "--partial" in run(*command, status=IO).stderr
    assert not (tmp_path / "out.csv").exists()
    run("info", result)


def test_unwritable_places(small, tmp_path):
    run(small, "--output", tmp_path / "no" / "folder" / "out.h5", status=IO)
    run(small, "--output", tmp_path, status=IO)


def test_dry_run_writes_nothing(small, tmp_path):
    run(small, "--dry-run", cwd=tmp_path)
    run("check", small, cwd=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [small.name]


@pytest.mark.parametrize("variable, value", [
    ("OMPI_COMM_WORLD_SIZE", "2"),
    ("PMI_SIZE", "4"),
    ("PMIX_RANK", "1"),
    ("SLURM_STEP_NUM_TASKS", "8"),
])
def test_single_ranks_started_by_mistake(small, tmp_path, variable, value):
    """Every process would do the whole scan: an error with the cure."""
    done = run(small, cwd=tmp_path, env={variable: value}, status=(FAULT, USAGE))
    assert "mpirun" in done.stderr or "srun" in done.stderr
    assert not (tmp_path / "small.h5").exists()


def test_batch_script_variables_are_no_mistake(small, tmp_path):
    run(small, cwd=tmp_path, env={"SLURM_NTASKS": "8", "SLURM_JOB_ID": "1"}, status=OK)


# ---- Reading commands and messages ----------------------------------------------------------------------


def test_info(result):
    printed = run("info", result).stdout
    for words in ("small", "a_e", "m_a", "y_A"):
        assert words in printed


def test_export(result, tmp_path):
    output = tmp_path / "slice.csv"
    run("export", result, "--at", "m_a=1.5", "--at", "y_V=0", "-o", output)
    with open(output, newline="") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    with h5py.File(result, "r") as file:
        assert len(rows) == len(file["y_A"])
        favoured = flags(file["favoured"])
        for k, row in enumerate(rows):
            assert float(row["y_A"]) == file["y_A"][k]
            for name in OBSERVABLES:
                assert float(row[name]) == file[name][1, 0, k], name
            assert bool(int(row["favoured.a_e_2sigma"])) == favoured["a_e_2sigma"][1, 0, k]


def test_export_of_a_value_that_is_not_there(result, tmp_path):
    run("export", result, "--at", "m_a=500", "-o", tmp_path / "x.csv", status=(USAGE, IO))
    run("export", result, "--at", "m_tau=1", "-o", tmp_path / "x.csv", status=(USAGE, IO))
    assert not (tmp_path / "x.csv").exists()


def test_progress(small, tmp_path):
    silent = run(small, "--progress", "none", "--output", tmp_path / "a.h5").stderr
    assert "\r" not in silent and "\x1b" not in silent
    plain = mpirun(2, small, "--progress", "plain", "--output", tmp_path / "b.h5").stderr
    assert "\r" not in plain and "\x1b" not in plain
    assert "66 points" in plain  # 3 x 2 x 11, in the summary


def test_title_and_command_are_recorded(small, result):
    with h5py.File(result, "r") as file:
        assert text(file.attrs["title"]) == "small"
        assert "small.ini" in text(file.attrs["command"])
        recorded = []
        file["run"].visititems(lambda name, item: recorded.append(item) if
                               isinstance(item, h5py.Dataset) and item.dtype.kind in "SO" else None)
        assert any(SMALL == text(item[()]) for item in recorded)
