# SPDX-License-Identifier: GPL-3.0-or-later
"""Roofline of the kernels from the output of `make bench`.

    make bench > bench.txt
    scripts/roofline.py bench.txt [-o STEM]

prints, for every kernel and instruction set, operations and bytes, what the core does and the share
of what its peak and its bandwidth allow, as a table in Markdown; with -o it draws STEM.png. What an
evaluation takes is counted below from the sources named, by hand or by running them with a type that
counts; rates, peak and bandwidths are measured.
"""

import argparse
import re
import sys

# Floating-point operations at a grid point with every observable, all by + - * /; |x| and integer
# operations (flags, the test for infinities) are not among them.
POINT = {
    # row: (sums, products, quotients, times)
    "S+D, S-D, the larger of both (row_table.c)": (3, 1, 0, 1),
    "a_e, a_mu, width, sigma_belle2 (row_bilinear.c)": (2, 2, 0, 4),
    "two asymmetries (row_asymmetry.c)": (4, 4, 1, 2),
    "d_e (row_d_e.c)": (0, 1, 0, 1),
    "P_mmbar (row_p_mmbar.c)": (5, 12, 0, 1),
    "br_mu_to_e_a (row_br_mu_to_e_a.c)": (3, 2, 1, 1),
    "distances from the centres of flags (row.h)": (9, 0, 0, 1),
}
# Of an event: title of the row; sums, products, quotients; numbers read and written. me_kernel.c,
# full_kernel.c with the files of full_stages.h (counted by a type that counts; a product with a
# constant 0 is one), and the same sorted by orders for the integrator.
EVENTS = {
    "2 -> 3 |M|^2": ("2 -> 3 |M|^2, evaluations/s", (236, 274, 8), 9 + 3),
    "2 -> 4 |M|^2": ("2 -> 4 |M|^2, 36 diagrams, evaluations/s", (7958, 9927, 99), 29 + 2),
    "2 -> 4 by orders": ("2 -> 4 |M|^2 by orders, evaluations/s", (7958, 10129, 99), 29 + 12),
}

ISAS = ("baseline", "avx2", "avx512")
LABELS = {"scalar": "not vectorised", "baseline": "SSE2", "avx2": "AVX2", "avx512": "AVX-512"}


class Unreadable(Exception):
    """The text does not hold what `make bench` prints."""


def point_operations():
    totals = [sum(row[k] * row[3] for row in POINT.values()) for k in range(3)]
    return sum(totals), totals[2]


def section(text, title):
    """The indented lines below a title as {name: first number}, and the title's line."""
    found = re.search(rf"^({re.escape(title)}.*)\n((?:  .*\n?)+)", text, re.M)
    if found is None:
        raise Unreadable(f"no '{title}' in the text: is it what `make bench` prints?")
    lines = (line.split() for line in found[2].splitlines())
    return found[1], {words[0]: float(words[1]) for words in lines}


def number(text, pattern):
    found = re.search(pattern, text, re.M)
    if found is None:
        raise Unreadable(f"no line like '{pattern}' in the text")
    return float(found[1])


def read(text):
    measured = {"flops": {}, "quotients": {}, "kernels": []}
    for isa in ISAS:
        line = rf"^peak %s +{isa} +([0-9.]+) G/s"
        if re.search(line % "quotients", text, re.M):
            measured["flops"][isa] = number(text, line % "sums and products")
            measured["quotients"][isa] = number(text, line % "quotients")
    measured["memory"] = max(number(text, r"^streaming stores, loop.*? ([0-9.]+) GB/s"),
                             number(text, r"^streaming stores, memset +([0-9.]+) GB/s"))
    measured["cache"] = number(text, r"^memset of one chunk.*? ([0-9.]+) GB/s")
    operations, quotients = point_operations()
    for kind in ("float64", "float32"):
        title, values = section(text, f"tile evaluation, {kind}")
        size = float(re.search(r"([0-9.]+) bytes", title)[1])
        rates = {isa: 1e9 / nanoseconds for isa, nanoseconds in values.items()}
        measured["kernels"].append((f"grid point, {kind}", operations, quotients, size, rates))
    for name, (title, operations, numbers) in EVENTS.items():
        _, rates = section(text, title)
        measured["kernels"].append((name, sum(operations), operations[2], 8 * numbers, rates))
    return measured


def shares(measured, kernel, isa):
    """Least seconds of one evaluation by each limit."""
    name, operations, quotients, size, _ = kernel
    peak = isa if isa in measured["flops"] else "baseline"
    bandwidth = measured["memory"] if name.startswith("grid") else measured["cache"]
    return {
        "sums and products": 1e-9 * (operations - quotients) / measured["flops"][peak],
        "quotients": 1e-9 * quotients / measured["quotients"][peak],
        "bytes": 1e-9 * size / bandwidth,
    }


def print_table(measured):
    print("| kernel | flops (quotients) | bytes | flop/byte | instruction set | Gflop/s | "
          "of the peak | GB/s | ns | least ns by sums and products, quotients, bytes |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for kernel in measured["kernels"]:
        name, operations, quotients, size, rates = kernel
        for isa, rate in rates.items():
            if isa not in measured["flops"]:
                continue
            least = ", ".join(f"{1e9 * t:.2f}" for t in shares(measured, kernel, isa).values())
            print(f"| {name.replace('|', chr(92) + '|')} | {operations} ({quotients}) | {size:.0f} "
                  f"| {operations / size:.2f} | {LABELS[isa]} | {1e-9 * operations * rate:.1f} | "
                  f"{1e-9 * operations * rate / measured['flops'][isa]:.2f} | "
                  f"{1e-9 * size * rate:.1f} | {1e9 / rate:.2f} | {least} |")
    print(f"\nstreaming stores {measured['memory']:.1f} GB/s, stores into the caches "
          f"{measured['cache']:.1f} GB/s; peak of sums and products "
          + ", ".join(f"{LABELS[isa]} {peak:.0f}" for isa, peak in measured["flops"].items())
          + " Gflop/s")


def draw(measured, stem):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np

    figure, axes = plt.subplots(figsize=(7.2, 4.8))
    intensity = np.geomspace(0.2, 120.0, 200)
    styles = {"baseline": ":", "avx2": "--", "avx512": "-"}
    best = max(measured["flops"].values())
    for isa, peak in measured["flops"].items():
        axes.plot(intensity, np.full_like(intensity, peak), styles[isa], color="0.35", lw=1.2)
        axes.text(42, peak * 1.05, f"peak, {LABELS[isa]}", ha="right", va="bottom", fontsize=8)
    bandwidths = (("streaming stores", "memory", "#1f3fbf"),
                  ("stores into the caches", "cache", "#1a7a1a"))
    for label, key, colour in bandwidths:
        line = measured[key] * intensity
        shown = line <= best
        axes.plot(intensity[shown], line[shown], color=colour, lw=1.2,
                  label=f"{label}, {measured[key]:.0f} GB/s")
    markers = ("o", "s", "^", "D", "v")
    colours = {"scalar": "0.6", "baseline": "#c9a000", "avx2": "#e07b00", "avx512": "#c01818"}
    for (name, operations, _, size, rates), marker in zip(measured["kernels"], markers):
        for isa, rate in rates.items():
            axes.plot(operations / size, 1e-9 * operations * rate, marker, color=colours[isa],
                      ms=7, mec="black", mew=0.5)
        axes.plot([], [], marker, color="white", mec="black", label=name)
    for isa, colour in colours.items():
        axes.plot([], [], "o", ms=7, mec="none", color=colour, label=LABELS[isa])
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(0.3, 120)
    axes.set_ylim(0.3, 1.6 * best)
    axes.set_xlabel("floating-point operations per byte")
    axes.set_ylabel("Gflop/s, one core")
    axes.grid(which="major", color="0.9")
    axes.legend(fontsize=8, loc="lower right", ncols=2, framealpha=1.0)
    figure.savefig(f"{stem}.png", dpi=150, bbox_inches="tight")


def main():
    parser = argparse.ArgumentParser(description="roofline of the kernels")
    parser.add_argument("bench", help="what `make bench` printed")
    parser.add_argument("-o", "--output", metavar="STEM", help="draws STEM.png")
    options = parser.parse_args()
    try:
        with open(options.bench, encoding="utf-8") as stream:
            measured = read(stream.read())
        print_table(measured)
        if options.output:
            draw(measured, options.output)
    except (OSError, Unreadable) as error:
        print(f"roofline.py: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
