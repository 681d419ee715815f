/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configurations whose every value is allowed, and which nevertheless can give nothing: beams and
 * cuts that leave no phase space, a precision that the number of points cannot reach, a grid that
 * nobody can count.
 */
#include "internal.h"

#include <math.h>

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))

/* Points of the integration are this over the square of the precision where it is easiest, or more:
 * half of what the cheapest masses take, measured between 0.12 and 9.8 GeV. With cuts the rate
 * between the most and the least favourable mass is some 4; without, the lattice of points does far
 * better than independent ones. */
#define POINTS_WITH_CUTS 2e-2
#define POINTS_WITHOUT_CUTS 5e-4

typedef struct key_name {
    const char *section, *name;
} key_name;

/** Of some keys the one that was set last; -1 if a mistake has been reported for any. */
static int latest(const alp_config_builder *builder, const key_name *keys, size_t n)
{
    int last = -1;
    for (size_t i = 0; i < n; i++) {
        int key = alp_config_key_find(keys[i].section, keys[i].name);
        if (builder->setting[key].bad)
            return -1;
        if (last < 0 || builder->setting[key].order > builder->setting[last].order)
            last = key;
    }
    return last;
}

static void check_beam(alp_config_builder *builder, const char *name, double energy)
{
    const key_name keys[] = {{"belle2", name}, {"inputs", "electron_mass"}};
    int key = latest(builder, keys, ROWS(keys));
    if (key >= 0 && !(energy > builder->config->inputs.electron_mass))
        alp_config_mistake(builder, (size_t)key,
                           "belle2.%s does not lie above inputs.electron_mass; it must", name);
}

/** Energy and momentum of the beams in the laboratory, the electrons along +z. */
typedef struct beams {
    double energy, momentum;
} beams;

static beams beams_of(const alp_config *config)
{
    const double me = config->inputs.electron_mass;
    const double e1 = config->belle2.e_electron;
    const double e2 = config->belle2.e_positron;
    return (beams){e1 + e2, sqrt((e1 - me) * (e1 + me)) - sqrt((e2 - me) * (e2 + me))};
}

/**
 * The smallest energy of a particle with |p| >= p_min between two angles of the laboratory, seen
 * from a frame that moves along +z with this rapidity: cosh E - sinh p cos(theta) is smallest at
 * the angle nearest to the motion, and there at the velocity tanh cos(theta), where that is
 * positive and p_min allows it.
 */
static double least_energy(double rapidity, double mass, double p_min, double theta_min,
                           double theta_max)
{
    const double degree = 3.14159265358979323846 / 180.0;
    const double along = sinh(rapidity) * cos((rapidity > 0 ? theta_min : theta_max) * degree);
    const double v = along / cosh(rapidity);
    const double p_best = v > 0 ? mass * v / sqrt(1.0 - v * v) : 0.0;
    const double p = p_best > p_min ? p_best : p_min;
    return cosh(rapidity) * sqrt(p * p + mass * mass) - along * p;
}

/** Two muons and two electrons, each within its cuts. */
static double least_of_all(const alp_config *config, double rapidity)
{
    if (!config->belle2.cuts)
        return 2.0 * (config->inputs.muon_mass + config->inputs.electron_mass);
    return 2.0 *
           (least_energy(rapidity, config->inputs.muon_mass, config->belle2.muon_p_min,
                         config->belle2.muon_theta_min, config->belle2.muon_theta_max) +
            least_energy(rapidity, config->inputs.electron_mass, config->belle2.electron_p_min,
                         config->belle2.electron_theta_min, config->belle2.electron_theta_max));
}

/** Whether the energy does not suffice in the frame of a rapidity, the laboratory's being 0; that
 * is a mistake of the key. */
static bool check_frame(alp_config_builder *builder, int key, double rapidity)
{
    const alp_config *config = builder->config;
    const beams b = beams_of(config);
    const double given = cosh(rapidity) * b.energy - sinh(rapidity) * b.momentum;
    const double least = least_of_all(config, rapidity);
    char frame[64] = "in the laboratory";
    if (least < given)
        return false;
    if (rapidity != 0.0)
        (void)snprintf(frame, sizeof frame,
                       "in the frame that moves with %.2g c along the electrons", tanh(rapidity));
    alp_config_mistake(builder, (size_t)key,
                       "no event can pass: %s two muons and two electrons%s have %.4g GeV or more, "
                       "the beams %.4g GeV; allowed: %smore energy, or montecarlo.method = none",
                       frame, config->belle2.cuts ? " within the cuts" : "", least, given,
                       config->belle2.cuts ? "looser cuts, " : "");
    return true;
}

/** Energy is conserved in every frame: one in which it does not suffice excludes everything. */
static void check_phase_space(alp_config_builder *builder)
{
    static const key_name keys[] = {{"belle2", "e_electron"},
                                    {"belle2", "e_positron"},
                                    {"belle2", "cuts"},
                                    {"belle2", "electron_p_min"},
                                    {"belle2", "muon_p_min"},
                                    {"belle2", "muon_theta_min"},
                                    {"belle2", "muon_theta_max"},
                                    {"inputs", "muon_mass"},
                                    {"belle2", "electron_theta_min"},
                                    {"inputs", "electron_mass"},
                                    {"belle2", "electron_theta_max"},
                                    {"montecarlo", "method"}};
    enum { FRAMES = 41 };
    const double reach = 2.0; /* units of rapidity about that of the centre of mass */
    int key = latest(builder, keys, ROWS(keys));
    if (key < 0 || builder->config->montecarlo.method == ALP_MC_METHOD_NONE)
        return;
    const beams b = beams_of(builder->config);
    const double middle = atanh(b.momentum / b.energy);
    bool wrong = check_frame(builder, key, 0.0);
    for (int i = 0; i < FRAMES && !wrong; i++)
        wrong = check_frame(builder, key, middle + reach * (2.0 * i / (FRAMES - 1) - 1.0));
}

static void check_precision(alp_config_builder *builder)
{
    static const key_name keys[] = {{"montecarlo", "precision"},
                                    {"montecarlo", "max_events"},
                                    {"montecarlo", "method"},
                                    {"belle2", "cuts"}};
    const alp_config *config = builder->config;
    int key = latest(builder, keys, ROWS(keys));
    if (key < 0 || config->montecarlo.method != ALP_MC_METHOD_ONSHELL)
        return;
    const double above_rounding = 1.01; /* three digits are printed */
    const double scale = config->belle2.cuts ? POINTS_WITH_CUTS : POINTS_WITHOUT_CUTS;
    const double asked = config->montecarlo.precision;
    const double points = scale / (asked * asked);
    const double most = (double)config->montecarlo.max_events;
    if (points <= most)
        return;
    alp_config_mistake(
        builder, (size_t)key,
        "no mass can reach the precision: %.3g takes some %.1g phase-space points or "
        "more, montecarlo.max_events is %.3g; allowed: montecarlo.precision of %.3g "
        "or above, or more events",
        asked, points, most, above_rounding * sqrt(scale / most));
}

/** Counts must fit into 64 bits, in bytes too. */
static void check_grid(alp_config_builder *builder)
{
    static const key_name keys[] = {
        {"scan", "m_a"}, {"scan", "y_V"}, {"scan", "y_A"}, {"scan", "phase"}};
    const alp_config *c = builder->config;
    const size_t n[] = {c->scan.m_a.n, c->scan.y_v.n, c->scan.y_a.n, c->scan.phase.n};
    const uint64_t points_max = UINT64_MAX >> 8;
    uint64_t points = 1;
    int key = latest(builder, keys, ROWS(keys));
    for (size_t i = 0; key >= 0 && i < ROWS(n); i++) {
        if (points > points_max / n[i]) {
            alp_config_mistake(builder, (size_t)key,
                               "the grid has more points than 64 bits can count; allowed: fewer "
                               "points along scan.m_a, scan.y_V, scan.y_A or scan.phase");
            return;
        }
        points *= n[i];
    }
}

void alp_config_check_feasible(alp_config_builder *builder)
{
    check_beam(builder, "e_electron", builder->config->belle2.e_electron);
    check_beam(builder, "e_positron", builder->config->belle2.e_positron);
    check_phase_space(builder);
    check_precision(builder);
    check_grid(builder);
}
