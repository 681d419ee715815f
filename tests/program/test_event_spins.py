# SPDX-License-Identifier: GPL-3.0-or-later
"""Helicities of `alpscan events` against explicit four-component spinors in the lab
(scripts/study_events.py): every event's probabilities, added up, against what was drawn."""

import itertools
import math
import sys

import lhe
import numpy as np
import pytest
from conftest import ROOT, run

sys.path.insert(0, str(ROOT / "scripts"))

from study_events import M_E, M_MU, bar, chirality, current, dot, row_slash, slash, spinor  # noqa: E402

N = 6000
# A normal variable is outside of five sigma in one of two million cases.
SIGMAS = 5.0
BOTH = (1, -1)


def production(p1, p2, k, l, q, y):
    """|M|^2 by helicities of p1, p2, the lepton l and the antilepton k."""
    s, t = dot(p1 + p2, p1 + p2), dot(p1 - l, p1 - l)
    pair, inner, exchange = k + q, l + q, q - p2
    to_electron = 1 / (dot(pair, pair) - M_E**2)

    def line(row, momentum, v):
        after = chirality(v, *y)
        after = (M_E * after - slash(pair, after)) * to_electron
        before = chirality(row, *y)
        before = (M_MU * before + row_slash(before, momentum)) / (
            dot(momentum, momentum) - M_MU**2
        )
        return current(row, after) + current(before, v)

    found = {}
    for a, b, c, d in itertools.product(BOTH, repeat=4):
        # a spinor v of label h is an antiparticle of helicity -h
        u1, ul = spinor(p1, M_E, a, False), bar(spinor(l, M_E, c, False))
        v2, vk = bar(spinor(p2, M_E, -b, True)), spinor(k, M_MU, -d, True)
        m = dot(current(v2, u1), line(ul, inner, vk)) / s
        m = m - dot(current(ul, u1), line(v2, exchange, vk)) / t
        found[a, b, c, d] = np.abs(m) ** 2
    return found


def decay(k, l, y):
    """The same of a -> l k."""
    found = {}
    for c, d in itertools.product(BOTH, repeat=2):
        row, v = bar(spinor(l, M_E, c, False)), spinor(k, M_MU, -d, True)
        found[c, d] = np.abs((row * chirality(v, *y)).sum(axis=0)) ** 2
    return found


def compare(probabilities, drawn):
    """drawn: helicities (n, k). Each configuration is drawn as often as its probabilities say."""
    total = sum(probabilities.values())
    for key, value in probabilities.items():
        share = value / total
        seen = (drawn == np.array(key)).all(axis=1)
        spread = math.sqrt((share * (1 - share)).sum())
        assert abs(seen.sum() - share.sum()) <= SIGMAS * spread + 1, (key, seen.sum(), share.sum())


@pytest.mark.parametrize(
    "m_a, y_v, y_a, phase, final_state",
    [
        (0.5, 0.0, 1e-3, 0.0, "same-sign"),
        (9.0, 1e-3, 3e-4, 0.0, "all"),
        (3.0, 1e-3, -1e-3, 0.0, "opposite-sign"),
        (0.5, 1e-3, 8e-4, 0.7, "all"),
    ],
)
def test_helicities(tmp_path, m_a, y_v, y_a, phase, final_state):
    path = tmp_path / "a.lhe"
    run(
        "events", "--m-a", m_a, "--y-v", y_v, "--y-a", y_a, "-n", N, "--output", path,
        "--final-state", final_state, "--phase", phase,
    )
    file = lhe.read(path)
    assert set(np.unique(file.spin[:, [0, 1, 2, 3, 5, 6]])) == {-1.0, 1.0}
    assert (file.spin[:, 4] == 0).all()
    for number in sorted(set(file.number)):
        chosen = file.number == number
        p, spin = file.p[chosen].transpose(1, 2, 0), file.spin[chosen]
        first_is_plus, second_is_plus = number in (1, 3), number in (1, 4)
        # C: e+ in the place of e-, mu- in that of mu+, y_V to y_V*, y_A to -y_A*; helicities stay.
        beams = [0, 1] if first_is_plus else [1, 0]
        couplings = {
            True: (y_v * np.exp(1j * phase), y_a),
            False: (y_v * np.exp(-1j * phase), -y_a),
        }
        y = couplings[first_is_plus]
        amplitudes = production(p[beams[0]], p[beams[1]], p[2], p[3], p[4], y)
        compare(amplitudes, spin[:, [*beams, 3, 2]])
        y = couplings[second_is_plus]
        compare(decay(p[5], p[6], y), spin[:, [6, 5]])
