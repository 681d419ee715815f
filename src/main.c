/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of commands.
 */
#include "alpscan/isa.h"
#include "alpscan/version.h"
#include "commands/commands.h"
#include "commands/text_output.h"
#include "commands/words.h"

#include <gsl/gsl_errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct command {
    const char *name;
    alp_status (*run)(int argc, char **argv);
    const char *purpose;
} command;

static const command commands[] = {
    {"scan", alp_command_scan, "run a scan; under mpirun or srun, or alone"},
    {"check", alp_command_check, "validate a configuration; print plan, sizes and estimated time"},
    {"point", alp_command_point, "every observable, flag and validity at one point"},
    {"cross-section", alp_command_cross_section, "e+e- -> mu mu e e at Belle II by Monte Carlo"},
    {"events", alp_command_events, "unweighted events in a Les Houches Event File"},
    {"matrix-element", alp_command_matrix_element, "|M|^2 at given momenta"},
    {"info", alp_command_info, "what is in a file, how complete it is, how it was made"},
    {"diff", alp_command_diff, "compare the results of two files"},
    {"export", alp_command_export, "a slice of a file as CSV"},
    {"merge", alp_command_merge, "join the parts of one grid into one file"},
    {"contours", alp_command_contours, "boundaries of regions as CSV and for HEPData"},
    {"config", alp_command_config, "every key with unit, range, default and meaning"},
};

static const size_t n_commands = sizeof commands / sizeof *commands;

static void print_help(FILE *stream)
{
    (void)fprintf(stream, "usage: alpscan [scan] CONFIG.ini [CONFIG2.ini ...] [options]\n"
                          "       alpscan COMMAND [arguments]\n\n"
                          "Scans constraints on an axion-like particle with electron-muon "
                          "couplings\n(arXiv:2002.05948) over (m_a, y_V, y_A).\n\ncommands:\n");
    for (size_t i = 0; i < n_commands; i++)
        (void)fprintf(stream, "  %-16s%s\n", commands[i].name, commands[i].purpose);
    (void)fprintf(stream,
                  "\n`alpscan COMMAND --help` tells more; an argument that is not a command is a\n"
                  "configuration file to scan.\n");
}

static alp_status print_version(void)
{
    alp_isa isa;
    alp_error error;
    if (alp_isa_choose(&isa, &error) != ALP_OK) {
        (void)fprintf(stderr, "alpscan: %s\n", error.message);
        return ALP_USAGE;
    }
    (void)printf("alpscan %s (%s)\ninstruction set: %s\n", alp_version, alp_git_revision,
                 alp_isa_name(isa));
    return ALP_OK;
}

/* A word that is neither a command nor a file, and does not look like one, is a mistyped command.
 */
static bool mistyped(const char *word)
{
    return word[0] != '-' && strpbrk(word, "./") == NULL && access(word, F_OK) != 0;
}

/* What was printed must have arrived: a full disk shows only now. */
static alp_status flush(alp_status status)
{
    if ((fflush(stdout) == 0 && ferror(stdout) == 0) || status != ALP_OK)
        return status;
    (void)fputs("alpscan: standard output cannot be written; is the disk full?\n", stderr);
    return ALP_IO;
}

static alp_status dispatch(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return ALP_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return ALP_OK;
    }
    if (strcmp(argv[1], "--version") == 0)
        return print_version();
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    if (mistyped(argv[1])) {
        alp_make_printable(argv[1]);
        (void)fprintf(stderr, "alpscan: %s: neither a command nor a file; commands are", argv[1]);
        for (size_t i = 0; i < n_commands; i++)
            (void)fprintf(stderr, " %s", commands[i].name);
        (void)fputc('\n', stderr);
        return ALP_USAGE;
    }
    if (alp_is_hdf5(argv[1])) {
        alp_make_printable(argv[1]);
        (void)fprintf(stderr,
                      "alpscan: %s: a result, not a configuration; `alpscan info %s` shows it\n",
                      argv[1], argv[1]);
        return ALP_USAGE;
    }
    return alp_command_scan(argc, argv);
}

int main(int argc, char **argv)
{
    gsl_set_error_handler_off();
    if (argc > 0)
        alp_command_set_program(argv[0]);
    return (int)flush(dispatch(argc, argv));
}
