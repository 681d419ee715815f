/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vacuum polarisation. A lepton of mass m gives, with r = q^2/m^2,
 *     Delta(q^2) = (2 alpha/pi) Int_0^1 dx x (1-x) log|1 - r x (1-x)|
 *                = (alpha/(3 pi)) [ -5/3 - 4/r + (1 + 2/r) b log|(b + 1)/(b - 1)| ],
 *     b = sqrt(1 - 4/r)                                                (r < 0 or r > 4),
 * and between 0 and threshold b log(...) becomes 2 c (pi/2 - atan(c)), c = sqrt(4/r - 1). Where the
 * closed form cancels, |r| < 1, the series of the integral serves.
 * Hadrons: Burkhardt and Pietrzyk, Phys. Lett. B513 (2001) 46, Table 3, A + B log(1 + C |q^2|).
 */
#include "running.h"

#include "vector_math.h"

static const double pi = 3.14159265358979323846;
static const double alpha_0 = 1.0 / 137.035999;
static const double tau_mass = 1.77686; /* GeV, Review of Particle Physics 2022 */

/* The table's ends, GeV^2: 1e-12 changes alpha by 1e-9. */
static const double lowest = 1e-12, highest = 1e9;

/* sum of r^n (n + 1)!^2 / (n (2n + 3)!), times 6: terms fall by four and more. */
static double series(double r)
{
    enum { TERMS = 30 };
    double term = 1.0 / 6.0, sum = 0.0; /* B(n + 2, n + 2) r^n */
    for (int n = 1; n < TERMS; n++) {
        term *= r * (double)(n + 1) * (double)(n + 1) / (double)((2 * n + 2) * (2 * n + 3));
        sum += term / n;
    }
    return 6.0 * sum;
}

/* pi/2 - atan(c) for c >= 0, as the integral of 1/(1 + y^2) from c on: three halvings of the angle,
 * then the series. */
static double arc_cotangent(double c)
{
    enum { HALVINGS = 3, TERMS = 12 };
    double y = c;
    for (int i = 0; i < HALVINGS; i++)
        y += sqrt(1.0 + y * y); /* cot(a/2) = cot(a) + 1/sin(a) */
    const double t = 1.0 / y, t2 = t * t;
    double sum = 0.0;
    for (int k = TERMS - 1; k >= 0; k--)
        sum = 1.0 / (2.0 * k + 1.0) - t2 * sum;
    return 8.0 * t * sum;
}

static double lepton(double q2, double m)
{
    const double r = q2 / (m * m);
    if (fabs(r) < 1.0)
        return -alpha_0 / (3.0 * pi) * series(r);
    double angular;
    if (r > 0.0 && r < 4.0) {
        const double c = sqrt(4.0 / r - 1.0);
        angular = 2.0 * c * arc_cotangent(c);
    } else {
        const double b = sqrt(1.0 - 4.0 / r);
        /* (b - 1)(b + 1) = -4/r */
        angular = b > 0.0 ? b * alp_log((b + 1.0) * (b + 1.0) * fabs(r) / 4.0) : 0.0;
    }
    return alpha_0 / (3.0 * pi) * (-5.0 / 3.0 - 4.0 / r + (1.0 + 2.0 / r) * angular);
}

static double hadrons(double q2)
{
    static const struct {
        double up_to, a, b, c; /* GeV */
    } row[] = {{0.7, 0.0, 0.0023092, 3.9925370},     {2.0, 0.0, 0.0022333, 4.2191779},
               {4.0, 0.0, 0.0024402, 3.2496684},     {10.0, 0.0, 0.0027340, 2.0995092},
               {91.1876, 0.0010485, 0.0029431, 1.0}, {1e4, 0.0012234, 0.0029237, 1.0},
               {1e300, 0.0016894, 0.0028984, 1.0}};
    const double q = sqrt(fabs(q2)), argument = fabs(q2);
    int i = 0;
    while (q > row[i].up_to)
        i++;
    const double x = row[i].c * argument;
    return row[i].a + row[i].b * (x < 1e-5 ? x - 0.5 * x * x : alp_log(1.0 + x));
}

double alp_vacuum_polarisation(double q2, double m_e, double m_mu)
{
    if (q2 == 0.0)
        return 0.0;
    return lepton(q2, m_e) + lepton(q2, m_mu) + lepton(q2, tau_mass) + hadrons(q2);
}

void alp_running_create(alp_running *running, double m_e, double m_mu)
{
    const double low = alp_log(lowest), high = alp_log(highest);
    const double step = (high - low) / (ALP_RUNNING_POINTS - 1);
    running->on = true;
    running->low_log = low;
    running->inv_step = 1.0 / step;
    for (int i = 0; i < ALP_RUNNING_POINTS; i++) {
        const double q2 = alp_exp(low + step * i);
        running->space[i] = alp_vacuum_polarisation(-q2, m_e, m_mu);
        running->time[i] = alp_vacuum_polarisation(q2, m_e, m_mu);
    }
}

double alp_running_factor(const alp_running *running, double s)
{
    if (!running->on)
        return 1.0;
    const double last = ALP_RUNNING_POINTS - 1.001;
    double at = (alp_log(s) - running->low_log) * running->inv_step;
    at = at < 0.0 ? 0.0 : at > last ? last : at;
    const int row = (int)at;
    const double *table = running->time;
    return 1.0 / (1.0 - (table[row] + (at - row) * (table[row + 1] - table[row])));
}
