# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file says is complete, while a program writes it and afterwards, and whether it is.

Files are read through a file object: HDF5's own locks would stand in the program's way."""

import contextlib
import dataclasses
import os
import threading
import time

import h5py
import numpy as np
from program import results

CHUNKS, MASSES = "run/tile_state", "run/montecarlo_state"
ROWS = "run/montecarlo_rows"
PAUSE = 0.002  # s between two looks at a file


@contextlib.contextmanager
def opened(path):
    with open(path, "rb") as stream, h5py.File(stream, "r") as file:
        yield file


class Watch(threading.Thread):
    """Polls the states of FILE.partial, whichever run makes it, and remembers what it has seen
    marked: in `seen`, by dataset."""

    def __init__(self, partial):
        super().__init__(daemon=True)
        self.partial = partial
        self.seen = {}
        self.ended = threading.Event()
        self.places = None  # (inode, {dataset: (address, size)})

    def run(self):
        while not self.ended.wait(PAUSE):
            # not there yet, renamed, replaced by another in this moment
            with contextlib.suppress(OSError, KeyError, RuntimeError):
                self.look()

    def find_places(self, stream):
        found = {}
        with h5py.File(stream, "r") as file:
            for name in (CHUNKS, MASSES):
                if name in file:
                    found[name] = (file[name].id.get_offset(), file[name].size)
        return found

    def look(self):
        with open(self.partial, "rb", buffering=0) as stream:
            inode = os.fstat(stream.fileno()).st_ino
            if self.places is None or self.places[0] != inode:
                self.places = (inode, self.find_places(stream))
                for name, (_, size) in self.places[1].items():
                    self.seen.setdefault(name, np.zeros(size, bool))
            for name, (address, size) in self.places[1].items():
                stream.seek(address)
                state = np.frombuffer(stream.read(size), np.uint8)
                if state.size == size:
                    self.seen[name] |= state == 1

    def count(self):
        return sum(int(seen.sum()) for seen in self.seen.values())

    def units(self):
        return sum(seen.size for seen in self.seen.values())

    def wait_for(self, units, alive):
        """Until so many chunks and masses have been seen, or the program has ended."""
        while alive() and (not self.seen or self.count() < min(units, self.units())):
            time.sleep(PAUSE)

    def stop(self):
        self.ended.set()
        self.join()


@dataclasses.dataclass
class Found:
    """An interrupted file, held against an uninterrupted one."""
    tiles: int = 0
    masses: int = 0
    lost: int = 0
    damaged: int = 0


def spread(state):
    """Chunk states -> one for every point that the chunks cover."""
    done = state[()].reshape(state.attrs["chunk_counts"])
    for axis, length in enumerate(state.attrs["chunk_shape"]):
        done = done.repeat(int(length), axis)
    return done


def chunk_numbers(state):
    counts = tuple(int(n) for n in state.attrs["chunk_counts"])
    numbers = np.arange(state.size).reshape(counts)
    for axis, length in enumerate(state.attrs["chunk_shape"]):
        numbers = numbers.repeat(int(length), axis)
    return numbers


def different_chunks(file, whole):
    """Numbers of the chunks, marked or not, that are not in every map what they are to be."""
    state = whole[CHUNKS]
    numbers = chunk_numbers(state)
    wrong = np.zeros(state.size, bool)
    maps = [name for name, item in whole.items()
            if isinstance(item, h5py.Dataset) and item.ndim == numbers.ndim]
    if not maps:
        raise AssertionError("a reference without maps")
    for name in maps:
        ours, theirs = file[name][()], whole[name][()]
        if (ours.dtype, ours.shape) != (theirs.dtype, theirs.shape):
            return ~wrong
        bits = f"u{ours.dtype.itemsize}"
        unlike = ours.view(bits) != theirs.view(bits)
        wrong[np.unique(numbers[tuple(slice(n) for n in ours.shape)][unlike])] = True
    return wrong


def inspect(path, reference, seen):
    """Every chunk and mass marked in the file holds what the reference does, or is damaged; those
    that were seen marked still are, or are lost."""
    found = Found()
    with opened(path) as file, opened(reference) as whole:
        marked = file[CHUNKS][()]
        found.damaged += int((marked > 1).sum())
        found.damaged += int((different_chunks(file, whole) & (marked == 1)).sum())
        found.tiles = int((marked == 1).sum())
        states = {CHUNKS: marked}
        if MASSES in whole:
            rows = states[MASSES] = file[MASSES][()]
            unlike = (file[ROWS][()] != whole[ROWS][()]).any(axis=1)
            found.damaged += int((rows > 1).sum()) + int((unlike & (rows == 1)).sum())
            found.masses = int((rows == 1).sum())
    for name, saw in seen.items():
        found.lost += int((saw & (states[name] != 1)).sum())
    return found


def compare_complete(path, reference):
    """What is wrong with a file that is said to be complete: datasets outside /run that are not
    the reference's to the byte, rows or states that are not."""
    wrong = results.differences(reference, path)
    with opened(path) as file, opened(reference) as whole:
        if file.attrs["complete"] != 1:
            wrong.append("complete")
        for name in (CHUNKS, MASSES, ROWS):
            if name in whole and file[name][()].tobytes() != whole[name][()].tobytes():
                wrong.append(name)
    return wrong
