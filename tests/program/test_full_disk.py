# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that fills in mid-run: the message, the status, and the way on once there is room.

A tmpfs in a mount namespace of its own, where that is allowed. Room is reserved when the file is
made, so what has been reserved is taken away again while the scan runs.
"""

import re
import shutil
import subprocess
import sys

import pytest
from conftest import IO, PROGRAM, ROOT, TIMEOUT, clean_environment, run
from results import differences

# 2 chunks along m_a x 8: 28 MB
SCAN = """\
[scan]
m_a = list 0.2 0.5 1.5 5
y_V = lin 0 1e-4 25
y_A = log 1e-5 1e-1 4000
[montecarlo]
method = none
[run]
chunk = 2 25 500
checkpoint = 0
"""

# Chunks 8 to 15 of a map follow each other. None of them is computed before rank 0 goes on: it stops
# at its first tile, and the other rank has two until then, of a chunk each.
HOLE = """\
import sys, h5py
with h5py.File(sys.argv[1], "r") as file:
    chunk = file["a_e"].id.get_chunk_info_by_coord((2, 0, 0))
    print("--offset", chunk.byte_offset, "--length", 8 * chunk.size)
"""

# What the test looks at is copied: the disk is gone with the namespace.
SCRIPT = r"""
set -u
mount -t tmpfs -o size=48m alpscan "$1/disk" || exit 77
cd "$1/disk"
ALPSCAN_FAULT=stop@tile%0 "$2" -n 2 "$3" ../full.ini --progress none 2>../stderr &
job=$!
stopped() {  # the process of rank 0
    for launcher in $(cat /proc/$job/task/$job/children); do
        for rank in $(cat /proc/$launcher/task/$launcher/children); do
            if grep -q '^State:.T' /proc/$rank/status; then echo $rank; fi
        done
    done 2>/dev/null
}
while kill -0 $job && [ -z "$(stopped)" ]; do sleep 0.05; done
fallocate --punch-hole --keep-size $("$4" -c "$5" full.h5.partial) full.h5.partial || exit 77
cat /dev/zero >filler 2>/dev/null
kill -CONT $(stopped)
wait $job
echo $? >../status
rm filler
"$2" -n 3 "$3" ../full.ini --resume --progress none 2>../stderr2
echo $? >../status2
cp full.h5 ../full.h5
"""


@pytest.fixture
def disk(tmp_path):
    if shutil.which("unshare") is None or shutil.which("fallocate") is None:
        pytest.skip("there is no unshare or no fallocate")
    (tmp_path / "disk").mkdir()
    (tmp_path / "full.ini").write_text(SCAN)
    done = subprocess.run(
        ["timeout", str(TIMEOUT), "unshare", "--mount", "bash", "-c", SCRIPT, "full-disk", tmp_path,
         ROOT / "scripts" / "mpirun", PROGRAM, sys.executable, HOLE],
        env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False)
    assert done.returncode != 124, done.stderr
    if not (tmp_path / "status").exists():
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    return tmp_path


def test_disk_is_full_in_mid_run(disk):
    assert int((disk / "status").read_text()) == IO
    stderr = (disk / "stderr").read_text()
    assert "No space left on device" in stderr
    assert re.search(r"\d+ of 16 chunks are complete in full.h5.partial; to continue: mpirun -n 2 "
                     r"\S*alpscan .*--resume", stderr), stderr
    # once there is room
    assert int((disk / "status2").read_text()) == 0, (disk / "stderr2").read_text()
    run(disk / "full.ini", "--output", disk / "whole.h5")
    assert differences(disk / "whole.h5", disk / "full.h5") == []
