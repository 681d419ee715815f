# SPDX-License-Identifier: GPL-3.0-or-later
"""The record that a run leaves under /run of its result: units of work, messages, start-up."""

import dataclasses

import h5py
import numpy as np
import scaling_model as model

BATCHES, TILE, SLICE = 1, 2, 3  # unit_kind
START = ("MPI_Init", "configuration", "physics and plan", "file")


@dataclasses.dataclass
class Record:
    ranks: int
    wall: float  # s, from the first unit to the last report
    start: dict  # s of what came before
    units: int
    batches: float
    batch_seconds: float  # of a processor
    masses: list  # batches of each open mass
    chunks: int
    blocks: int
    chunk_seconds: float  # of a processor, writing into the page cache included
    chunk_bytes: float
    dispatch: float  # processor seconds of rank 0 per report; 0 if there was none
    late: float  # the last rank's end over the mean of all ranks, less 1
    latency: float  # s, median from the end of a unit to rank 0's taking its report

    def work(self):
        return model.Work(masses=[(n, self.batch_seconds) for n in self.masses],
                          chunks=self.chunks, chunk_seconds=self.chunk_seconds,
                          blocks=self.blocks)


def read(path):
    with h5py.File(path, "r") as file:
        run = file["run"]
        lines, units, stride, reports = (int(n) for n in run["unit_count"][:])
        column = {name: run[f"unit_{name}"][:lines] for name in
                  ("rank", "kind", "n", "start", "seconds", "processor", "received")}
        tile = column["kind"] == TILE
        batches = float(column["n"][~tile].sum()) * stride
        processor = float(column["processor"][~tile].sum()) * stride
        events = file["montecarlo/events"][:].astype(float) if batches else np.zeros(0)
        share = events[events > 0] / events.sum() if batches else events
        state = run["tile_state"]
        counts = state.attrs["chunk_counts"]
        maps = [item for item in file.values()
                if isinstance(item, h5py.Dataset) and item.ndim > 1]
        points = int(np.prod(state.attrs["chunk_shape"].astype(np.int64)))
        done = float(column["n"][tile].sum())
        away = column["rank"] > 0
        late = (column["received"] - column["start"] - column["seconds"])[away]
        end = column["start"] + column["seconds"]
        last = [end[column["rank"] == rank].max() for rank in set(column["rank"])]
        return Record(
            late=float(max(last) / np.mean(last) - 1),
            ranks=int(file.attrs["ranks"]),
            wall=float(column["received"].max()),
            start=dict(zip(START, run["seconds_start"][:], strict=True)),
            units=units,
            batches=batches,
            batch_seconds=processor / batches if batches else 0.0,
            masses=[max(1, round(n)) for n in share * batches],
            chunks=int(state.shape[0]),
            blocks=int(counts[0]),
            chunk_seconds=float(column["processor"][tile].sum()) / done if done else 0.0,
            chunk_bytes=float(points * sum(item.dtype.itemsize for item in maps)),
            dispatch=float(run["seconds_dispatch"][()].ravel()[0]) / reports if reports else 0.0,
            latency=float(np.median(late)) if late.size else 0.0,
        )
