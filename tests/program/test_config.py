# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations that must be refused, and layers."""

import re

import pytest
from conftest import IO, SMALL, USAGE, run

# text, line of the mistake, what the message must contain
WRONG = {
    "unknown key": ("[model]\nlop = exact\n", 2, ["model.lop", "loop"]),
    "unknown section": ("[modell]\nloop = exact\n", 1, ["modell", "model"]),
    "key before a section": ("loop = exact\n", 1, ["loop"]),
    "no equals sign": ("[model]\nloop exact\n", 2, ["loop"]),
    "empty value": ("[model]\nloop =\n", 2, ["model.loop", "exact"]),
    "key twice": ("[model]\nloop = exact\nloop = paper\n", 3, ["model.loop"]),
    "unknown choice": ("[model]\nloop = exakt\n", 2, ["model.loop", "exact", "paper"]),
    "not a number": ("[inputs]\nmuon_mass = heavy\n", 2, ["inputs.muon_mass"]),
    "trailing garbage": ("[inputs]\nmuon_mass = 0.1x\n", 2, ["inputs.muon_mass"]),
    "two numbers": ("[inputs]\nmuon_mass = 0.1 0.2\n", 2, ["inputs.muon_mass"]),
    "nan": ("[inputs]\nmuon_mass = nan\n", 2, ["inputs.muon_mass"]),
    "infinity": ("[inputs]\nmuon_mass = inf\n", 2, ["inputs.muon_mass"]),
    "overflow": ("[inputs]\nmuon_mass = 1e999\n", 2, ["inputs.muon_mass"]),
    "hexadecimal": ("[inputs]\nmuon_mass = 0x1\n", 2, ["inputs.muon_mass"]),
    "out of range": ("[inputs]\nmuon_mass = -1\n", 2, ["inputs.muon_mass"]),
    "no uncertainty": ("[inputs]\na_e = -0.88e-12\n", 2, ["inputs.a_e"]),
    "negative uncertainty": ("[inputs]\na_e = 1e-12 -1e-12\n", 2, ["inputs.a_e"]),
    "confidence above 1": ("[inputs]\nd_e = 1e-29 90\n", 2, ["inputs.d_e"]),
    "falling list": ("[scan]\nm_a = list 2 1\n", 2, ["scan.m_a"]),
    "repeated mass": ("[scan]\nm_a = list 1 1\n", 2, ["scan.m_a"]),
    "log from zero": ("[scan]\nm_a = log 0 1 10\n", 2, ["scan.m_a"]),
    "log of a negative": ("[scan]\ny_A = log -1 1 10\n", 2, ["scan.y_A"]),
    "one point": ("[scan]\nm_a = lin 1 2 1\n", 2, ["scan.m_a"]),
    "half a point": ("[scan]\nm_a = lin 1 2 2.5\n", 2, ["scan.m_a"]),
    "no number of points": ("[scan]\nm_a = lin 1 2\n", 2, ["scan.m_a"]),
    "unknown axis": ("[scan]\nm_a = geom 1 2 3\n", 2, ["scan.m_a", "log"]),
    "negative mass": ("[scan]\nm_a = -1\n", 2, ["scan.m_a"]),
    "negative luminosity": ("[belle2]\nluminosity = 1 -5\n", 2, ["belle2.luminosity"]),
    "confidence of 1": ("[belle2]\nconfidence = 1\n", 2, ["belle2.confidence"]),
    "negative seed": ("[montecarlo]\nseed = -1\n", 2, ["montecarlo.seed"]),
    "broken count": ("[montecarlo]\nmax_events = 1.5\n", 2, ["montecarlo.max_events"]),
    "precision of zero": ("[montecarlo]\nprecision = 0\n", 2, ["montecarlo.precision"]),
    "unknown method": ("[montecarlo]\nmethod = half\n", 2, ["montecarlo.method", "full"]),
    "unknown observable": ("[output]\nobservables = a_e a_tau\n", None, ["a_tau"]),
    "chunk of zero": ("[run]\nchunk = 0 1 1\n", 2, ["run.chunk"]),
    "two chunk edges": ("[run]\nchunk = 8 8\n", 2, ["run.chunk"]),
    "unclosed section": ("[model\nloop = exact\n", 1, ["]"]),
    "inverted cut": (
        "[belle2]\nmuon_theta_min = 90\nmuon_theta_max = 30\n", None, ["muon_theta_m"],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_configuration(ini, name):
    text, line, said = WRONG[name]
    done = run("check", ini(text, "wrong.ini"), status=USAGE)
    for words in said:
        assert words in done.stderr
    if line is not None:
        assert f"wrong.ini:{line}: " in done.stderr
    assert done.stderr.startswith("alpscan: ")


def test_all_mistakes_at_once(ini):
    path = ini("[scan]\nm_a = -1\n[model]\nloop = exakt\n[inputs]\nmuon_mas = 1\n", "wrong.ini")
    lines = run("check", path, "--set", "lep.alpha=x", status=USAGE).stderr.splitlines()
    mistakes = [line for line in lines if "wrong.ini:" in line or "lep.alpha" in line]
    assert len(mistakes) == 4
    for place in ("wrong.ini:2: ", "wrong.ini:4: ", "wrong.ini:6: ", "--set"):
        assert any(place in line for line in mistakes)


def test_nul_and_endless_lines(tmp_path):
    for content, line in ((b"[model]\nloop = ex\0act\n", 2), (b"[scan]\ntitle = " + b"x" * 2**20, 2)):
        path = tmp_path / "wrong.ini"
        path.write_bytes(content)
        assert f"wrong.ini:{line}" in run("check", path, status=(USAGE, IO)).stderr


def test_crlf_bom_and_comments(tmp_path):
    path = tmp_path / "windows.ini"
    path.write_bytes(
        b"\xef\xbb\xbf# comment\r\n[model]\r\n  ; another\r\nloop = paper   # the formula\r\n"
    )
    assert effective(path)["model.loop"] == "paper"


def effective(*arguments):
    """The effective configuration that check prints, key by key."""
    values, section = {}, None
    for line in run("check", *arguments).stdout.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif section and (match := re.fullmatch(r"(\w+) = (.*)", line)):
            values[f"{section}.{match[1]}"] = match[2].strip()
    return values


def test_later_layers_win(ini):
    one = ini(SMALL, "one.ini")
    two = ini("[model]\nloop = paper\n[belle2]\nluminosity = 3\n", "two.ini")
    assert effective(one)["model.loop"] == "exact"
    assert effective(one, two)["model.loop"] == "paper"
    # a list is replaced whole
    assert effective(one, two)["belle2.luminosity"] == "3"
    assert effective(one, two, "--set", "model.loop=exact")["model.loop"] == "exact"
    last = effective(one, two, "--set", "model.loop=exact", "--set", "model.loop=paper")
    assert last["model.loop"] == "paper"


def test_effective_configuration_is_a_fixed_point(ini, small):
    """Loading what check prints gives the same configuration."""
    first = effective(small)
    text, section = [], None
    for key, value in first.items():
        head, name = key.split(".", 1)
        if head != section:
            text.append(f"[{head}]")
            section = head
        text.append(f"{name} = {value}")
    assert effective(ini("\n".join(text) + "\n", "again.ini")) == first


def test_tables_are_found_beside_the_file_that_names_them(ini, tmp_path):
    (tmp_path / "limits.csv").write_text("m_a,br_limit\n0.001,1e-6\n0.09,1e-6\n")
    run("check", ini(SMALL + "[inputs]\nmu_to_e_a = limits.csv\n"), cwd="/")
    missing = run(
        "check", ini(SMALL + "[inputs]\nmu_to_e_a = other.csv\n"), cwd="/", status=(USAGE, IO)
    )
    assert "other.csv" in missing.stderr


@pytest.mark.parametrize(
    "table, said",
    [
        ("", "limits.csv"),
        ("m_a\n0.1\n", "br_limit"),
        ("m_a,br_limit\n0.1\n", "limits.csv:2"),
        ("m_a,br_limit\n0.05,x\n0.09,1e-6\n", "limits.csv:2"),
        ("m_a,br_limit\n0.05,1e-6\n0.01,1e-6\n", "limits.csv"),
    ],
)
def test_broken_tables(ini, tmp_path, table, said):
    (tmp_path / "limits.csv").write_text(table)
    path = ini(SMALL + "[inputs]\nmu_to_e_a = limits.csv\n")
    assert said in run("check", path, status=(USAGE, IO)).stderr


def test_billion_points(ini):
    """Sizes in 64 bits: 10^9 points, 12 observables and flags, some 10^11 bytes."""
    path = ini(
        "[scan]\nm_a = log 0.1 1000 1000\ny_V = lin -1 1 1000\ny_A = log 1e-5 1 1000\n"
        "[montecarlo]\nmethod = none\n"
    )
    done = run("check", path, status=(0, IO), cwd=path.parent)
    digits = (done.stdout + done.stderr).replace(",", "").replace("'", "").replace(" ", "")
    assert "1000000000" in digits or "1e9" in digits or "1e+09" in digits
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name]


def test_grid_larger_than_the_disk(ini):
    """10^15 points are some 10^17 bytes: refused before anything is written."""
    path = ini(
        "[scan]\nm_a = log 0.1 1000 100000\ny_V = lin -1 1 100000\ny_A = log 1e-5 1 100000\n"
        "[montecarlo]\nmethod = none\n"
    )
    done = run(path, status=IO, cwd=path.parent)
    assert "space" in done.stderr or "disk" in done.stderr
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name]
