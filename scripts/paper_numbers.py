#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every number that arXiv:2002.05948 states beside what alpscan gives, with the paper's formulas
and with exact ones, as a Markdown table on stdout. ALPSCAN names the program (default
build/alpscan); takes a minute or two, most of it the Monte Carlo of Section 5.1."""

import argparse
import sys
import tempfile

import paper_rows
from alpscan_result import STATUS_IO, Refused
from alpscan_run import Failed, Mode
from paper_work import Work

HEADER = "| where | the paper | paper's formulas | exact formulas | verdict |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--precision", default="1e-2", help="of the cross sections (default %(default)s)"
    )
    parser.add_argument(
        "--only", metavar="TEXT", help="only the rows whose function's name contains TEXT"
    )
    options = parser.parse_args()
    print(HEADER)
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="alpscan-") as folder:
        modes = (
            Mode("paper", ["paper.ini"], folder),
            Mode("exact", ["paper.ini", "exact.ini"], folder),
        )
        work = Work(modes, options.precision)
        try:
            for make in paper_rows.ROWS:
                if options.only and options.only not in make.__name__:
                    continue
                for row in make(work):
                    print("| " + " | ".join(row) + " |", flush=True)
        except (Failed, Refused) as error:
            print(f"paper_numbers.py: {error}", file=sys.stderr)
            raise SystemExit(STATUS_IO) from None


if __name__ == "__main__":
    main()
