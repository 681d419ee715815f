# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user can give wrongly: bytes, numbers, physics and options.

The rule that every test here holds the program to: a status of 2 (usage) or 3 (input and output), each
message one line that begins with "alpscan: ", names the place, says what is allowed, and nothing
is written or overwritten. docs/robustness.md says the same in words.
"""

import os

import pytest
from conftest import USAGE, run
from refusals import messages, refused

BOM = b"\xef\xbb\xbf"


# ---- bytes ----

# contents of a configuration, line of the mistake, what is said
BYTES = {
    "NUL": (b"[scan]\ntitle = a\0b\n", 2, "a NUL byte"),
    "control character": (b"[scan]\ntitle = a\x1b[2Jb\n", 2, "a control character"),
    "C1 control character": ("[scan]\ntitle = a\x9bb\n".encode(), 2, "a control character"),
    "delete": (b"[scan]\ntitle = a\x7fb\n", 2, "a control character"),
    "two byte-order marks": (BOM + BOM + b"[scan]\n", 1, "a byte-order mark"),
    "byte-order mark inside": (b"[scan]\ntitle = " + BOM + b"x\n", 2, "a byte-order mark"),
    "UTF-16, little endian": (b"\xff\xfe" + "[scan]\n".encode("utf-16-le"), 1, "UTF-16"),
    "UTF-16, big endian": (b"\xfe\xff" + "[scan]\n".encode("utf-16-be"), 1, "UTF-16"),
    "Latin-1": (b"[scan]\ntitle = Stra\xdfe\n", 2, "not UTF-8"),
    "Latin-1 in a comment": (b"[scan]\n# \xe9t\xe9\n", 2, "not UTF-8"),
    "overlong UTF-8": (b"[scan]\ntitle = \xc0\xaf\n", 2, "not UTF-8"),
    "surrogate": (b"[scan]\ntitle = \xed\xa0\x80\n", 2, "not UTF-8"),
    "cut UTF-8": (b"[scan]\ntitle = \xe2\x82", 2, "not UTF-8"),
    "lone carriage returns": (b"[scan]\rtitle = x\r[model]\r", 1, "a carriage return"),
    "two carriage returns": (b"[scan]\ntitle = x\r\r\n", 2, "a carriage return"),
    "10 MB line": (b"[scan]\ntitle = " + b"x" * 10_000_000, 2, "above 1 MiB"),
    "no line end": (b"[scan]\nm_a = -1", 2, "scan.m_a"),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes(name, tmp_path):
    content, line, said = BYTES[name]
    (tmp_path / "wrong.ini").write_bytes(content)
    lines = refused("check", "wrong.ini", cwd=tmp_path)
    assert any(f"wrong.ini:{line}: " in text and said in text for text in lines), lines
    # the same rules for tables
    if b"title" in content and "m_a" not in said:
        (tmp_path / "t.csv").write_bytes(content.replace(b"[scan]\ntitle = ", b"m_a,br_limit\n0.01,"))
        lines = refused("check", "--config", os.devnull, "--set", "inputs.mu_to_e_a=t.csv", cwd=tmp_path)
        assert any("t.csv:" in text and said in text for text in lines), lines


def test_bytes_that_are_right(tmp_path):
    """CRLF, one mark, tabs, UTF-8, no newline at the end; a file of nothing is all defaults."""
    text = BOM + "[scan]\r\n\ttitle\t=\tStraße\t# é\r\n[montecarlo]\r\nmethod = none".encode()
    (tmp_path / "right.ini").write_bytes(text)
    assert "title = Straße\n" in run("check", "right.ini", cwd=tmp_path).stdout
    (tmp_path / "empty.ini").write_bytes(b"")
    run("check", "empty.ini", "--method", "none", cwd=tmp_path)


def test_control_characters_of_set():
    assert "a control character" in refused("check", os.devnull, "--set", "scan.title=\x1b[2J")[0]


# ---- numbers ----

NUMBERS = ["0,0078", "0x1p-7", "inf", "-inf", "nan", "1e999", "1e-999", "1/1e999", "1e-300/1e300",
           "", "1e", "1.2.3", "--1", "1d-2", "٣", "0.5f", "1/0", "1/2/3", "1_0"]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers(number, tmp_path, ini):
    path = ini(f"[lep]\nalpha = {number}\n[scan]\nphase = list 0 {number or 'x'}\n", "n.ini")
    lines = refused("check", path, cwd=tmp_path)
    assert any("n.ini:2: lep.alpha: " in line and "allowed: a number from 1e-4 to 1" in line for line in lines)
    assert any("n.ini:4: scan.phase: " in line for line in lines)
    for command in (["point", "--y-v", "0", "--y-a", "1e-3"], ["cross-section"]):
        assert "--m-a" in refused(*command, "--m-a", number, cwd=tmp_path)[0]


def test_words_are_not_cut():
    """A number of 70 digits followed by garbage is not its first 63 digits."""
    for value in ("0." + "9" * 70 + "x", "1" + "0" * 70):
        for setting in (f"belle2.luminosity={value}", f"inputs.a_e={value} 1", f"run.chunk={value} 1 1"):
            done = run("check", os.devnull, "--set", setting, status=USAGE)
            assert "longer than 63 characters" in messages(done)[0]


# ---- physics ----

# settings, key named, what is said
NONSENSE = {
    "negative mass": (["scan.m_a=-1"], "scan.m_a", "from 1e-3 to 1e4 GeV"),
    "mass of 0": (["scan.m_a=0"], "scan.m_a", "from 1e-3 to 1e4 GeV"),
    "muon mass of 0": (["inputs.muon_mass=0"], "inputs.muon_mass", "from 1e-6 to 10 GeV"),
    "electron above muon": (["inputs.electron_mass=0.2"], "inputs.electron_mass", "it must"),
    "luminosity of 0": (["belle2.luminosity=0"], "belle2.luminosity", "above 0"),
    "negative luminosity": (["belle2.luminosity=-1"], "belle2.luminosity", "above 0"),
    "negative background": (["belle2.background=-1"], "belle2.background", "from 0"),
    "confidence of 0": (["belle2.confidence=0"], "belle2.confidence", "above 0 and below 1"),
    "confidence of 1": (["belle2.confidence=1"], "belle2.confidence", "above 0 and below 1"),
    "CL in percent": (["inputs.d_e=1e-29 90"], "inputs.d_e", "between 0 and 1"),
    "uncertainty of 0": (["inputs.a_e=1e-12 0"], "inputs.a_e", "above 0"),
    "alpha above 1": (["belle2.alpha=137"], "belle2.alpha", "from 1e-4 to 1"),
    "sqrt(s) below threshold": (["belle2.sqrt_s=0.21"], "belle2.sqrt_s", "above twice"),
    "tiny beam": (["belle2.e_electron=1e-3"], "belle2.e_electron", "from 0.2"),
    "beam below its mass": (
        ["inputs.electron_mass=0.5", "inputs.muon_mass=0.6", "belle2.e_electron=0.4"],
        "belle2.e_electron", "it must",
    ),
    "beams below threshold": (
        ["belle2.e_electron=0.2", "belle2.e_positron=0.2", "belle2.cuts=no", "inputs.muon_mass=0.3"],
        "inputs.muon_mass", "no event can pass",
    ),
    "empty range of angles": (["belle2.muon_theta_min=150"], "belle2.muon_theta_min", "it must"),
    "momenta above the beams": (["belle2.muon_p_min=6"], "belle2.muon_p_min", "no event can pass"),
    "angles that no boost allows": (
        # E - p_z: two muons of 3 GeV at 120 degrees have 2 x 3 x 1.5 = 9 GeV, the beams 2 x 4
        ["belle2.muon_p_min=3", "belle2.muon_theta_min=120", "belle2.muon_theta_max=145"],
        "belle2.muon_theta_max", "no event can pass",
    ),
    "precision out of reach": (
        ["montecarlo.precision=1e-6"], "montecarlo.precision", "2e+10 phase-space points",
    ),
    "too few events": (
        ["montecarlo.precision=1e-4", "montecarlo.max_events=1000000"],
        "montecarlo.max_events", "allowed: montecarlo.precision of",
    ),
    "grid beyond counting": (
        [f"scan.{axis}=lin 1 2 100000000" for axis in ("m_a", "y_V", "y_A")],
        "scan.y_A", "64 bits",
    ),
    "weak mixing angle of 0": (["lep.sin2_theta_w=0"], "lep.sin2_theta_w", "from"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_physical_nonsense(name, tmp_path):
    settings, key, said = NONSENSE[name]
    options = [word for setting in settings for word in ("--set", setting)]
    lines = refused("check", os.devnull, *options, cwd=tmp_path)
    assert len(lines) == 1
    assert lines[0].startswith(f"alpscan: --set: {key}: ") and said in lines[0], lines


def test_what_makes_it_possible_again(tmp_path):
    """The cures that the messages name."""
    cuts = ["--set", "belle2.muon_p_min=6"]
    run("check", os.devnull, *cuts, "--no-cuts", cwd=tmp_path)
    run("check", os.devnull, *cuts, "--method", "none", cwd=tmp_path)
    run("check", os.devnull, *cuts, "--set", "belle2.e_electron=20", cwd=tmp_path)
    run("check", os.devnull, "--precision", "1e-6", "--set", "montecarlo.max_events=100000000000",
        cwd=tmp_path)


def test_couplings_beyond_unitarity_are_a_flag():
    done = run("point", "--m-a", "1", "--y-v", "3", "--y-a", "0", "--method", "none", "--json")
    assert '"unitarity": true' in done.stdout


# rows of a table of efficiencies, line of the mistake, what is said
TABLES = {
    "above 1": ("0,0.5,0.5\n1,1.01,0.5\n", 3, "between 0 and 1"),
    "negative": ("0,0.5,-0.1\n1,1,1\n", 2, "between 0 and 1"),
    "nan": ("0,0.5,nan\n1,1,1\n", 2, "finite"),
    "falling momenta": ("1,1,1\n0.5,1,1\n", 3, "increase"),
    "equal momenta": ("1,1,1\n1,1,1\n", 3, "increase"),
    "negative momentum": ("-1,1,1\n1,1,1\n", 2, "negative"),
    "missing cell": ("0,1\n1,1,1\n", 2, "2 cells where the header has 3"),
    "cell too many": ("0,1,1,1\n1,1,1\n", 2, "4 cells where the header has 3"),
    "empty cell": ("0,1,\n1,1,1\n", 2, "finite"),
    "locale's comma": ("0,1,1\n0,5,1,1\n", 3, "4 cells"),
    "one row": ("0,1,1\n", None, "two rows"),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(name, tmp_path, ini):
    rows, line, said = TABLES[name]
    (tmp_path / "eff.csv").write_text("p,eff_e,eff_mu\n" + rows)
    lines = refused("check", ini("[belle2]\nefficiency = eff.csv\n", "t.ini"), cwd=tmp_path)
    assert len(lines) == 1 and "t.ini:2: belle2.efficiency: " in lines[0] and said in lines[0]
    assert line is None or f"eff.csv:{line}: " in lines[0]


def test_a_limit_of_0_is_named_where_it_stands(tmp_path):
    (tmp_path / "l.csv").write_text("m_a,br_limit\n0.01,1e-6\n0.02,0\n")
    lines = refused("check", os.devnull, "--set", "inputs.mu_to_e_a=l.csv", cwd=tmp_path)
    assert "inputs.mu_to_e_a: l.csv:3: br_limit: 0 is not above 0" in lines[0]


def test_all_in_one_go(tmp_path, ini):
    """Names of observables, tables, values, relations of values: all at once."""
    (tmp_path / "l.csv").write_text("m_a,br_limit\n0.01,1e-6\n0.02,2\n")
    path = ini("[output]\nobservables = a_e a_tau\n[scan]\nm_a = -1\n[inputs]\nmu_to_e_a = l.csv\n"
               "[belle2]\nmuon_theta_min = 150\n[model]\nfoo = 1\n", "all.ini")
    lines = refused("check", path, cwd=tmp_path)
    for place in ("2: output.observables: 'a_tau'", "4: scan.m_a", "6: inputs.mu_to_e_a",
                  "8: belle2.muon_theta_min", "10: model.foo"):
        assert any(f"all.ini:{place}" in line for line in lines), (place, lines)
    assert len(lines) == 5


# ---- options ----

@pytest.mark.parametrize(
    "arguments, said",
    [
        (["cross-section", "--m-a", "-1"], "--m-a: -1 is out of range"),
        (["cross-section", "--m-a"], "--m-a: needs a value"),
        (["cross-section"], "--m-a is missing"),
        (["cross-section", "--m-a", "1", "--y-a", "101"], "--y-a: 101 is out of range"),
        (["point", "--m-a", "0", "--y-v", "0", "--y-a", "1"], "--m-a: 0 is out of range"),
        (["point", "--m-a", "1", "--y-v", "0", "--y-a", "1", "--phase", "7"], "--phase: 7"),
        (["point", "--m-a", "1", "--y-v", "0"], "--y-a is missing"),
        (["check", os.devnull, "--set", "m_a=1"], "section.key=value"),
        (["check", os.devnull, "--set", "scan.m_a"], "section.key=value"),
        (["check", os.devnull, "--set", ""], "section.key=value"),
        (["check"], "no configuration"),
    ],
)
def test_options(arguments, said, tmp_path):
    lines = refused(*arguments, cwd=tmp_path)
    assert len(lines) == 1 and said in lines[0]
    assert not list(tmp_path.iterdir())
