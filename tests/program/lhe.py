# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads Les Houches Event Files by the accord (hep-ph/0109068, hep-ph/0609017, 1405.1067) and
nothing of ours: the XML parser sees the whole file, the blocks are words and numbers."""

import dataclasses
import gzip
import xml.etree.ElementTree as ElementTree

import numpy as np

INCOMING, OUTGOING, INTERMEDIATE = -1, 1, 2


@dataclasses.dataclass
class Process:
    sigma: float  # pb
    error: float
    maximum: float
    number: int


@dataclasses.dataclass
class File:
    """Arrays over events; particles side by side: all events of a file have as many."""

    text: str
    tree: ElementTree.Element
    beams: tuple  # PDG numbers
    energies: tuple  # GeV
    strategy: int
    processes: list
    number: np.ndarray  # IDPRUP
    weight: np.ndarray
    scale: np.ndarray
    alpha: np.ndarray
    id: np.ndarray  # (events, particles)
    status: np.ndarray
    mothers: np.ndarray  # (events, particles, 2)
    colours: np.ndarray
    p: np.ndarray  # (events, particles, 4): E, px, py, pz
    mass: np.ndarray
    c_tau: np.ndarray
    spin: np.ndarray

    def header(self, name):
        return self.tree.find("header").find(name).text

    def number_of(self, name):
        """A number of the block <alpscan> of the header."""
        for line in self.header("alpscan").splitlines():
            if line.split()[:1] == [name]:
                return float(line.split()[1])
        raise KeyError(name)


def parse(path):
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="ascii") as stream:
        text = stream.read()
    tree = ElementTree.fromstring(text)
    assert tree.tag == "LesHouchesEvents" and tree.get("version") == "3.0"
    return text, tree


def records(tree):
    """Of each event the head and a line per particle, as numbers."""
    heads, bodies = [], []
    for event in tree.findall("event"):
        lines = event.text.strip("\n").split("\n")
        heads.append([float(word) for word in lines[0].split()])
        body = [[float(word) for word in line.split()] for line in lines[1:]]
        assert len(body) == heads[-1][0] and all(len(line) == 13 for line in body)
        bodies.append(body)
    return heads, bodies


def read(path):
    """A file all of whose events have as many particles."""
    return arrange(*parse(path))


def read_by_size(path):
    """One File for each number of particles."""
    text, tree = parse(path)
    _, bodies = records(tree)
    return {n: arrange(text, tree, n) for n in sorted({len(body) for body in bodies})}


def arrange(text, tree, size=None):
    lines = tree.find("init").text.split("\n")
    assert lines[0] == ""
    words = lines[1].split()
    assert len(words) == 10
    processes = []
    for line in lines[2 : 2 + int(words[9])]:
        sigma, error, maximum, number = line.split()
        processes.append(Process(float(sigma), float(error), float(maximum), int(number)))
    chosen = [pair for pair in zip(*records(tree)) if size in (None, len(pair[1]))]
    head, body = (np.array(part) for part in zip(*chosen))
    assert head.shape[1] == 6
    return File(
        text=text,
        tree=tree,
        beams=(int(words[0]), int(words[1])),
        energies=(float(words[2]), float(words[3])),
        strategy=int(words[8]),
        processes=processes,
        number=head[:, 1].astype(int),
        weight=head[:, 2],
        scale=head[:, 3],
        alpha=head[:, 4],
        id=body[:, :, 0].astype(int),
        status=body[:, :, 1].astype(int),
        mothers=body[:, :, 2:4].astype(int),
        colours=body[:, :, 4:6],
        p=body[:, :, [9, 6, 7, 8]],
        mass=body[:, :, 10],
        c_tau=body[:, :, 11],
        spin=body[:, :, 12],
    )
