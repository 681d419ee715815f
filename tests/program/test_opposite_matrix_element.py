# SPDX-License-Identifier: GPL-3.0-or-later
"""`alpscan matrix-element --process full-opposite`: the same momenta as the same-sign table's."""

import csv
import io

import pytest
from conftest import ROOT, USAGE, run

TABLE = ROOT / "tests" / "reference" / "matrix_element_full.csv"
LEGS = {"mu1": "mup", "mu2": "mum", "e1": "em", "e2": "ep"}
CONJUGATE = {"mu1": "mum", "mu2": "mup", "e1": "ep", "e2": "em", "em_in": "ep_in", "ep_in": "em_in"}


def write(path, rows):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def points(tmp_path):
    """Every eighth point of the same-sign table with its muons and electrons named anew."""
    rows = list(csv.DictReader(TABLE.open()))[::8]

    def make(names=LEGS, **values):
        out = []
        for row in rows:
            new = {}
            for column, value in row.items():
                component, _, leg = column.partition("_")
                if component in ("E", "px", "py", "pz"):
                    column = f"{component}_{names.get(leg, leg)}"
                elif column.startswith("me2"):
                    continue
                new[column] = value
            out.append(new | {"final": "mu+mu-e+e-"} | values)
        return write(tmp_path / "points.csv", out), out

    return make


def evaluate(path, process="full-opposite", **options):
    done = run("matrix-element", "--process", process, "--points", path, **options)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    return done, [(float(r["me2"]), float(r["me2_pairs_excluded"])) for r in rows]


def test_charge_conjugation(points):
    """C: every particle for its antiparticle, y_A -> -y_A for real couplings."""
    here = evaluate(points(y_V="0.3", y_A="0.8")[0])[1]
    there = evaluate(points(CONJUGATE, y_V="0.3", y_A="-0.8")[0])[1]
    for a, b in zip(here, there):
        assert a == pytest.approx(b, rel=1e-6)  # momenta on resonances are rounded


def test_fields_differ_by_pairs_alone(points):
    path = points(y_V="0.3", y_A="0.8")[0]
    alp, scalar = evaluate(path)[1], evaluate(path, "full-opposite-scalar")[1]
    assert len(alp) == len(scalar) == 40
    for (all_a, photon_a), (all_s, photon_s) in zip(alp, scalar):
        assert photon_a == photon_s > 0
        assert all_a != all_s


def test_power_of_the_couplings(points):
    """Order e^2 y^2 goes as y^4 at a given width, and pairs vanish beside it as y^2."""
    ten = evaluate(points(y_V="0.003", y_A="0.008")[0])[1]
    one = evaluate(points(y_V="0.0003", y_A="0.0008")[0])[1]
    for (all_10, photon_10), (all_1, photon_1) in zip(ten, one):
        assert photon_10 == pytest.approx(1e4 * photon_1, rel=1e-12)
        if abs(all_10 / photon_10 - 1) < 1e-2:
            linear = 100 * (all_1 / photon_1 - 1)
            assert all_10 / photon_10 - 1 == pytest.approx(linear, rel=0.2, abs=1e-9)


def test_reference_column_and_mistakes(points, tmp_path):
    path, rows = points()
    values = evaluate(path)[1]
    named = [r | {"me2": repr(v[0]), "me2_pairs_excluded": repr(v[1])} for r, v in zip(rows, values)]
    done, _ = evaluate(write(tmp_path / "again.csv", named))
    assert "40 points: largest deviation 0" in done.stderr
    wrong = run("matrix-element", "--process", "full-opposite", "--points", TABLE, status=USAGE)
    assert "no column 'E_mup'" in wrong.stderr
    final = points(final="mu+mu+e-e-")[0]
    wrong = run("matrix-element", "--process", "full-opposite", "--points", final, status=USAGE)
    assert "allowed is mu+mu-e+e-" in wrong.stderr
    wrong = run("matrix-element", "--process", "half", "--points", path, status=USAGE)
    assert "full-opposite-scalar" in wrong.stderr
