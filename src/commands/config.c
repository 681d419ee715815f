/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `alpscan config`: every key of the configuration. */
#include "alpscan/config.h"
#include "commands.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: alpscan config [--defaults]\n"
    "\n"
    "Prints every key of the configuration with default, meaning, range and unit.\n"
    "\n"
    "  --defaults   print a commented INI file of all defaults instead, itself valid:\n"
    "               alpscan config --defaults > my.ini\n"
    "  --help       print this text\n";

alp_status alp_command_config(int argc, char **argv)
{
    bool defaults = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            (void)fputs(help, stdout);
            return ALP_OK;
        }
        if (strcmp(argv[i], "--defaults") != 0) {
            (void)fprintf(stderr,
                          "alpscan: config: '%.200s' is not known; allowed: --defaults, "
                          "--help\n",
                          argv[i]);
            return ALP_USAGE;
        }
        defaults = true;
    }
    if (defaults)
        alp_config_print_defaults(stdout);
    else
        alp_config_print_keys(stdout);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return ALP_OK;
    (void)fputs("alpscan: config: cannot write to standard output\n", stderr);
    return ALP_IO;
}
