/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_WORDS_H
#define ALPSCAN_COMMANDS_WORDS_H

/** The command line for the record: "alpscan" and the words, which may be pasted into a shell. The
 *  caller frees; NULL without memory. */
char *alp_command_words(int argc, char **argv);

#endif
