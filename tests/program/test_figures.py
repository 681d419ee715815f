# SPDX-License-Identifier: GPL-3.0-or-later
"""The plots: small real scans through each script, and the curves that they draw against the
numbers that a correct implementation gives."""

import pathlib
import shutil
import sys

import h5py
import numpy as np
import pytest

from conftest import CONFIGS, IO, PROGRAM, ROOT, USAGE, execute, run

SCRIPTS = ROOT / "scripts"
sys.path.insert(0, str(SCRIPTS))

import alpscan_plot as plot  # noqa: E402
import alpscan_result as reading  # noqa: E402
import plot_fig2  # noqa: E402
import plot_fig4  # noqa: E402
import plot_fig5  # noqa: E402

# Every sixth of a decade, 1 and 10 GeV among them.
FIG5 = "[scan]\nm_a = log 0.1 1000 25\ny_A = log 1e-5 3 201\n[montecarlo]\nprecision = 0.02\n"
FIG4 = "[scan]\nm_a = list 0.15 1 4 9.5 9.9 10.3\n[montecarlo]\nprecision = 0.02\n"
FIG2 = "[scan]\ny_V = log 2e-6 0.2 101\ny_A = log 2e-6 0.2 101\n"


def script(name, *arguments, status=0, python=(sys.executable,)):
    return execute([*python, SCRIPTS / name, *arguments], status, env={"ALPSCAN": str(PROGRAM)})


@pytest.fixture(scope="module")
def scan(tmp_path_factory):
    """scan(NAME, TEXT, layers): the result of configs/NAME.ini with a layer TEXT, computed once."""
    folder = tmp_path_factory.mktemp("figures")
    results = {}

    def result(name, text, *layers):
        key = (name, text, *layers)
        if key not in results:
            stem = folder / f"{name}-{len(results)}"
            stem.with_suffix(".ini").write_text(text)
            output = stem.with_suffix(".h5")
            files = [CONFIGS / f"{file}.ini" for file in (name, *layers)]
            run(*files, stem.with_suffix(".ini"), "--output", output, "--progress", "none")
            results[key] = output
        return results[key]

    return result


def check_written(stem):
    assert pathlib.Path(f"{stem}.pdf").read_bytes().startswith(b"%PDF-")
    assert pathlib.Path(f"{stem}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "name, text",
    [("fig2", FIG2), ("fig4", FIG4), ("fig5", FIG5)],
    ids=["fig2", "fig4", "fig5"],
)
def test_each_script_writes_pdf_and_png(scan, tmp_path, name, text):
    script(f"plot_{name}.py", scan(name, text), "--output", tmp_path / "figure", "--title", "A_B %")
    check_written(tmp_path / "figure")


@pytest.mark.parametrize("a_e", ["-1.02e-12 0.26e-12", "0.34e-12 0.16e-12", "0.1e-12 0.3e-12"])
@pytest.mark.parametrize("name, text", [("fig2", FIG2), ("fig5", FIG5)], ids=["fig2", "fig5"])
def test_bands_without_a_lower_edge_or_without_any(scan, tmp_path, name, text, a_e):
    """With today's a_mu and either sign of a_e there is something to draw in words at least."""
    only_bands = text.replace("[montecarlo]\nprecision = 0.02\n", "")
    layer = f"{only_bands}[inputs]\na_e = {a_e}\n[montecarlo]\nmethod = none\n"
    script(f"plot_{name}.py", scan(name, layer, "current"), "--output", tmp_path / "figure")
    check_written(tmp_path / "figure")


def test_any_map_in_any_plane(scan, tmp_path):
    file, stem = scan("fig2", FIG2), tmp_path / "figure"
    plane = ("--x", "y_V", "--y", "y_A", "--at", "m_a=1.5", "--output", stem)
    for name in ("a_mu", "excluded.muonium", "a_e_2sigma"):
        script("plot_map.py", file, "--map", name, *plane)
        check_written(stem)
    script("plot_map.py", file, "--map", "P_mmbar", *plane, "--log")
    wrong = script("plot_map.py", file, "--map", "a_tau", *plane, status=IO)
    assert "a_tau" in wrong.stderr and "a_mu" in wrong.stderr
    missing = script("plot_map.py", file, "--map", "a_mu", "--x", "y_V", "--y", "y_A", status=IO)
    assert "m_a" in missing.stderr
    run("contours", file, "--flag", "muonium", "a_e_2sigma", "--m-a", "1.5", "-o", tmp_path / "c.csv")
    script("plot_map.py", file, "--map", "a_mu", *plane, "--contours", tmp_path / "c.csv")
    check_written(stem)
    other = ("--x", "y_V", "--y", "y_A", "--at", "m_a=10", "--contours", tmp_path / "c.csv")
    refused = script("plot_map.py", file, "--map", "a_mu", *other, "--output", stem, status=IO)
    assert "no boundary in this plane" in refused.stderr


# ---- What is drawn ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fig5(scan):
    return plot_fig5.Plane(reading.Result(str(scan("fig5", FIG5))))


def at(plane, m_a, level):
    """The curve level = 0 at a mass of the axis."""
    curve = plot.first_crossing(plane.y_a, level)
    return curve[plane.result.nearest("m_a", m_a)]


def printed(text):
    """A number as printed: half a unit of its last digit either way."""
    decimals = len(text.split("e")[0].partition(".")[2])
    exponent = int(text.partition("e")[2] or 0)
    return pytest.approx(float(text), rel=0, abs=0.5 * 10.0 ** (exponent - decimals))


def test_fig5_muonium_limit_is_the_papers(fig5):
    """(4.4) of arXiv:2002.05948, to the digits that (4.1) gives."""
    assert at(fig5, 1.0, fig5.muonium()) == printed("2.3767e-4")
    assert np.isnan(at(fig5, 0.1, fig5.muonium())), "nothing is claimed below the muon's mass"


def test_fig5_centres_of_the_bands(fig5):
    """y_A = 1e-3 sqrt(Delta a/a(1e-3)): (3.2) at 10 GeV is 4.7133883833e-13, a_e with both masses
    -5.197912000256667e-14, which (3.1) meets to 0.15 %."""
    a_mu = 1e-3 * (27.8e-10 / 4.7133883833e-13) ** 0.5
    assert at(fig5, 10.0, fig5.band("a_mu")[1]) == pytest.approx(a_mu, rel=1e-9)
    a_e = 1e-3 * (0.88e-12 / 5.197912000256667e-14) ** 0.5
    assert at(fig5, 10.0, fig5.band("a_e")[1]) == pytest.approx(a_e, rel=0.75e-3)


def test_fig5_belle2_asymmetry_of_a_heavy_alp(fig5):
    """(5.9) of arXiv:2002.05948: 4.8e-2 sqrt(dA_FB) m_a/GeV."""
    for resolution in (1e-4, 1e-5):
        slope = at(fig5, 1000.0, fig5.afb(resolution)) / (resolution**0.5 * 1000.0)
        assert slope == printed("4.8e-2")


def lep_asymmetry(squared, m_a):
    """A_FB at 207 GeV by quadrature over the chirality amplitudes: LL and RR go as (1+c)^2, LR and
    RL as (1-c)^2; the ALP interferes with LR and RL, and the last term of (B.8) is its square."""
    s, e2, sin2 = 207.0**2, 4.0 * np.pi / 128.0, 0.2312
    chi = s / (s - 91.1876**2 + 91.1876j * 2.4952)
    left, right = ((t + sin2) / (sin2 * (1.0 - sin2)) ** 0.5 for t in (-0.5, 0.0))
    nodes, weights = np.polynomial.legendre.leggauss(64)

    def hemisphere(sign):
        c = sign * 0.5 * (1.0 + nodes)
        alp = squared / e2 * (1.0 - c) / ((1.0 - c) + 2.0 * m_a**2 / s)
        same = sum(abs(1.0 + g * g * chi) ** 2 for g in (left, right)) / 4.0 * (1.0 + c) ** 2
        mixed = 1.0 + left * right * chi
        opposite = abs(mixed) ** 2 / 2.0 * (1.0 - c) ** 2 - mixed.real * (1.0 - c) * alp + alp**2
        return weights @ (same + opposite)

    forward, backward = hemisphere(1.0), hemisphere(-1.0)
    return (forward - backward) / (forward + backward)


def test_fig5_lep_excludes_two_ranges(fig5):
    """0.535 +- 0.028 +- 0.004 against 0.552: the square brings the asymmetry back once."""
    column = fig5.lep()[:, fig5.result.nearest("m_a", 10.0)] > 0.0
    standard, two_sigma = lep_asymmetry(0.0, 10.0), 2.0 * np.hypot(0.028, 0.004)
    shifted = [0.552 + lep_asymmetry(y * y, 10.0) - standard for y in fig5.y_a]
    assert np.array_equal(column, np.abs(np.array(shifted) - 0.535) > two_sigma)
    assert (column[:-1] != column[1:]).sum() == 3


def test_what_is_drawn_is_what_the_flags_say(fig5):
    """Levels are made from maps and the configuration, flags by the program."""
    levels = {
        ("excluded", "muonium"): fig5.muonium(),
        ("excluded", "lep_afb"): fig5.lep(),
        ("favoured", "a_e_2sigma"): fig5.band("a_e")[0],
        ("favoured", "a_mu_2sigma"): fig5.band("a_mu")[0],
        ("reach", "belle2_afb_1e-4"): fig5.afb(1e-4),
        ("reach", "belle2_afb_1e-5"): fig5.afb(1e-5),
        ("reach", "belle2_pairs_1ab"): fig5.pairs(1.0),
        ("reach", "belle2_pairs_50ab"): fig5.pairs(50.0),
    }
    for (group, name), level in levels.items():
        flag = fig5.flag(group, name)
        clear = np.abs(level) > 1e-9  # rounding decides on an edge
        assert np.array_equal(level[clear] > 0.0, flag[clear]), name
        assert flag.any(), name


def test_fig4_events_along_the_centre(scan):
    """Without identification 57 events per 1/ab at 1 GeV, 190 at 4, 42 at 9.5, 8 at 9.9, and none
    above 10.09 GeV."""
    result = reading.Result(str(scan("fig4", FIG4)))
    curve = plot_fig4.Curve(result)
    events = curve.at(-0.88e-12) / result.table("montecarlo/efficiency").clip(1e-9) * 1e3
    for m_a, expected in ((1.0, 57.0), (4.0, 190.0), (9.5, 42.0), (9.9, 8.0)):
        i = result.nearest("m_a", m_a)
        assert abs(events[i] - expected) <= 0.5 + 3.0 * curve.error[i] * events[i]
    assert np.isnan(events[-1])


def test_fig2_polynomials_are_the_maps(scan):
    """(4.3)-(4.5) of arXiv:2002.05948 scaled to 1.5 GeV, from the polynomial that the lower row is
    drawn with."""
    plane = plot_fig2.Plane(reading.Result(str(scan("fig2", FIG2))), 1.5)
    p_mmbar = plane.polynomial("P_mmbar", 2)
    for couplings, limit in (((1, 0), "2.8908e-4"), ((0, 1), "2.3767e-4"), ((1, 1), "3.1435e-4")):
        found = (8.3e-11 / p_mmbar(*(1e-4 * y for y in couplings))) ** 0.25 * 1e-4 / 1.5
        assert found == printed(limit)


def test_median_limit():
    """-log(0.05) = 2.996 events without a background; with 3 expected the median experiment sees 3,
    and 7.754 is the classical limit on signal and background (Poisson tables)."""
    assert reading.poisson_median_limit(0.0, 0.95) == printed("2.996")
    assert reading.poisson_median_limit(3.0, 0.95) == printed("4.754")


# ---- What is refused --------------------------------------------------------------------------


def refused(file, tmp_path, name="plot_fig5.py"):
    stem = tmp_path / "refused"
    message = script(name, file, "--output", stem, status=IO).stderr
    assert message.startswith(f"{name}: ") and "Traceback" not in message
    assert not pathlib.Path(f"{stem}.png").exists() and not pathlib.Path(f"{stem}.pdf").exists()
    return message


@pytest.mark.parametrize("name", ["plot_fig2.py", "plot_fig4.py", "plot_fig5.py"])
def test_refuses_what_is_not_complete(scan, tmp_path, name):
    part = tmp_path / "part.h5"
    shutil.copy(scan("fig2", FIG2), part)
    with h5py.File(part, "r+") as file:
        file.attrs["complete"] = 0
    assert "not complete" in refused(part, tmp_path, name)


def test_refuses_foreign_files(tmp_path):
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["a_e"] = np.zeros(3)
    assert "not a result of alpscan" in refused(tmp_path / "other.h5", tmp_path)
    (tmp_path / "text.h5").write_text("m_a, y_A\n")
    assert "cannot be read" in refused(tmp_path / "text.h5", tmp_path)
    assert "cannot be read" in refused(tmp_path / "missing.h5", tmp_path)


def test_refuses_results_of_another_shape(scan, tmp_path):
    assert "m_a and y_A" in refused(scan("fig4", FIG4), tmp_path, "plot_fig5.py")
    assert "y_V and y_A" in refused(scan("fig5", FIG5), tmp_path, "plot_fig2.py")
    assert "y_V = 0" in refused(scan("fig2", FIG2), tmp_path, "plot_fig4.py")


def test_names_the_packages_that_are_missing():
    """-S: without the folders where packages are."""
    message = script("plot_fig5.py", "x.h5", status=USAGE, python=(sys.executable, "-S")).stderr
    assert "h5py" in message and "numpy" in message and message.count("\n") == 1


# ---- The paper's numbers ----------------------------------------------------------------------


def test_table_of_the_papers_numbers():
    """(4.3)-(4.5), by the paper's formulas and by the exact ones."""
    table = script("paper_numbers.py", "--only", "muonium_limits").stdout
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    assert [row[0] for row in rows[2:]] == ["(4.3)", "(4.4)", "(4.5)"]
    assert [row[2] for row in rows[2:]] == ["2.8908e-04", "2.3767e-04", "3.1435e-04"]
    assert [row[3] for row in rows[2:]] == ["4.0735e-04", "3.3486e-04", "4.4288e-04"]
