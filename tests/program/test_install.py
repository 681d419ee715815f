# SPDX-License-Identifier: GPL-3.0-or-later
"""make install: what is there works without the source tree; make uninstall takes it all away."""

import os
import shlex

import pytest
from conftest import BUILD_TIMEOUT, OK, PROGRAM, ROOT, execute, run

BUILD = PROGRAM.parent

C_PROGRAM = """\
#include <alpscan/config.h>
#include <alpscan/montecarlo.h>
#include <alpscan/parallel.h>
#include <alpscan/physics.h>
#include <alpscan/store.h>
#include <alpscan/version.h>

int main(void)
{
    char text[32];
    alp_format_shortest(1e-4, text);
    printf("%s %s %zu\\n", alp_version, text, alp_observable_count());
    return 0;
}
"""


def make(target, destination):
    execute(["make", "-C", ROOT, f"BUILD={BUILD}", f"DESTDIR={destination}", "PREFIX=/usr/local",
             target], OK, timeout=BUILD_TIMEOUT)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    if not (BUILD / "libalpscan.a").exists():
        pytest.skip("the program under test is not in a build folder")
    destination = tmp_path_factory.mktemp("install")
    make("install", destination)
    return destination / "usr" / "local"


def test_installed_program_finds_its_tables(installed, tmp_path):
    program = installed / "bin" / "alpscan"
    fig5 = installed / "share" / "alpscan" / "fig5.ini"
    environment = {"ALPSCAN_DATA": ""}
    run("check", fig5, program=program, cwd=tmp_path, env=environment)
    # a name alone is looked for beside the installed configurations too
    done = run("check", fig5, "--set", "belle2.efficiency=tables/efficiency_belle.csv",
               program=program, cwd=tmp_path, env=environment)
    assert "efficiency_belle.csv" in done.stdout


def test_c_program_against_the_installed_library(installed, tmp_path):
    source = tmp_path / "user.c"
    source.write_text(C_PROGRAM)
    environment = {"PKG_CONFIG_PATH": str(installed / "lib" / "pkgconfig")}
    flags = execute(
        ["pkg-config", f"--define-variable=prefix={installed}", "--cflags", "--libs", "alpscan"],
        OK, env=environment,
    ).stdout
    program = tmp_path / "user"
    execute([os.environ.get("MPICC", "mpicc"), "-std=c11", "-o", program, source,
             *shlex.split(flags)], OK)
    assert execute([program], OK).stdout.split()[1] == "1e-4"


def test_uninstall_removes_what_was_installed(installed):
    """The last test of this file: the module's installation is gone afterwards."""
    own = installed / "share" / "alpscan" / "mine.ini"
    own.write_text("[scan]\n")
    make("uninstall", installed.parents[1])
    left = [path for path in installed.rglob("*") if path.is_file()]
    assert left == [own]
