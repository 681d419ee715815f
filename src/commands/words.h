/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_WORDS_H
#define ALPSCAN_COMMANDS_WORDS_H

/** The command line for the record: "alpscan" and the words, which may be pasted into a shell. The
 *  caller frees; NULL without memory. */
char *alp_command_words(int argc, char **argv);

/** The same with the program as it was called in place of "alpscan": the command may be typed. */
char *alp_command_program_words(int argc, char **argv);
/** What the program was called by; "alpscan" until then. */
void alp_command_set_program(const char *name);

#endif
