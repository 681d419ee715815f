/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include "../base/isa_table.h"

ALP_ISA_TABLE(alp_physics_rows, alp_physics_rows_of, alp_physics_rows_here)
