# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading result files as a user would: h5py, nothing of ours."""

import h5py
import numpy as np

GROUPS = ("favoured", "excluded", "reach", "validity")


def datasets(path):
    """Every dataset outside /run, by path in the file."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset) and not name.startswith("run/"):
            found[name] = item[()]

    with h5py.File(path, "r") as file:
        file.visititems(visit)
    return found


def chunks_done(path):
    with h5py.File(path, "r") as file:
        return int(file["run/tile_state"][()].sum())


def text(attribute):
    return attribute.decode() if isinstance(attribute, bytes) else str(attribute)


def differences(path_a, path_b):
    """Names of the datasets outside /run that are not the same to the byte."""
    a, b = datasets(path_a), datasets(path_b)
    different = sorted(set(a) ^ set(b))
    for name in sorted(set(a) & set(b)):
        one, other = np.asarray(a[name]), np.asarray(b[name])
        if (one.dtype, one.shape) != (other.dtype, other.shape) or one.tobytes() != other.tobytes():
            different.append(name)
    return different


def flags(dataset):
    """Flag name -> boolean array, from CF flag_masks and flag_meanings."""
    values = dataset[()]
    names = text(dataset.attrs["flag_meanings"]).split()
    masks = np.atleast_1d(dataset.attrs["flag_masks"])
    assert len(names) == len(masks)
    return {name: (values & mask) != 0 for name, mask in zip(names, masks)}
