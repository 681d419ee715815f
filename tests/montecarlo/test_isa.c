/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same bits from every instruction set that this processor has, and the choice among them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kernels.h"
#include "support.h"

static const char variable[] = "ALPSCAN_ISA";

static alp_mc_setup *setup_for(const alp_config *config, alp_isa isa)
{
    alp_mc_setup *setup = NULL;
    alp_error error;
    (void)setenv(variable, alp_isa_name(isa), 1);
    if (alp_mc_setup_create(config, &setup, &error) != ALP_OK)
        fail_msg("%s", error.message);
    (void)unsetenv(variable);
    assert_ptr_equal(setup->kernels, alp_mc_kernels_of(isa));
    return setup;
}

/* Calls check for every instruction set but the baseline. */
static void for_each_isa(void (*check)(alp_isa isa))
{
    for (int isa = ALP_ISA_BASELINE + 1; isa < ALP_N_ISAS; isa++) {
        if (alp_isa_supported((alp_isa)isa))
            check((alp_isa)isa);
        else
            print_message("this processor has no %s\n", alp_isa_name((alp_isa)isa));
    }
}

static void compare_blocks(alp_isa isa)
{
    enum { BLOCKS = 50 };
    static const double masses[] = {0.107, 0.5, 3.0, 10.3};
    const alp_mc_kernels *one = alp_mc_kernels_of(ALP_ISA_BASELINE),
                         *other = alp_mc_kernels_of(isa);
    uint64_t random = 1;
    for (size_t m = 0; m < sizeof masses / sizeof *masses; m++) {
        const alp_phase_space space = alp_phase_space_make(10.583, m_e, m_mu, masses[m], alpha_0);
        for (int block = 0; block < BLOCKS; block++) {
            double x[ALP_N_PRODUCTION][ALP_ME_BLOCK];
            alp_block a, b;
            alp_me_values va, vb;
            for (int d = 0; d < ALP_N_PRODUCTION; d++)
                for (int i = 0; i < ALP_ME_BLOCK; i++)
                    x[d][i] = random_unit(&random);
            const int channel = block % ALP_N_CHANNELS;
            one->phase_space(&space, channel, ALP_ME_BLOCK, (const double(*)[ALP_ME_BLOCK])x, &a);
            other->phase_space(&space, channel, ALP_ME_BLOCK, (const double(*)[ALP_ME_BLOCK])x, &b);
            assert_memory_equal(&a, &b, sizeof a);
            one->matrix_element(&space.me, ALP_ME_BLOCK, &a.events, &va);
            other->matrix_element(&space.me, ALP_ME_BLOCK, &a.events, &vb);
            assert_memory_equal(&va, &vb, sizeof va);
            assert_true(va.s[0] > 0.0);
        }
    }
}

static void same_blocks(void **state)
{
    (void)state;
    for_each_isa(compare_blocks);
}

/* Any numbers serve: the kernel does not ask whether they belong to one event. */
static void compare_full_blocks(alp_isa isa)
{
    enum { BLOCKS = 200, NUMBERS = sizeof(alp_full_events) / sizeof(double) };
    static const double c_r[2] = {0.25, 0.125}, c_l[2] = {-0.125, 0.375};
    const alp_full_constants c =
        alp_full_constants_make(10.583, m_e, m_mu, alpha_0, 0.5, 1e-3, c_r, c_l);
    uint64_t random = 1;
    for (int block = 0; block < BLOCKS; block++) {
        double number[NUMBERS];
        alp_full_events events;
        alp_full_values one, other;
        for (int i = 0; i < NUMBERS; i++)
            number[i] = 0.1 + 5.0 * random_unit(&random);
        memcpy(&events, number, sizeof events);
        alp_mc_kernels_of(ALP_ISA_BASELINE)->full(&c, &events, &one);
        alp_mc_kernels_of(isa)->full(&c, &events, &other);
        assert_memory_equal(&one, &other, sizeof one);
        assert_true(one.all[0] > 0.0);
    }
}

static void same_full_blocks(void **state)
{
    (void)state;
    for_each_isa(compare_full_blocks);
}

/* A table whose length is no power of two. */
static const char table_text[] =
    "p,eff_e,eff_mu\n"
    "0.3,0.1,0.02\n0.7,0.55,0.3\n1.1,0.8,0.71\n2,0.92,0.9\n3.7,0.9,0.93\n";

static alp_csv make_table(void)
{
    alp_csv csv;
    alp_error error;
    assert_int_equal(alp_csv_parse("table", table_text, sizeof table_text - 1, &csv, &error),
                     ALP_OK);
    return csv;
}

static void compare_rows(const alp_config *config, alp_isa isa)
{
    static const double masses[] = {0.12, 0.5, 3.0, 9.9, 10.3};
    alp_mc_setup *one = setup_for(config, ALP_ISA_BASELINE), *other = setup_for(config, isa);
    for (size_t m = 0; m < sizeof masses / sizeof *masses; m += SANITIZED ? 3 : 1) {
        alp_mc_row a, b;
        alp_error error;
        assert_int_equal(alp_mc_integrate(one, masses[m], &a, &error), ALP_OK);
        assert_int_equal(alp_mc_integrate(other, masses[m], &b, &error), ALP_OK);
        assert_memory_equal(&a, &b, sizeof a);
        assert_true(a.events > 0);
    }
    alp_mc_setup_free(one);
    alp_mc_setup_free(other);
}

static void compare_all_rows(alp_isa isa)
{
    alp_config config;
    fill_config(&config, 3e-3, 7);
    compare_rows(&config, isa);
    config.belle2.cuts = false;
    compare_rows(&config, isa);
    config.belle2.cuts = true;
    config.belle2.efficiency.csv = make_table();
    compare_rows(&config, isa);
    config.montecarlo.alpha = ALP_ALPHA_RUNNING;
    config.montecarlo.isr = ALP_ISR_LL;
    config.belle2.energy_spread = 7e-4;
    compare_rows(&config, isa);
    alp_csv_free(&config.belle2.efficiency.csv);
}

/* The full process, at the widths of a scan of couplings. */
static void compare_full_rows(alp_isa isa)
{
    alp_config config;
    double y_v[] = {0.0, 1e-4}, y_a[] = {1e-3, SANITIZED ? 0.02 : 0.3};
    fill_config(&config, SANITIZED ? 0.5 : 0.05, 7);
    config.montecarlo.method = ALP_MC_METHOD_FULL;
    config.scan.y_v = (alp_axis){.n = 2, .value = y_v};
    config.scan.y_a = (alp_axis){.n = 2, .value = y_a};
    alp_mc_setup *one = setup_for(&config, ALP_ISA_BASELINE), *other = setup_for(&config, isa);
    alp_mc_row a, b;
    alp_error error;
    assert_int_equal(alp_mc_integrate(one, 3.0, &a, &error), ALP_OK);
    assert_int_equal(alp_mc_integrate(other, 3.0, &b, &error), ALP_OK);
    assert_memory_equal(&a, &b, sizeof a);
    assert_true(a.n_widths > (SANITIZED ? 0 : 4));
    alp_mc_setup_coupling(one, 1e-2, 0.0);
    alp_mc_setup_coupling(other, 1e-2, 0.0);
    const double masses[] = {0.12, 11.0};
    const size_t n = SANITIZED ? 0 : sizeof masses / sizeof *masses;
    for (size_t m = 0; m < n; m++) {
        assert_int_equal(alp_mc_integrate(one, masses[m], &a, &error), ALP_OK);
        assert_int_equal(alp_mc_integrate(other, masses[m], &b, &error), ALP_OK);
        assert_memory_equal(&a, &b, sizeof a);
    }
    alp_mc_setup_free(one);
    alp_mc_setup_free(other);
}

static void same_full_rows(void **state)
{
    (void)state;
    for_each_isa(compare_full_rows);
}

static void same_rows(void **state)
{
    (void)state;
    for_each_isa(compare_all_rows);
}

/* Efficiencies against plain interpolation in the table above, rows and ends included. */
static void interpolates(void **state)
{
    (void)state;
    static const double p[] = {0.3, 0.7, 1.1, 2.0, 3.7};
    static const double eff[ALP_N_FLAVOURS][5] = {{0.1, 0.55, 0.8, 0.92, 0.9},
                                                  {0.02, 0.3, 0.71, 0.9, 0.93}};
    alp_config config;
    fill_config(&config, 1e-2, 1);
    config.belle2.e_positron = config.belle2.e_electron; /* the CM frame is the lab */
    config.belle2.efficiency.csv = make_table();
    alp_mc_setup *setup = setup_for(&config, ALP_ISA_BASELINE);
    for (int flavour = 0; flavour < ALP_N_FLAVOURS; flavour++) {
        const double m = flavour == ALP_MUON ? m_mu : m_e;
        double energy[ALP_ME_BLOCK], z[ALP_ME_BLOCK] = {0.0}, value[ALP_ME_BLOCK];
        double momentum[ALP_ME_BLOCK];
        for (int i = 0; i < ALP_ME_BLOCK; i++) {
            momentum[i] = i < 5 ? p[i] : 5.0 * i / ALP_ME_BLOCK;
            energy[i] = sqrt(momentum[i] * momentum[i] + m * m);
            value[i] = 2.0;
        }
        alp_detector_weigh(&setup->detector, flavour, 0, ALP_ME_BLOCK, energy, z, value);
        for (int i = 0; i < ALP_ME_BLOCK; i++) {
            double expected = momentum[i] <= p[0] ? eff[flavour][0] : eff[flavour][4];
            for (int row = 0; row < 4; row++)
                if (momentum[i] > p[row] && momentum[i] <= p[row + 1])
                    expected = eff[flavour][row] + (eff[flavour][row + 1] - eff[flavour][row]) *
                                                       (momentum[i] - p[row]) /
                                                       (p[row + 1] - p[row]);
            /* p from E loses (E/p)^2 roundings, the slope is below 1.2/GeV. */
            assert_true(fabs(value[i] - 2.0 * expected) < 1e-14);
        }
    }
    alp_mc_setup_free(setup);
    alp_csv_free(&config.belle2.efficiency.csv);
}

static void choice(void **state)
{
    (void)state;
    alp_isa isa = ALP_N_ISAS;
    alp_error error;
    (void)unsetenv(variable);
    assert_int_equal(alp_isa_choose(&isa, &error), ALP_OK);
    assert_true(alp_isa_supported(isa));
    for (int better = (int)isa + 1; better < ALP_N_ISAS; better++)
        assert_false(alp_isa_supported((alp_isa)better));

    for (int wanted = 0; wanted < ALP_N_ISAS; wanted++) {
        (void)setenv(variable, alp_isa_name((alp_isa)wanted), 1);
        if (alp_isa_supported((alp_isa)wanted)) {
            assert_int_equal(alp_isa_choose(&isa, &error), ALP_OK);
            assert_int_equal(isa, wanted);
        } else {
            assert_int_equal(alp_isa_choose(&isa, &error), ALP_USAGE);
            assert_non_null(strstr(error.message, "not supported"));
        }
    }

    alp_config config;
    alp_mc_setup *setup = NULL;
    fill_config(&config, 1e-2, 1);
    (void)setenv(variable, "avx1024", 1);
    assert_int_equal(alp_mc_setup_create(&config, &setup, &error), ALP_USAGE);
    assert_null(setup);
    assert_non_null(strstr(error.message, "ALPSCAN_ISA"));
    assert_non_null(strstr(error.message, "baseline"));
    (void)unsetenv(variable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_blocks),  cmocka_unit_test(same_full_blocks),
        cmocka_unit_test(same_rows),    cmocka_unit_test(same_full_rows),
        cmocka_unit_test(interpolates), cmocka_unit_test(choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
