/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_VERSION_H
#define ALPSCAN_VERSION_H

/** What this build is, for the record in result files; the Makefile writes the texts. */

extern const char alp_version[];       /**< "0.1.0" */
extern const char alp_git_revision[];  /**< with "-dirty" if files differ from it, or "unknown" */
extern const char alp_compiler[];      /**< first line of the compiler's --version */
extern const char alp_compile_flags[]; /**< all that may change a result */

#endif
