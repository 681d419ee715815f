/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loops.h"

#include "../base/isa_table.h"

ALP_ISA_TABLE(alp_scan_loops, alp_scan_loops_of, alp_scan_loops_here)
