/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Monte Carlo's columns in the file: one line of COLUMNS a column.
 */
#include "plan.h"

static const char reference[] =
    "e+e- -> mu mu e e, docs/montecarlo.md, docs/full-process.md; cuts (5.2), (5.3) of "
    "arXiv:2002.05948";

/* X(name, element, unit, long_name, value from an alp_mc_row *row) */
#define COLUMNS(X)                                                                                 \
    X("sigma_belle2_relative_error", F64, "1",                                                     \
      "relative error of sigma_belle2, one standard deviation (method = full: of the worst "       \
      "width, "                                                                                    \
      "with that of the interpolation); 0 where sigma is 0",                                       \
      alp_mc_row_relative_error(row))                                                              \
    X("montecarlo/sigma_hat", F64, "fb",                                                           \
      "sigma(e+e- -> mu mu e e) after cuts and efficiencies per |y_V|^2 + |y_A|^2",                \
      row->sigma_hat)                                                                              \
    X("montecarlo/error", F64, "fb",                                                               \
      "statistical error of sigma_hat; the 68 % upper limit where no event passed", row->error)    \
    X("montecarlo/sigma_hat_d", F64, "fb",                                                         \
      "coefficient of |y_V|^2 - |y_A|^2 in the cross section; vanishes with the electron mass",    \
      row->sigma_d[0] + row->sigma_d[1])                                                           \
    X("montecarlo/sigma_hat_mupmupemem", F64, "fb", "sigma_hat of mu+ mu+ e- e-", row->sigma_s[0]) \
    X("montecarlo/error_mupmupemem", F64, "fb", "statistical error of sigma_hat_mupmupemem",       \
      row->error_s[0])                                                                             \
    X("montecarlo/sigma_hat_mummumepep", F64, "fb", "sigma_hat of mu- mu- e+ e+", row->sigma_s[1]) \
    X("montecarlo/error_mummumepep", F64, "fb", "statistical error of sigma_hat_mummumepep",       \
      row->error_s[1])                                                                             \
    X("montecarlo/chi2_per_dof", F64, "1", "chi^2 per degree of freedom between batches",          \
      row->chi2_per_dof)                                                                           \
    X("montecarlo/sigma_hat_total", F64, "fb", "sigma_hat without cuts and efficiencies",          \
      row->sigma_total)                                                                            \
    X("montecarlo/error_total", F64, "fb", "statistical error of sigma_hat_total",                 \
      row->error_total)                                                                            \
    X("montecarlo/acceptance", F64, "1", "share of the cross section that passes the cuts",        \
      row->acceptance)                                                                             \
    X("montecarlo/efficiency", F64, "1", "identification efficiency of the accepted events",       \
      row->efficiency)                                                                             \
    X("montecarlo/interpolation_error", F64, "1",                                                  \
      "relative error of interpolation in the mass, part of the errors; 0 for a mass that was "    \
      "run",                                                                                       \
      row->mass_interpolation)                                                                     \
    X("montecarlo/events", U64, "1", "phase-space points used", row->events)                       \
    X("montecarlo/state", U8, "1", "what the Monte Carlo came to at this mass", row->state)

/* alp_mc_state */
static const char states[] =
    "not_computed closed no_event_passed precision_met max_events_reached interpolated";

/* Of the columns the state alone is a U8. */
#define STATES_F64 NULL
#define STATES_U64 NULL
#define STATES_U8 states
#define DATASET(name, element, unit, long_name, value)                                             \
    {name, ALP_ELEMENT_##element, unit, long_name, reference, 0, NULL, NULL, STATES_##element},

static const alp_dataset tables[] = {COLUMNS(DATASET)};

size_t alp_scan_table_count(void)
{
    return sizeof tables / sizeof *tables;
}

const alp_dataset *alp_scan_tables(void)
{
    return tables;
}

#define TYPE_F64 double
#define TYPE_U64 uint64_t
#define TYPE_U8 uint8_t
#define STORE(name, element, unit, long_name, value)                                               \
    ((TYPE_##element *)column[table++])[index] = (TYPE_##element)(value);

void alp_plan_table_values(const alp_mc_row *row, size_t index, void *const *column)
{
    size_t table = 0;
    COLUMNS(STORE)
}
