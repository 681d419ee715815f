# SPDX-License-Identifier: GPL-3.0-or-later
"""What jobs/job.sh makes of the end of a scan; launcher and SLURM are scripts of the test."""

import signal
import subprocess

import pytest
from conftest import IO, OK, ROOT, STOPPED, USAGE, clean_environment
from running import wait_until

JOB = f"""\
launcher=mpirun modules= program=alpscan output=r.h5 configurations=(r.ini)
. {ROOT}/jobs/job.sh
run_scan
"""

# What the job starts: says that it runs, waits for SIGUSR1 if it is to be asked, leaves files behind.
LAUNCHER = """\
#!/bin/sh
asked=no
trap 'asked=yes' USR1
touch started
[ "$ASK" = no ] || while [ $asked = no ]; do sleep 0.05; done
for suffix in $LEAVE; do touch "r.h5${suffix#-}"; done
exit "$STATUS"
"""
QUEUE = '#!/bin/sh\necho RUNNING\n'
CONTROL = '#!/bin/sh\necho "scontrol $*"\n'

COMPLETE, PARTIAL, NOTHING, BOTH = "-", ".partial", "", "- .partial"
KILLED, USER_SIGNAL, MPIRUN = 137, 138, 1  # 128 + signal; mpirun's own after SIGTERM
DONE, AGAIN, FAILED = "done: r.h5", "scontrol requeue 7", "ended with status"


@pytest.mark.parametrize("ask, left, status, said, ended", [
    ("no", COMPLETE, OK, DONE, OK),
    ("no", PARTIAL, STOPPED, AGAIN, STOPPED),
    ("no", PARTIAL, KILLED, FAILED, KILLED),
    ("no", COMPLETE, IO, FAILED, IO),
    ("no", NOTHING, OK, FAILED, 1),
    ("yes", PARTIAL, STOPPED, AGAIN, STOPPED),
    ("yes", PARTIAL, OK, AGAIN, STOPPED),
    ("yes", BOTH, MPIRUN, AGAIN, STOPPED),  # it was to replace the old one
    ("yes", COMPLETE, USER_SIGNAL, DONE, OK),
    ("yes", COMPLETE, MPIRUN, DONE, OK),
    ("yes", NOTHING, USER_SIGNAL, AGAIN, STOPPED),  # before there was a file
    ("yes", NOTHING, OK, AGAIN, STOPPED),
    ("yes", NOTHING, USAGE, FAILED, USAGE),
    ("yes", COMPLETE, IO, FAILED, IO),  # of another scan
])
def test_end(tmp_path, ask, left, status, said, ended):
    for name, text in (("mpirun", LAUNCHER), ("squeue", QUEUE), ("scontrol", CONTROL)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    env = clean_environment(ASK=ask, LEAVE=left, STATUS=str(status), SLURM_JOB_ID="7")
    env["PATH"] = f"{tmp_path}:{env['PATH']}"
    with subprocess.Popen(["bash", "-c", JOB], cwd=tmp_path, env=env, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as job:
        if ask == "yes":
            wait_until((tmp_path / "started").exists, "the launcher")
            job.send_signal(signal.SIGTERM)
        output, _ = job.communicate(timeout=60)
    assert job.returncode == ended, output
    assert output.count(said) == 1, output
    assert [words in output for words in (DONE, AGAIN, FAILED)].count(True) == 1, output


@pytest.mark.parametrize("crashes, starts, ended", [(1, 2, OK), (2, 3, OK), (3, 3, 139)])
def test_crash_is_tried_again(tmp_path, crashes, starts, ended):
    """A rank that crashes in MPI_Init: twice more, not for ever."""
    launcher = f"""\
#!/bin/sh
echo start
echo >>starts
[ $(wc -l <starts) -gt {crashes} ] || exit 139
touch r.h5
"""
    for name, text in (("mpirun", launcher), ("squeue", QUEUE), ("scontrol", CONTROL)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    env = clean_environment(SLURM_JOB_ID="7")
    env["PATH"] = f"{tmp_path}:{env['PATH']}"
    job = subprocess.run(["bash", "-c", JOB], cwd=tmp_path, env=env, text=True, check=False,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60)
    assert job.returncode == ended, job.stdout
    assert job.stdout.splitlines().count("start") == starts
    assert job.stdout.count("once more from what is complete") == starts - 1
