# SPDX-License-Identifier: GPL-3.0-or-later
"""Generating vector of the rank-1 lattices in src/montecarlo/lattice.c.

Component by component: each z minimises the worst, over the sizes 2^9 ... 2^13, of the mean square
error of randomly shifted lattices in a Sobolev space with product weights, relative to the best z
of that size. Run it to print the vector.
"""
import numpy as np

DIMENSIONS = 6
LEVELS = range(9, 14)
WEIGHT = 0.8


def kernel(x):
    """1 + weight * B_2(x) is the kernel of the randomly shifted lattice's mean square error."""
    return 1.0 + WEIGHT * (x * x - x + 1.0 / 6.0)


def main():
    largest = 2 ** max(LEVELS)
    candidates = np.arange(1, largest // 2, 2)
    product = {m: np.ones(2**m) for m in LEVELS}
    vector = []
    for _ in range(DIMENSIONS):
        score = np.zeros(len(candidates))
        for m in LEVELS:
            n = 2**m
            table = kernel(np.arange(n) / n)
            index = np.arange(n)
            error = np.array([product[m] @ table[(index * z) % n] for z in candidates % n])
            score = np.maximum(score, error / error.min())
        z = int(candidates[np.argmin(score)]) if vector else 1
        vector.append(z)
        for m in LEVELS:
            n = 2**m
            product[m] *= kernel((np.arange(n) * z % n) / n)
    print(vector)


if __name__ == "__main__":
    main()
