# SPDX-License-Identifier: GPL-3.0-or-later
"""A second path to every observable: explicit spinors, operators on a Fock space, dispersion
relations and arbitrary precision. docs/derivations.md shows the steps. Nothing here is the
program's, and no closed form of the program is used."""
