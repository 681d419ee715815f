# SPDX-License-Identifier: GPL-3.0-or-later
"""What every refusal has in common."""

from conftest import USAGE, run


def messages(done):
    """The lines on stderr, each a whole message of printable characters."""
    lines = done.stderr.splitlines()
    assert lines and all(line.startswith("alpscan: ") for line in lines), done.stderr
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for line in lines for c in line), lines
    return lines


def refused(*arguments, status=USAGE, cwd=None):
    done = run(*arguments, status=status, cwd=cwd)
    return messages(done)
