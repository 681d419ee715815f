# SPDX-License-Identifier: GPL-3.0-or-later
"""Boundaries of regions: against roots found with `alpscan point`, circles, and the flags."""

import csv
import math
import pathlib

import h5py
import hepdata
import numpy as np
import pytest
from conftest import CONFIGS, IO, USAGE, run, run_json
from results import flags

# The paper's inputs, (1.1), (1.2), (4.2), (5.10) and the formulas' limits: what each flag compares.
MUONIUM, A_E, A_MU = 8.3e-11, (-0.88e-12, 0.36e-12), (27.8e-10, 7.4e-10)
LEP = (0.535 - 0.552, 2 * math.hypot(0.028, 0.004))
BOUNDS = {
    ("excluded.muonium", "high"): ("P_mmbar", MUONIUM),
    ("favoured.a_e_2sigma", "high"): ("a_e", A_E[0] + 2 * A_E[1]),
    ("favoured.a_e_2sigma", "low"): ("a_e", A_E[0] - 2 * A_E[1]),
    ("favoured.a_mu_1sigma", "high"): ("a_mu", A_MU[0] + A_MU[1]),
    ("favoured.a_mu_1sigma", "low"): ("a_mu", A_MU[0] - A_MU[1]),
    ("reach.belle2_afb_1e-4", "high"): ("A_fb_belle2", 1e-4),
}
LEP_BOUNDS = {
    ("excluded.lep_afb", "high"): ("A_fb_lep", LEP[0] + LEP[1]),
    ("excluded.lep_afb", "low"): ("A_fb_lep", LEP[0] - LEP[1]),
}
FIG5 = CONFIGS / "fig5.ini"


def contours(result, *options, **more):
    """Comments and rows of the CSV."""
    text = run("contours", result, *options, **more).stdout
    lines = text.splitlines()
    comments = [line for line in lines if line.startswith("#")]
    assert lines[: len(comments)] == comments  # one header
    rows = list(csv.DictReader(lines[len(comments) :]))
    for row in rows:
        for name in row:
            if name not in ("flag", "limit", "found", "along"):
                row[name] = float(row[name])
    return comments, rows


def scan(path, *settings, config=FIG5):
    words = [word for setting in settings for word in ("--set", setting)]
    run(config, *words, "--method", "none", "--output", path, "--progress", "none")
    return path


@pytest.fixture(scope="module")
def plane(tmp_path_factory):
    """Scans like that of Fig. 5 with n x n points."""
    folder, made = tmp_path_factory.mktemp("planes"), {}

    def get(n):
        if n not in made:
            axes = (f"scan.m_a=log 0.15 100 {n}", f"scan.y_A=log 1e-5 3 {n}")
            made[n] = scan(folder / f"plane-{n}.h5", *axes)
        return made[n]

    return get


def observable(name, m_a, y_a):
    point = ("point", "--config", FIG5, "--method", "none", "--y-v", "0")
    result = run_json(*point, "--m-a", repr(m_a), "--y-a", repr(y_a))
    return result["observables"][name]["value"]


def sample(rows, flag, limit):
    """Some interpolated points of a boundary, between points of both axes."""
    mine = [row for row in rows if (row["flag"], row["limit"]) == (flag, limit)]
    mine = [row for row in mine if row["found"] == "interpolated"]
    found = []
    for along in ("m_a", "y_A"):
        those = [row for row in mine if row["along"] == along]
        found += those[:: max(len(those) // 20, 1)]
    assert len(found) > 10
    return found


def evaluated(folder, rows, bounds):
    """Every observable at every row: a scan of all their masses and couplings."""
    values = {axis: sorted({row[axis] for row in rows}) for axis in ("m_a", "y_A")}
    axes = (f"scan.{axis}=list {' '.join(map(repr, values[axis]))}" for axis in values)
    with h5py.File(scan(folder / f"at-{len(rows)}.h5", *axes)) as file:
        maps = {name: file[name][:, 0, :] for name, _ in bounds.values()}
    at = {axis: [values[axis].index(row[axis]) for row in rows] for axis in values}
    return {name: map_[at["m_a"], at["y_A"]] for name, map_ in maps.items()}


def curvature(path, name, bound, row):
    """What linear interpolation between two points of the grid may be off: an eighth of the second
    differences, of which those of the four points about the crossing are taken twice."""
    with h5py.File(path) as file:
        i, j = (int(np.searchsorted(file[axis][...], row[axis])) for axis in ("m_a", "y_A"))
        k = int(np.searchsorted(file[row["along"]][...], row["low"]))
        line = file[name][:, 0, j] if row["along"] == "m_a" else file[name][i, 0, :]
    ratio = line[max(k - 1, 0) : k + 3] / bound
    if (ratio <= 0).any():
        return math.inf
    return np.abs(np.diff(np.log(ratio), 2)).max() / 4


def errors(path, folder, bounds):
    """The largest log(observable/bound) on each boundary."""
    rows = contours(path, "--flag", *{flag for flag, _ in bounds})[1]
    points = [(key, row) for key in bounds for row in sample(rows, *key)]
    values = evaluated(folder, [row for _, row in points], bounds)
    worst = dict.fromkeys(bounds, 0.0)
    for k, (key, row) in enumerate(points):
        name, bound = bounds[key]
        error = abs(math.log(values[name][k] / bound))
        assert error <= curvature(path, name, bound, row) + 1e-9, (key, row)
        worst[key] = max(worst[key], error)
        if k % 60 == 0:
            assert observable(name, row["m_a"], row["y_A"]) == values[name][k]
    return worst


def check_order(coarse, fine):
    """The error goes as the square of the step, a quarter for half of it; the points are others in
    each grid: less than half."""
    for key in coarse:
        assert fine[key] < max(0.5 * coarse[key], 1e-9), key


def test_points_lie_where_the_observable_is_at_its_bound(plane, tmp_path):
    check_order(*(errors(plane(n), tmp_path, BOUNDS) for n in (49, 97)))


def test_limits_of_an_observable_that_turns_back(tmp_path):
    """LEP's asymmetry rises with the coupling, falls, and changes its sign: excluded, allowed between
    the two limits, excluded. The flag of `alpscan point` turns at each of the three."""
    found = []
    for n in (49, 97):
        axes = (f"scan.m_a=log 5 20 {n}", f"scan.y_A=log 0.05 0.5 {n}")
        path = scan(tmp_path / f"lep-{n}.h5", *axes)
        found.append(errors(path, tmp_path, LEP_BOUNDS))
        rows = contours(path, "--flag", "lep_afb")[1]
        at = [row for row in rows if row["along"] == "y_A" and row["m_a"] == pytest.approx(10)]
        at.sort(key=lambda row: row["y_A"])
        assert [row["limit"] for row in at] == ["high", "high", "low"]
        for row, below in zip(at, (False, True, False), strict=True):
            step = (row["high"] / row["low"]) ** 0.25  # it is within a quarter of the grid's
            for change, above in ((1 / step, below), (step, not below)):
                words = ("--m-a", "10", "--y-v", "0", "--y-a", repr(row["y_A"] * change))
                point = run_json("point", "--config", FIG5, *words, "--method", "none")
                assert point["excluded"]["lep_afb"] == above
    check_order(*found)


def test_roots(plane):
    """Against the root between the two points, by `alpscan point` and the Illinois rule."""
    name, bound = BOUNDS["excluded.muonium", "high"]
    step = math.log(100 / 0.15) / 48
    for row in sample(contours(plane(49), "--flag", "muonium")[1], "excluded.muonium", "high")[::12]:

        def excess(x, row=row):
            at = {"m_a": row["m_a"], "y_A": row["y_A"], row["along"]: math.exp(x)}
            return observable(name, at["m_a"], at["y_A"]) / bound - 1

        low, high = math.log(row["low"]), math.log(row["high"])
        f_low, f_high = excess(low), excess(high)
        assert f_low * f_high <= 0  # the boundary is where it is said to be
        f, x = 1, low
        while abs(f) > 1e-8:
            x = low + (high - low) * f_low / (f_low - f_high)
            f = excess(x)
            if f * f_low > 0:
                low, f_low, f_high = x, f, f_high / 2
            else:
                high, f_high, f_low = x, f, f_low / 2
        assert abs(math.log(row[row["along"]]) - x) < 0.25 * step**2


def test_pairs_with_their_monte_carlo(tmp_path):
    """At the masses of the grid sigma goes as y^2, a power: found to rounding. The background is a table
    that the file keeps."""
    table = tmp_path / "background.csv"
    table.write_text("m,events\n0.5,400\n5,700\n")
    settings = ("belle2.efficiency=none", "montecarlo.precision=0.05", "montecarlo.masses=grid",
                f"belle2.os_background={table}")
    options = ("--config", FIG5, *(word for s in settings for word in ("--set", s)))
    words = ("scan.m_a=list 1 2 4", "scan.y_A=log 1e-5 1e-1 17")
    ini = [word for setting in (*settings, *words) for word in ("--set", setting)]
    run(FIG5, *ini, "--output", "pairs.h5", "--progress", "none", cwd=tmp_path)
    names = {"belle2_pairs_5ab": "sigma_belle2", "belle2_os_pairs_5ab": "sigma_os_belle2"}
    table.unlink()
    rows = contours(tmp_path / "pairs.h5", "--flag", *names)[1]
    table.write_text("m,events\n0.5,400\n5,700\n")
    assert {row["found"] for row in rows} == {"interpolated"}
    mine = [row for row in rows if row["along"] == "y_A"]
    assert [row["m_a"] for row in mine] == [1, 2, 4, 1, 2, 4]
    for row in mine:
        couplings = ("--m-a", repr(row["m_a"]), "--y-v", "0", "--y-a", repr(row["y_A"]))
        point = run_json("point", *couplings, *options)
        name = row["flag"].removeprefix("reach.")
        needed = point["searches"][name]["needed_sigma_fb"]
        sigma = point["observables"][names[name]]["value"]
        assert sigma == pytest.approx(needed, rel=1e-12)


def test_form(plane):
    """Of the lines: numbers, ends, brackets, the region on the left, and where the flag turns."""
    path = plane(49)
    comments, rows = contours(path)
    head = "\n".join(comments)
    for word in (path.name, "alpscan", "physics version", "m_a [GeV]", "y_A [1]", "8.3e-11"):
        assert word in head
    assert {row["flag"] for row in rows} >= {"excluded.muonium", "favoured.a_e_2sigma"}
    with h5py.File(path) as file:
        axes = {name: file[name][...] for name in ("m_a", "y_A")}
        known = {f"{group}.{name}": set_ for group in ("favoured", "excluded", "reach")
                 for name, set_ in flags(file[group]).items()}
    turns = {}
    lines = {}
    for row in rows:
        lines.setdefault((row["flag"], row["polyline"]), []).append(row)
        other = "y_A" if row["along"] == "m_a" else "m_a"
        assert row["low"] <= row[row["along"]] <= row["high"]
        assert row[other] in axes[other]
        k = int(np.searchsorted(axes[row["along"]], row["low"]))
        assert axes[row["along"]][k : k + 2].tolist() == [row["low"], row["high"]]
        i = int(np.searchsorted(axes[other], row[other]))
        turns.setdefault(row["flag"], set()).add((row["along"], k, i))
    for line in lines.values():
        assert [row["point"] for row in line] == list(range(1, len(line) + 1))
        ends = [(row["m_a"], row["y_A"]) for row in (line[0], line[-1])]
        if line[0]["closed"]:
            assert ends[0] == ends[1]
        else:
            for end in ends:
                assert end[0] in axes["m_a"][[0, -1]] or end[1] in axes["y_A"][[0, -1]]
    # every turn of the flag between neighbours is crossed (a band may be crossed at both limits there)
    for name, found in turns.items():
        set_ = known[name][:, 0, :]
        for i, j in np.argwhere(set_[1:] != set_[:-1]):
            assert ("m_a", i, j) in found
        for i, j in np.argwhere(set_[:, 1:] != set_[:, :-1]):
            assert ("y_A", j, i) in found
    assert run("contours", path).stdout == run("contours", path).stdout
    assert "excluded.edm is set nowhere" in run("contours", path).stderr


def test_region_is_on_the_left(plane):
    """The muonium's region is above: the boundary runs to larger m_a."""
    rows = contours(plane(49), "--flag", "muonium")[1]
    assert {row["polyline"] for row in rows} == {1}
    assert rows[0]["m_a"] < rows[-1]["m_a"] and rows[0]["closed"] == 0


def test_group_is_the_outline_of_its_flags(plane):
    members = contours(plane(49))[1]
    group = contours(plane(49), "--flag", "excluded")[1]
    coordinates = {(row["m_a"], row["y_A"]) for row in members if row["flag"].startswith("excluded.")}
    assert {row["flag"] for row in group} == {"excluded"} and len(group) > 40
    for row in group:
        assert (row["m_a"], row["y_A"]) in coordinates
    alias = contours(plane(49), "--flag", "sensitive")[1]
    assert {row["flag"] for row in alias} == {"reach"}


def test_circle(tmp_path):
    """The contact interactions' limit at 1 TeV is a circle of radius 0.41 about no coupling."""
    axes = ("scan.m_a=list 200 1000", "scan.y_V=lin -0.6 0.6 61", "scan.y_A=lin -0.6 0.6 61")
    path = scan(tmp_path / "circle.h5", *axes)
    rows = contours(path, "--flag", "lep_contact", "--m-a", "1000")[1]
    assert {row["closed"] for row in rows} == {1} and {row["limit"] for row in rows} == {"high"}
    x, y = (np.array([row[name] for row in rows]) for name in ("y_V", "y_A"))
    step = 0.02
    # log S is linear where it is not: S'' and its logarithm's are at most 2/r^2 along a line
    assert np.abs(np.hypot(x, y) - 0.41).max() < step**2 / 0.41
    area = 0.5 * np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])
    # the region is outside: clockwise
    assert area == pytest.approx(-math.pi * 0.41**2, abs=2 * math.pi * 0.41 * step**2)
    # below lep_contact_m_a_min it is void, which is known of the masses of the grid alone
    across = contours(path, "--flag", "lep_contact", "--y-v", "0.6")[1]
    assert {row["found"] for row in across} == {"middle"}
    for row in across:
        assert row["m_a"] == pytest.approx(math.sqrt(200 * 1000))


def test_band_narrower_than_the_grid(tmp_path):
    """No point is in the band of a_mu; its two edges are found, a factor sqrt(35.2/20.4) apart, for
    a_mu goes as y_A^2."""
    path = scan(tmp_path / "band.h5", "scan.m_a=log 1 10 3", "scan.y_A=log 1.5e-4 1.5 5")
    with h5py.File(path) as file:
        assert not flags(file["favoured"])["a_mu_1sigma"].any()
    rows = contours(path, "--flag", "a_mu_1sigma")[1]
    high, low = ({row["m_a"]: row["y_A"] for row in rows
                  if row["limit"] == limit and row["along"] == "y_A"} for limit in ("high", "low"))
    assert set(high) == set(low) and len(high) == 3
    for m_a in high:
        assert high[m_a] / low[m_a] == pytest.approx(math.sqrt(35.2 / 20.4), rel=1e-9)


def test_planes(tmp_path):
    axes = ("scan.m_a=log 0.5 5 3", "scan.y_V=lin 0 1e-3 4", "scan.y_A=log 1e-5 1 9")
    path = scan(tmp_path / "cube.h5", *axes, "scan.phase=list 0 1")
    everything = contours(path, "--flag", "muonium")[1]
    found = {}
    for axis, option, value in (("m_a", "--m-a", 5), ("y_V", "--y-v", 0), ("y_A", "--y-a", 1e-5)):
        rows = contours(path, "--flag", "muonium", option, value, "--phase", 1)[1]
        assert {(row[axis], row["phase"]) for row in rows} <= {(value, 1)}
        found[axis] = len(rows)
    assert found["m_a"] > 0 and found["y_V"] > 0
    more = contours(path, "--flag", "muonium", "--m-a", 0.5, 5, "--phase", 1)[1]
    assert {row["m_a"] for row in more} == {0.5, 5}
    assert len({(row["along"], row["phase"]) for row in everything}) == 6
    said = run("contours", path, "--m-a", "1.6", "--flag", "muonium").stderr
    assert "m_a = 1.6 is not a point of the axis" in said


def test_flags_alone_are_followed_half_way(tmp_path):
    axes = ("scan.m_a=log 0.15 100 25", "scan.y_A=lin 1e-5 1e-1 25")
    path = scan(tmp_path / "bits.h5", *axes, "output.observables=none")
    comments, rows = contours(path, "--flag", "muonium", "lep_contact", "unitarity")
    assert any("P_mmbar is not in the file" in line for line in comments)
    mine = [row for row in rows if row["flag"] == "excluded.muonium"]
    assert {(row["limit"], row["found"]) for row in mine} == {("bit", "middle")}
    for row in mine:
        low, high, at = row["low"], row["high"], row[row["along"]]
        middle = math.sqrt(low * high) if row["along"] == "m_a" else (low + high) / 2
        assert at == pytest.approx(middle, rel=1e-14)


def altered(plane, tmp_path, change):
    path = tmp_path / "altered.h5"
    path.write_bytes(pathlib.Path(plane(49)).read_bytes())
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def test_flag_that_contradicts_its_limit(plane, tmp_path):
    """A flag that is set where its observable is below the bound is followed as it is."""

    def change(file):
        words = file["excluded"][...]
        words[20, 0, 3] |= 4  # muonium
        file["excluded"][...] = words

    path = altered(plane, tmp_path, change)
    assert "excluded.muonium: is not what its limit" in run("contours", path).stderr
    rows = contours(path, "--flag", "muonium")[1]
    assert {row["found"] for row in rows} == {"middle"}
    closed = [row for row in rows if row["closed"]]
    assert len(closed) == 5  # about the one point


def test_other_physics(plane, tmp_path):
    def change(file):
        file.attrs["physics_version"] = "0"

    path = altered(plane, tmp_path, change)
    assert "physics version 0" in run("contours", path).stderr
    assert {row["found"] for row in contours(path, "--flag", "muonium")[1]} == {"middle"}


def test_points_without_a_value(tmp_path):
    """What has not been computed is in no region: the boundary goes around it, half-way."""
    axes = ("scan.m_a=log 0.15 100 32", "scan.y_A=log 1e-5 3 32", "run.chunk=16 1 16")
    path = scan(tmp_path / "gap.h5", *axes)
    with h5py.File(path, "r+") as file:
        file.attrs.modify("complete", np.int32(0))
        file["run/tile_state"][3] = 0  # the upper half of both axes
        m_a, y_a = (file[name][...] for name in ("m_a", "y_A"))
    assert "not complete" in run("contours", path, status=IO).stderr
    for flag in ("muonium", "excluded"):
        rows = contours(path, "--partial", "--flag", flag)[1]
        assert not any(row["m_a"] >= m_a[16] and row["y_A"] >= y_a[16] for row in rows)
        middle = {(row["along"], row["low"]) for row in rows if row["found"] == "middle"}
        assert ("m_a", m_a[15]) in middle and middle <= {("m_a", m_a[15]), ("y_A", y_a[15])}


def test_hepdata(plane, tmp_path):
    folder, table_csv = tmp_path / "submission", tmp_path / "all.csv"
    run("contours", plane(49), "--hepdata", folder, "-o", table_csv)
    comment, tables = hepdata.submission(folder)
    assert "excluded.edm is set nowhere" in comment and "plane-49.h5" in comment
    rows = contours(plane(49))[1]
    assert set(tables) == {f"{row['flag']}.yaml" for row in rows}
    for name, (entry, table) in tables.items():
        mine = [row for row in rows if f"{row['flag']}.yaml" == name]
        columns = {v["header"]["name"]: v for group in table.values() for v in group}
        assert columns["m_a"]["header"]["units"] == "GeV"
        assert {"name": "y_V", "value": 0} in columns["y_A"]["qualifiers"]
        assert entry["description"] and any(k["name"] == "phrases" for k in entry["keywords"])
        for axis in ("m_a", "y_A"):
            for value, row in zip(columns[axis]["values"], mine, strict=True):
                assert value["value"] == pytest.approx(row[axis], rel=1e-8)
                if row["along"] != axis:
                    assert "errors" not in value
                    continue
                (error,) = value["errors"]
                ends = [value["value"] + error["asymerror"][side] for side in ("minus", "plus")]
                assert ends == pytest.approx([row["low"], row["high"]], rel=1e-7)
        numbers = [(v["value"], w["value"]) for v, w in
                   zip(columns["Polyline"]["values"], columns["Point"]["values"], strict=True)]
        assert numbers == [(row["polyline"], row["point"]) for row in mine]
    assert "P_mmbar" in str(tables["excluded.muonium.yaml"][0]["keywords"])
    again = run("contours", plane(49), "--hepdata", folder, status=IO).stderr
    assert "is not empty" in again
    with open(table_csv, encoding="utf-8") as stream:
        skipped = sum(line.startswith("#") for line in stream)
    data = np.genfromtxt(table_csv, delimiter=",", names=True, skip_header=skipped, dtype=None,
                         encoding="utf-8")
    assert len(data) == len(rows) and data["y_A"].tolist() == [row["y_A"] for row in rows]


def test_hepdata_of_several_planes(tmp_path):
    axes = ("scan.m_a=log 0.5 5 3", "scan.y_V=lin 0 1e-3 5", "scan.y_A=log 1e-5 1 9")
    path = scan(tmp_path / "cube.h5", *axes)
    run("contours", path, "--flag", "muonium", "--hepdata", tmp_path / "all")
    tables = hepdata.submission(tmp_path / "all")[1]
    assert {"excluded.muonium_y_V_y_A.yaml", "excluded.muonium_m_a_y_A.yaml"} <= set(tables)
    run("contours", path, "--flag", "muonium", "--m-a", "0.5", "5", "--hepdata", tmp_path / "two")
    (only,) = hepdata.submission(tmp_path / "two")[1].values()
    columns = {v["header"]["name"]: v for v in only[1]["independent_variables"]}
    assert {value["value"] for value in columns["m_a"]["values"]} == {0.5, 5}


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--flag", "muonum"], USAGE, "no such flag or group in the file; it has favoured"),
        (["--flag", "muonium", "excluded.muonium"], USAGE, "given twice"),
        (["--m-a", "1"], USAGE, "no plane is left"),
        (["--phase", "0"], USAGE, "has no axis phase"),
        (["--y-v", "x"], USAGE, "not a finite decimal number"),
        (["--y-v", "7"], USAGE, "is not on the axis"),
        (["-o", "no/such/folder.csv"], IO, "cannot write"),
        (["--hepdata", "no/such/folder"], IO, "cannot be made a folder"),
    ],
)
def test_refusals(plane, tmp_path, options, status, said):
    assert said in run("contours", plane(49), *options, status=status, cwd=tmp_path).stderr
    assert list(tmp_path.iterdir()) == []


def test_input_is_not_written_over(plane):
    assert "is an input" in run("contours", plane(49), "-o", plane(49), status=IO).stderr
