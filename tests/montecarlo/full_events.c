/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "full_events.h"
#include "support.h"

void assert_near(double value, double reference, double bound)
{
    if (!(fabs(value - reference) <= bound * fabs(reference)))
        fail_msg("%.17g, not %.17g: %.2g, bound %.2g", value, reference, value / reference - 1.0,
                 bound);
}

double momentum_dot(const double *u, const double *v)
{
    return u[0] * v[0] - u[1] * v[1] - u[2] * v[2] - u[3] * v[3];
}

double pair_mass2(const double *u, const double *v)
{
    double sum[4];
    for (int i = 0; i < 4; i++)
        sum[i] = u[i] + v[i];
    return momentum_dot(sum, sum);
}

/* v from the rest frame of `frame` (of the given mass) to where it has its value. */
static void boost(const double *frame, double mass, double *v)
{
    double along = frame[1] * v[1] + frame[2] * v[2] + frame[3] * v[3];
    double energy = (frame[0] * v[0] + along) / mass;
    double factor = (energy + v[0]) / (frame[0] + mass);
    v[0] = energy;
    for (int i = 1; i < 4; i++)
        v[i] += factor * frame[i];
}

void decay(uint64_t *random, const double *total, double mass, double mass_a, double mass_b,
           double *a, double *b)
{
    double energy = (mass * mass + mass_a * mass_a - mass_b * mass_b) / (2.0 * mass);
    double k = sqrt(energy * energy - mass_a * mass_a);
    double cosine = 2.0 * random_unit(random) - 1.0, phi = 2.0 * pi * random_unit(random);
    double sine = sqrt(1.0 - cosine * cosine);
    double p[3] = {k * sine * cos(phi), k * sine * sin(phi), k * cosine};
    a[0] = energy;
    b[0] = mass - energy;
    for (int i = 0; i < 3; i++) {
        a[i + 1] = p[i];
        b[i + 1] = -p[i];
    }
    boost(total, mass, a);
    boost(total, mass, b);
}

static void put_on_shell(double mass, double *p)
{
    p[0] = sqrt(mass * mass + p[1] * p[1] + p[2] * p[2] + p[3] * p[3]);
}

double smallest_invariant(const alp_me_full_momenta *m)
{
    double smallest = root_s * root_s;
    for (int i = 0; i < 2; i++) {
        smallest = fmin(smallest, fmin(2.0 * momentum_dot(m->electron_in, m->electron[i]),
                                       2.0 * momentum_dot(m->positron_in, m->electron[i])));
        smallest = fmin(smallest, fmin(2.0 * momentum_dot(m->electron_in, m->muon[i]),
                                       2.0 * momentum_dot(m->positron_in, m->muon[i])));
    }
    return fmin(smallest, 2.0 * momentum_dot(m->electron[0], m->electron[1]));
}

void make_event(uint64_t *random, lepton_masses of, double first_mass, double second_mass,
                bool moving, alp_me_full_momenta *m)
{
    const double least = 0.1;
    do {
        double total[4] = {root_s, 0.0, 0.0, 0.0}, first[4], second[4];
        if (moving)
            for (int i = 1; i < 4; i++)
                total[i] = 4.0 * random_unit(random) - 2.0;
        put_on_shell(root_s, total);
        decay(random, total, root_s, of.e, of.e, m->electron_in, m->positron_in);
        decay(random, total, root_s, first_mass, second_mass, first, second);
        decay(random, first, first_mass, of.mu, of.e, m->muon[0], m->electron[0]);
        decay(random, second, second_mass, of.mu, of.e, m->muon[1], m->electron[1]);
    } while (smallest_invariant(m) < least);
    put_on_shell(of.e, m->electron_in);
    put_on_shell(of.e, m->positron_in);
    for (int i = 0; i < 2; i++) {
        put_on_shell(of.mu, m->muon[i]);
        put_on_shell(of.e, m->electron[i]);
    }
}

alp_me_parameters some_parameters(uint64_t *random, double m_a)
{
    alp_me_parameters p = {m_e, m_mu, m_a, alpha_0, {0.0, 0.0}, {0.0, 0.0}};
    for (int i = 0; i < 2; i++) {
        p.y_v[i] = 2.0 * random_unit(random) - 1.0;
        p.y_a[i] = 2.0 * random_unit(random) - 1.0;
    }
    return p;
}

void reflect_momenta(alp_me_full_momenta *m)
{
    double *p[6] = {m->electron_in, m->positron_in, m->muon[0],
                    m->muon[1],     m->electron[0], m->electron[1]};
    for (int n = 0; n < 6; n++)
        for (int i = 1; i < 4; i++)
            p[n][i] = -p[n][i];
}

void swap_momenta(double *a, double *b)
{
    double kept[4];
    memcpy(kept, a, sizeof kept);
    memcpy(a, b, sizeof kept);
    memcpy(b, kept, sizeof kept);
}
