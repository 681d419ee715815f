/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks that look at more than one value: keys against each other, and tables. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* Below this field, in tesla, and above 0 neither formula for muonium holds: the m_F = +-1 states
 * are quenched only in part. */
#define FIELD_MIN 1e-5
/* Points per chunk: 64 MiB in float64. HDF5 holds none of 4 GiB, and every rank holds one of each
 * map. */
#define CHUNK_POINTS_MAX 8388608U

/** Of two keys the one that was set later; -1 if a mistake has been reported for either. */
static int later(const alp_config_builder *builder, const char *section, const char *a,
                 const char *b)
{
    int i = alp_config_key_find(section, a);
    int j = alp_config_key_find(section, b);
    if (builder->setting[i].bad || builder->setting[j].bad)
        return -1;
    return builder->setting[j].order > builder->setting[i].order ? j : i;
}

/** a < b is asked for. */
static void check_below(alp_config_builder *builder, const char *section, const char *a,
                        const char *b, double value_a, double value_b)
{
    int key = later(builder, section, a, b);
    if (key < 0 || value_a < value_b)
        return;
    char text_a[32];
    char text_b[32];
    alp_format_shortest(value_a, text_a);
    alp_format_shortest(value_b, text_b);
    alp_config_mistake(builder, (size_t)key, "%s = %s does not lie below %s = %s; it must", a,
                       text_a, b, text_b);
}

static void check_muonium(alp_config_builder *builder)
{
    const alp_config *config = builder->config;
    int key = later(builder, "inputs", "muonium_c00", "muonium_c10");
    if (key >= 0 && config->inputs.muonium_c00 + config->inputs.muonium_c10 > 1)
        alp_config_mistake(builder, (size_t)key,
                           "muonium_c00 and muonium_c10 add up to more than 1; populations add up "
                           "to 1 over all four states");
    double field = config->inputs.muonium_field;
    key = alp_config_key_find("inputs", "muonium_field");
    if (!builder->setting[key].bad && field > 0 && field < FIELD_MIN)
        alp_config_mistake(builder, (size_t)key,
                           "no formula holds between 0 and 1e-5 T; 0, or 1e-5 and above, is "
                           "allowed");
}

/** A pair of muons must fit into the energy. */
static void check_energies(alp_config_builder *builder)
{
    const alp_config *config = builder->config;
    double threshold = 2 * config->inputs.muon_mass;
    int mass = alp_config_key_find("inputs", "muon_mass");
    int belle2 = alp_config_key_find("belle2", "sqrt_s");
    int lep = alp_config_key_find("lep", "sqrt_s");
    if (builder->setting[mass].bad)
        return;
    if (!builder->setting[belle2].bad && config->belle2.sqrt_s <= threshold)
        alp_config_mistake(builder, (size_t)belle2,
                           "too low for a pair of muons; above twice inputs.muon_mass is allowed");
    if (!builder->setting[lep].bad && config->lep.sqrt_s <= threshold)
        alp_config_mistake(builder, (size_t)lep,
                           "too low for a pair of muons; above twice inputs.muon_mass is allowed");
}

/** True if a mistake has been reported for a key. */
static bool is_bad(const alp_config_builder *builder, const char *section, const char *name)
{
    return builder->setting[alp_config_key_find(section, name)].bad;
}

/** A chunk ends where the axes end. */
static void check_chunk(alp_config_builder *builder)
{
    const alp_config *c = builder->config;
    const size_t length[3] = {c->scan.m_a.n, c->scan.y_v.n, c->scan.y_a.n};
    size_t edge[3];
    size_t points = 1;
    bool large = false;
    if (is_bad(builder, "run", "chunk") || is_bad(builder, "scan", "m_a") ||
        is_bad(builder, "scan", "y_V") || is_bad(builder, "scan", "y_A") || c->run.chunk[0] == 0)
        return;
    for (size_t i = 0; i < 3; i++) {
        edge[i] = c->run.chunk[i] < length[i] ? c->run.chunk[i] : length[i];
        large = large || points > CHUNK_POINTS_MAX / edge[i];
        points = large ? CHUNK_POINTS_MAX : points * edge[i];
    }
    if (large)
        alp_config_mistake(builder, (size_t)alp_config_key_find("run", "chunk"),
                           "%zu x %zu x %zu points are too many for a chunk; allowed is a product "
                           "of at most %u points (64 MiB in float64)",
                           edge[0], edge[1], edge[2], CHUNK_POINTS_MAX);
}

/** One count of events for each luminosity. */
static void check_observed(alp_config_builder *builder)
{
    const alp_config *c = builder->config;
    int key = later(builder, "belle2", "luminosity", "observed");
    if (key >= 0 && c->belle2.observed.n > 0 && c->belle2.observed.n != c->belle2.luminosity.n)
        alp_config_mistake(builder, (size_t)key,
                           "observed has %zu numbers for the %zu of luminosity; "
                           "allowed are one for each, or none",
                           c->belle2.observed.n, c->belle2.luminosity.n);
}

/** What the on-shell Monte Carlo alone can do. */
static void check_choices(alp_config_builder *builder)
{
    const alp_config *c = builder->config;
    const struct {
        const char *section, *name;
        bool chosen;
    } choices[] = {
        {"montecarlo", "alpha", c->montecarlo.alpha == ALP_ALPHA_RUNNING},
        {"montecarlo", "isr", c->montecarlo.isr != ALP_ISR_NONE},
        {"belle2", "energy_spread", c->belle2.energy_spread > 0},
        {"belle2", "os_background", c->belle2.os_background.csv.path != NULL},
    };
    if (c->montecarlo.method != ALP_MC_METHOD_FULL)
        return;
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
        if (choices[i].chosen)
            alp_config_mistake(
                builder, (size_t)alp_config_key_find(choices[i].section, choices[i].name),
                "montecarlo.method = full does not know this choice; allowed with it "
                "is montecarlo.method = onshell");
}

/** run.hints: every word is NAME=VALUE. */
static void check_hints(alp_config_builder *builder)
{
    const char *at = builder->config->run.hints;
    if (is_bad(builder, "run", "hints"))
        return;
    for (at += strspn(at, " \t"); *at != '\0'; at += strspn(at, " \t")) {
        size_t length = strcspn(at, " \t"), name = strcspn(at, "= \t");
        if (name == 0 || name + 1 >= length)
            alp_config_mistake(builder, (size_t)alp_config_key_find("run", "hints"),
                               "'%.*s' is no NAME=VALUE; allowed are such words, separated by "
                               "blanks, as striping_factor=16",
                               (int)(length < 64 ? length : 64), at);
        at += length;
    }
}

void alp_config_check(alp_config_builder *builder)
{
    const alp_config *c = builder->config;
    check_below(builder, "inputs", "electron_mass", "muon_mass", c->inputs.electron_mass,
                c->inputs.muon_mass);
    check_below(builder, "belle2", "electron_theta_min", "electron_theta_max",
                c->belle2.electron_theta_min, c->belle2.electron_theta_max);
    check_below(builder, "belle2", "muon_theta_min", "muon_theta_max", c->belle2.muon_theta_min,
                c->belle2.muon_theta_max);
    check_muonium(builder);
    check_energies(builder);
    check_hints(builder);
    check_chunk(builder);
    check_choices(builder);
    check_observed(builder);
    alp_config_check_feasible(builder);
    alp_config_check_observables(builder);
}

/** largest: of the columns behind the first; positive: 0 is refused there. */
static bool check_row(const alp_csv *csv, size_t row, const size_t *column, size_t n,
                      double largest, bool positive, double *last, char *why)
{
    char beyond[64];
    (void)snprintf(beyond, sizeof beyond, "does not lie between 0 and %g", largest);
    for (size_t i = 0; i < n; i++) {
        double value;
        alp_error error;
        if (alp_csv_number(csv, row, column[i], &value, &error) != ALP_OK) {
            (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%.900s", error.message);
            return false;
        }
        const char *wrong = NULL;
        if (i > 0 && !(value >= 0 && value <= largest))
            wrong = beyond;
        else if (i > 0 && positive && value == 0)
            wrong = "is not above 0";
        else if (i == 0 && value < 0)
            wrong = "is negative";
        else if (i == 0 && row > 0 && !(value > *last))
            wrong = "does not lie above the row before; rows must increase";
        if (wrong != NULL) {
            (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%.800s:%zu: %.64s: %.64s %s", csv->path,
                           csv->line[row], csv->header[column[i]],
                           csv->cell[row * csv->n_columns + column[i]], wrong);
            return false;
        }
        if (i == 0)
            *last = value;
    }
    return true;
}

bool alp_config_check_table(const alp_config_key *key, const alp_csv *csv, char *why)
{
    enum { COLUMNS_MAX = 8 };
    size_t column[COLUMNS_MAX];
    size_t n = 0;
    for (const char *w = key->choices; *w != '\0' && n < COLUMNS_MAX; n++) {
        char name[64];
        size_t length = strcspn(w, " ");
        (void)snprintf(name, sizeof name, "%.*s", (int)length, w);
        int index = alp_csv_column(csv, name);
        if (index < 0) {
            (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%.800s: no column '%s'", csv->path, name);
            return false;
        }
        column[n] = (size_t)index;
        w += length + strspn(w + length, " ");
    }
    if (csv->n_rows < 2) {
        (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%.800s: fewer than two rows", csv->path);
        return false;
    }
    double last = 0;
    for (size_t row = 0; row < csv->n_rows; row++)
        if (!check_row(csv, row, column, n, key->max > 0 ? key->max : 1, key->above, &last, why))
            return false;
    return true;
}
