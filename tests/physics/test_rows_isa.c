/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows of every observable and flag: the same bits from every instruction set that this processor
 * has, as points evaluated one by one, and as the definitions of flags and rounding say. */
#include "setup.h"

#include "context.h"
#include "rows.h"

enum { N = 2 * ALP_PHYSICS_BLOCK + 77, SPARE = 3, FLAGS_MAX = 128 };

typedef struct row {
    double value[N_OBSERVABLES][N + SPARE];
    float rounded[N_OBSERVABLES][N + SPARE];
    uint32_t wide[ALP_N_FLAG_GROUPS][N + SPARE];
    uint16_t half[ALP_N_FLAG_GROUPS][N + SPARE];
    uint8_t byte[ALP_N_FLAG_GROUPS][N + SPARE];
    uint64_t counts[FLAGS_MAX];
} row;

static double random_unit(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* Moduli over many decades, signs and phases; some vanish. */
typedef struct couplings {
    double s[N], d[N], r[N], i[N];
} couplings;

static void fill_couplings(couplings *y, uint64_t *random)
{
    for (size_t j = 0; j < N; j++) {
        const double v = j % 17 == 3 ? 0.0 : pow(10.0, 9.0 * random_unit(random) - 7.0);
        const double a = j % 13 == 5 ? 0.0 : -pow(10.0, 9.0 * random_unit(random) - 7.0);
        const double phase = j % 5 == 0 ? 0.0 : 2.0 * PI * random_unit(random);
        y->s[j] = v * v + a * a;
        y->d[j] = v * v - a * a;
        y->r[j] = 2.0 * v * a * cos(phase);
        y->i[j] = 2.0 * v * a * sin(phase);
    }
}

/* All that a row can give, at n points from first on; what lies beyond keeps a pattern. */
static void evaluate(const alp_physics *physics, const alp_mass *mass, const couplings *y,
                     size_t first, size_t n, row *out)
{
    memset(out, 0x5a, sizeof *out);
    memset(out->counts, 0, sizeof out->counts);
    const alp_couplings at = {y->s + first, y->d + first, y->r + first, y->i + first};
    alp_value_row both[N_OBSERVABLES], none[N_OBSERVABLES] = {{NULL, NULL}};
    alp_value_row rounded[N_OBSERVABLES];
    alp_mask_row wide[ALP_N_FLAG_GROUPS], half[ALP_N_FLAG_GROUPS], byte[ALP_N_FLAG_GROUPS];
    for (size_t k = 0; k < N_OBSERVABLES; k++) {
        both[k] = (alp_value_row){out->value[k], NULL};
        rounded[k] = (alp_value_row){NULL, out->rounded[k]};
    }
    for (size_t g = 0; g < ALP_N_FLAG_GROUPS; g++) {
        wide[g] = (alp_mask_row){out->wide[g], sizeof out->wide[g][0]};
        half[g] = (alp_mask_row){out->half[g], sizeof out->half[g][0]};
        byte[g] = (alp_mask_row){out->byte[g], sizeof out->byte[g][0]};
    }
    assert_true(alp_mass_evaluate_row(physics, mass, n, &at, both, wide, out->counts));
    assert_true(alp_mass_evaluate_row(physics, mass, n, &at, rounded, half, NULL));
    assert_true(alp_mass_evaluate_row(physics, mass, n, &at, none, byte, NULL));
}

static alp_mc_row row_at(double m_a)
{
    return (alp_mc_row){.m_a = m_a,
                        .sigma_s = {3e5, 4e5},
                        .sigma_d = {1e3, -2e3},
                        .sigma_hat = 7e5,
                        .error = 10.0,
                        .state = ALP_MC_DONE};
}

static alp_config configuration(int which)
{
    alp_config config = which == 1 ? paper_config() : exact_config();
    if (which == 2) {
        config.model.type = ALP_MODEL_COMPLEX_SCALAR;
        config.belle2.background = 20.0;
    }
    return config;
}

static const double masses[] = {0.01, 0.09, 0.11, 1.5, 9.0, 90.0, 700.0};
enum { N_MASSES = sizeof masses / sizeof *masses, N_CONFIGURATIONS = 3 };

/* Calls check for every configuration and mass, with random couplings. */
static void everywhere(void (*check)(alp_physics *physics, const alp_mass *mass, double m_a,
                                     const couplings *y))
{
    uint64_t random = 1;
    couplings *y = malloc(sizeof *y);
    assert_non_null(y);
    for (int which = 0; which < N_CONFIGURATIONS; which++) {
        alp_config config = configuration(which);
        alp_physics *physics = physics_of(&config);
        alp_mass *mass = NULL;
        alp_error error = {0};
        assert_int_equal(alp_mass_create(physics, &mass, &error), ALP_OK);
        for (size_t m = 0; m < N_MASSES; m++) {
            const alp_mc_row of = row_at(masses[m]);
            assert_int_equal(alp_mass_prepare(physics, masses[m], &of, mass, &error), ALP_OK);
            fill_couplings(y, &random);
            check(physics, mass, masses[m], y);
        }
        alp_mass_free(mass);
        alp_physics_free(physics);
    }
    free(y);
}

static void compare_isas(alp_physics *physics, const alp_mass *mass, double m_a, const couplings *y)
{
    (void)m_a;
    row *one = malloc(sizeof *one), *other = malloc(sizeof *other);
    assert_true(one != NULL && other != NULL);
    /* Lengths that leave every remainder, and a start that no vector is aligned to. */
    static const size_t lengths[] = {1, 2, 3, 5, 7, 8, 9, 31, ALP_PHYSICS_BLOCK, N - 3};
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        const size_t first = l % 3;
        physics->rows = alp_physics_rows_of(ALP_ISA_BASELINE);
        evaluate(physics, mass, y, first, lengths[l], one);
        for (int isa = ALP_ISA_BASELINE + 1; isa < ALP_N_ISAS; isa++) {
            if (!alp_isa_supported((alp_isa)isa))
                continue;
            physics->rows = alp_physics_rows_of((alp_isa)isa);
            evaluate(physics, mass, y, first, lengths[l], other);
            assert_memory_equal(one, other, sizeof *one);
        }
    }
    free(one);
    free(other);
}

static void test_same_bits(void **state)
{
    (void)state;
    for (int isa = 0; isa < ALP_N_ISAS; isa++)
        if (!alp_isa_supported((alp_isa)isa))
            print_message("this processor has no %s\n", alp_isa_name((alp_isa)isa));
    everywhere(compare_isas);
}

/* The quantity that a flag tests, from the values of its point. */
static double quantity_of(const alp_physics_flag *flag, const row *out, const couplings *y,
                          size_t j)
{
    if (flag->row->quantity == ALP_PHYSICS_S)
        return y->s[j];
    if (flag->row->quantity == ALP_PHYSICS_LARGEST)
        return fmax(0.5 * (y->s[j] + y->d[j]), 0.5 * (y->s[j] - y->d[j]));
    return out->value[flag->row->quantity][j];
}

static bool is_set(const alp_physics *physics, const alp_physics_flag *flag, double m_a,
                   double quantity)
{
    if (!physics->defined[flag->row->requires])
        return false;
    const alp_mc_row of = row_at(m_a);
    const alp_physics_test test = alp_physics_flag_test(physics, flag, m_a, &of);
    if (test.kind == ALP_PHYSICS_INSIDE)
        return fabs(quantity - test.centre) <= test.radius;
    if (test.kind == ALP_PHYSICS_OUTSIDE)
        return fabs(quantity - test.centre) > test.radius;
    return test.kind == ALP_PHYSICS_ALWAYS;
}

/* Masks of every width, counts and rounded values against what their definitions say. */
static void compare_definitions(alp_physics *physics, const alp_mass *mass, double m_a,
                                const couplings *y)
{
    row *out = malloc(sizeof *out);
    assert_non_null(out);
    evaluate(physics, mass, y, 0, N, out);
    for (size_t f = 0; f < physics->n_flags; f++) {
        const alp_physics_flag *flag = &physics->flags[f];
        const alp_flag_group group = flag->info.group;
        uint64_t count = 0;
        for (size_t j = 0; j < N; j++) {
            const bool set = is_set(physics, flag, m_a, quantity_of(flag, out, y, j));
            assert_int_equal(out->wide[group][j] >> flag->info.bit & 1u, set);
            count += set;
        }
        assert_int_equal(out->counts[f], count);
    }
    for (size_t g = 0; g < ALP_N_FLAG_GROUPS; g++)
        for (size_t j = 0; j < N; j++) {
            assert_int_equal(out->half[g][j], (uint16_t)out->wide[g][j]);
            assert_int_equal(out->byte[g][j], (uint8_t)out->wide[g][j]);
        }
    for (size_t k = 0; k < N_OBSERVABLES; k++)
        for (size_t j = 0; j < N && physics->defined[k]; j++)
            assert_true(out->rounded[k][j] == (float)out->value[k][j]);
    free(out);
}

static void test_flags_and_rounding(void **state)
{
    (void)state;
    everywhere(compare_definitions);
}

/* Coefficients that no prepare leaves: one point of a row runs over, whatever its place. */
static void test_not_finite(void **state)
{
    (void)state;
    enum { LENGTH = 21 };
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    for (int isa = 0; isa < ALP_N_ISAS; isa++) {
        if (!alp_isa_supported((alp_isa)isa))
            continue;
        physics->rows = alp_physics_rows_of((alp_isa)isa);
        alp_mass *mass = NULL;
        alp_error error = {0};
        assert_int_equal(alp_mass_create(physics, &mass, &error), ALP_OK);
        assert_int_equal(alp_mass_prepare(physics, 1.5, NULL, mass, &error), ALP_OK);
        for (int bad = -1; bad < LENGTH; bad++) {
            double s[LENGTH], d[LENGTH], zero[LENGTH] = {0.0};
            const alp_value_row values[N_OBSERVABLES] = {{NULL, NULL}};
            const alp_mask_row masks[ALP_N_FLAG_GROUPS] = {{NULL, 0}};
            for (int j = 0; j < LENGTH; j++) {
                s[j] = j == bad ? (bad % 2 == 0 ? INFINITY : NAN) : 1e-6;
                d[j] = 0.0;
            }
            const alp_couplings y = {s, d, zero, zero};
            assert_int_equal(alp_mass_evaluate_row(physics, mass, LENGTH, &y, values, masks, NULL),
                             bad < 0);
        }
        alp_mass_free(mass);
    }
    alp_physics_free(physics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bits),
        cmocka_unit_test(test_flags_and_rounding),
        cmocka_unit_test(test_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
