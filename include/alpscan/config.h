/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_CONFIG_H
#define ALPSCAN_CONFIG_H

/**
 * The configuration: INI text in layers -> one immutable struct. One row of the table in
 * src/config/keys.c declares a key with its type, unit, range, default and meaning. The module is
 * read by all and reads none. Numbers in the units of the table (docs/configuration.md).
 */

#include "alpscan/csv.h"
#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** A scan axis: strictly increasing values, ends included and exact. */
typedef struct alp_axis {
    size_t n;
    double *value;
    bool scanned; /**< false for a single value written as such */
    char *text;   /**< as written, for the record; NULL for an axis not made by this module */
} alp_axis;

typedef struct alp_measurement {
    double value, uncertainty;
} alp_measurement;

typedef struct alp_limit {
    double value, confidence;
} alp_limit;

/** alpha(0), and what montecarlo.alpha = running is stored as. */
#define ALP_ALPHA_0 (1.0 / 137.035999)
#define ALP_ALPHA_RUNNING 0.0

enum { ALP_LIST_MAX = 16, ALP_TEXT_MAX = 1024 };

/** What stands for `none` and `auto` in a duration. */
enum { ALP_DURATION_NONE = 0, ALP_DURATION_AUTO = -1 };

typedef struct alp_list {
    size_t n;
    double value[ALP_LIST_MAX];
} alp_list;

typedef enum alp_model { ALP_MODEL_ALP, ALP_MODEL_COMPLEX_SCALAR } alp_model;
/** exact: what we hold to be right; paper: the formula as printed in arXiv:2002.05948. */
typedef enum alp_formula { ALP_EXACT, ALP_PAPER } alp_formula;
typedef enum alp_afb_mode { ALP_AFB_FULL, ALP_AFB_INTERFERENCE } alp_afb_mode;
typedef enum alp_mc_method {
    ALP_MC_METHOD_ONSHELL,
    ALP_MC_METHOD_FULL,
    ALP_MC_METHOD_NONE
} alp_mc_method;
/** Initial-state radiation: none, or structure functions in leading logarithms. */
typedef enum alp_isr { ALP_ISR_NONE, ALP_ISR_LL } alp_isr;
typedef enum alp_mc_mass_choice { ALP_MC_MASSES_ADAPTIVE, ALP_MC_MASSES_GRID } alp_mc_mass_choice;
typedef enum alp_output_precision { ALP_FLOAT64, ALP_FLOAT32 } alp_output_precision;

/** One of `total` slabs that a grid is cut into, counted from 1; 1 of 1: the whole. */
typedef struct alp_part {
    uint64_t number, total;
} alp_part;

/** A table named by the configuration; csv.path is NULL where the key is "none". */
typedef struct alp_table {
    char name[ALP_TEXT_MAX]; /**< as written in the configuration */
    alp_csv csv;
} alp_table;

/** One layer's text as read, kept for the record in the result file. */
typedef struct alp_layer_text {
    char *name; /**< path of a file, or "--set" */
    char *text;
} alp_layer_text;

typedef struct alp_config {
    struct {
        char title[ALP_TEXT_MAX];
        alp_axis m_a; /**< GeV */
        alp_axis y_v, y_a;
        alp_axis phase; /**< rad, arg(y_V y_A*) */
        alp_part part;  /**< the axes are those of the whole grid */
    } scan;
    struct {
        alp_model type;
        alp_formula loop, muonium;
    } model;
    struct {
        double electron_mass, muon_mass; /**< GeV */
        alp_measurement a_e, a_mu;       /**< Delta a: experiment minus Standard Model */
        alp_limit d_e;                   /**< e cm */
        alp_limit muonium;               /**< P(M -> Mbar) */
        double muonium_field;            /**< tesla; 0, or at least 1e-5 */
        double muonium_x_per_tesla;
        double muonium_c00, muonium_c10; /**< populations of (F, m_F) = (0,0), (1,0) */
        double muonium_bohr_radius;      /**< GeV^-1 */
        double muon_width;               /**< GeV, total width of the muon */
        alp_table mu_to_e_a;             /**< columns m_a (GeV), br_limit */
        alp_measurement lep_afb;         /**< uncertainty is statistical */
        double lep_afb_systematic;
        double lep_afb_sm;
        double lep_contact;         /**< limit on sqrt(S) per TeV of m_a */
        double lep_contact_m_a_min; /**< GeV, below it the contact limit is void */
        double z_mass, z_width;     /**< GeV */
    } inputs;
    struct {
        double e_electron, e_positron; /**< GeV, head-on */
        double energy_spread;          /**< relative rms of each beam */
        double alpha, sqrt_s;          /**< for A_FB alone; sqrt_s in GeV */
        alp_afb_mode afb;
        alp_list afb_resolution;
        alp_list luminosity; /**< 1/ab */
        double background;   /**< events per 1/ab */
        alp_list observed;   /**< events with each luminosity; none: n = 0 */
        double confidence;
        double discovery;                              /**< standard deviations */
        double electron_theta_min, electron_theta_max; /**< degrees in the lab, from the e- beam */
        double muon_theta_min, muon_theta_max;
        double electron_p_min, muon_p_min; /**< GeV in the lab */
        bool cuts;                         /**< false: no cuts at all */
        alp_table efficiency;              /**< columns p (GeV), eff_e, eff_mu; or none */
        alp_table os_background; /**< columns m (GeV), events (per GeV and 1/ab); or none */
        double mass_resolution;  /**< relative rms of m(e mu) */
        double os_window;        /**< half-width of the window in units of it */
    } belle2;
    struct {
        double alpha, sin2_theta_w;
        double sqrt_s; /**< GeV */
        alp_afb_mode afb;
    } lep;
    struct {
        alp_mc_method method;
        alp_mc_mass_choice masses;
        double alpha; /**< or ALP_ALPHA_RUNNING */
        alp_isr isr;
        double precision;    /**< relative standard error asked for */
        uint64_t max_events; /**< per mass */
        uint64_t seed;
    } montecarlo;
    struct {
        char file[ALP_TEXT_MAX]; /**< empty: last configuration's stem + .h5 */
        alp_output_precision precision;
        char observables[ALP_TEXT_MAX]; /**< "all", "none" or names, one blank between two */
        /** Where observables was set, for messages of those who know the names: "FILE:LINE",
         *  "--set" or "default"; empty in a configuration not made by this module. */
        char observables_place[ALP_TEXT_MAX];
    } output;
    struct {
        size_t chunk[3];          /**< m_a, y_V, y_A points; all 0: auto */
        double checkpoint;        /**< s */
        double time_limit;        /**< s, or ALP_DURATION_NONE, ALP_DURATION_AUTO */
        double watchdog;          /**< s */
        uint64_t alignment;       /**< bytes */
        char hints[ALP_TEXT_MAX]; /**< "name=value ..." for MPI, or empty */
    } run;

    size_t n_layers;
    alp_layer_text *layers;
} alp_config;

/** A source of settings, in order of increasing precedence. */
typedef struct alp_layer {
    enum { ALP_LAYER_FILE, ALP_LAYER_SET } kind;
    const char *text; /**< a path, or "section.key=value" */
} alp_layer;

/**
 * Reads and checks all layers over the defaults. Every mistake of every layer is added to
 * mistakes as "FILE:LINE: section.key: what is wrong; what is allowed" ("--set" in place of
 * FILE:LINE for those); returns ALP_USAGE (ALP_IO if a file cannot be read) if there is any, and
 * *config is then NULL.
 */
alp_status alp_config_load(const alp_layer *layers, size_t n_layers, alp_config **config,
                           alp_messages *mistakes);

/** The names that a module knows and the configuration does not. */
typedef struct alp_config_names {
    size_t n;
    const char *(*name)(size_t index);
} alp_config_names;

/** As alp_config_load, where output.observables may hold no other names than these. */
alp_status alp_config_load_named(const alp_layer *layers, size_t n_layers,
                                 const alp_config_names *observables, alp_config **config,
                                 alp_messages *mistakes);
/** Whether a list ("all", "none" or names, a blank between two) holds known names alone; else why
 *  (size bytes) gets "'a_tau': no such observable; allowed: ...". */
bool alp_config_names_known(const char *list, const alp_config_names *known, char *why,
                            size_t size);
void alp_config_free(alp_config *config);

/**
 * The effective configuration as INI text: every key, in the table's order, numbers as the shortest
 * decimals that read back, axes as written. Valid input; loading it gives an equal configuration.
 * The caller frees.
 */
char *alp_config_effective(const alp_config *config);

/**
 * Compares two effective configurations and adds a line per difference to differences,
 * "section.key: NAME_A has X, NAME_B Y". Left out: [run] and output.file, which do not change
 * results, and the names of tables, whose contents count. The first text may be of another version:
 * what is no INI text at all is a difference too.
 */
void alp_config_compare(const char *a, const char *name_a, const char *b, const char *name_b,
                        alp_messages *differences);

/** An effective configuration with one value replaced; the caller frees. NULL: no memory, or no
 *  such key in it. */
char *alp_config_replace(const char *effective, const char *section, const char *key,
                         const char *value);

/** Prints every key with unit, range, default and meaning: a commented INI that is itself valid. */
void alp_config_print_defaults(FILE *stream);
/** Prints the reference of every key for people (`alpscan config`). */
void alp_config_print_keys(FILE *stream);

/**
 * The whole configuration with its tables as one run of bytes, and back: rank 0 reads files and
 * broadcasts, the others unpack. The caller frees *bytes.
 */
alp_status alp_config_pack(const alp_config *config, char **bytes, size_t *size, alp_error *error);
alp_status alp_config_unpack(const char *bytes, size_t size, alp_config **config, alp_error *error);

/** A table of a configuration that is restored: its key, "inputs.mu_to_e_a", and its text. */
typedef struct alp_config_table_text {
    const char *key, *text;
} alp_config_table_text;

/** The configuration that an effective one and its tables say, from memory alone. A table that is
 * not given is `none` where its key allows that. ALP_USAGE with the first mistake where it is of
 * another version. name serves for messages. */
alp_status alp_config_restore(const char *name, const char *effective,
                              const alp_config_table_text *tables, size_t n_tables,
                              alp_config **config, alp_error *error);

/** Shortest decimal that reads back to value ("1e-4", "0.427", "50"); buffer of at least 32. */
void alp_format_shortest(double value, char *buffer);

#endif
