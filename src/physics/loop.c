/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The integrals of loop.h. With y = 1 - x
 *     Q = m_j^2 + (m_a^2 - m_i^2 - m_j^2) y + m_i^2 y^2.
 *
 * Quadrature. For m_a >> m_i, m_j there is a zero of Q at y = -m_j^2/m_a^2, just below the range;
 * for m_i < m_j and m_a small one at x = -m_a^2/m_j^2. The range is cut at 1/2 and each half is
 * integrated on panels graded towards its end, in the variable that vanishes there. All terms of
 * the sums are positive.
 *
 * Closed form, in units of m_i, r = m_j/m_i, t = m_a^2/m_i^2, c = t - 1 - r^2. Dividing the
 * numerator (1-y)^2 (y + rho), rho = +-r for |y_V|^2 and |y_A|^2, by Q = y^2 + c y + r^2 leaves
 *     1/2 + (rho - 2 - c) + u L/2 + w I0,    L = log(t/r^2),    I0 = Int_0^1 dy/Q,
 *     u = 1 - 2 rho - r^2 - c (rho - 2 - c),
 *     w = mean of the numerator over the two zeros y0 +- d of Q, y0 = -c/2, d^2 = sigma tau/4,
 *     sigma = (1+r)^2 - t,  tau = (1-r)^2 - t,
 *     w_V = sigma/2 [(1-y0)^2 + d^2 - (1-y0) tau],   w_A = tau/2 [(1-y0)^2 + d^2 - (1-y0) sigma].
 * With Delta = sigma tau and N = t + r^2 - 1 (so that N^2 - Delta = 4 r^2 t)
 *     I0 = (2/sqrt(Delta)) artanh(sqrt(Delta)/N)            Delta > 0, principal part included
 *        = (2/sqrt(-Delta)) arg(N + i sqrt(-Delta))          Delta < 0, arg in (0, pi).
 * Towards m_a = m_i - m_j from above arg -> pi and I0 diverges as Delta^(-1/2): so does the
 * coefficient of |y_V|^2, not that of |y_A|^2, whose w has the factor tau.
 */
#include "loop.h"

#include <math.h>
#include <stdbool.h>

/** Above this m_a^2/m_i^2 a heavier external lepton goes by quadrature. The closed form loses
 *  t^3 in accuracy: a digit here, long double has three to spare. */
#define CLOSED_FORM_T_MAX 2.0
/** Below this argument artanh is taken from libm, above from a logarithm that does not cancel. */
#define ARTANH_SMALL 0.5L

/** q0 + q1 z + q2 z^2 below a numerator; z measured from one end of the range. */
typedef struct denominator {
    double q0, q1, q2;
} denominator;

static double denominator_at(const denominator *q, double z)
{
    return q->q0 + z * (q->q1 + z * q->q2);
}

/* Numerators near x = 1 (z = y = 1 - x) and near x = 0 (z = x). */

static double flip_near_one(double y, const void *q)
{
    return (1.0 - y) * (1.0 - y) / denominator_at(q, y);
}

static double keep_near_one(double y, const void *q)
{
    return y * (1.0 - y) * (1.0 - y) / denominator_at(q, y);
}

static double flip_near_zero(double x, const void *q)
{
    return x * x / denominator_at(q, x);
}

static double keep_near_zero(double x, const void *q)
{
    return x * x * (1.0 - x) / denominator_at(q, x);
}

/** A lower bound on the modulus of both zeros of q: q0/|q1| if real, sqrt(q0/q2) if complex. */
static double distance_of_zero(const denominator *q)
{
    return q->q0 / (fabs(q->q1) + sqrt(q->q0 * q->q2));
}

static alp_physics_loop loop_by_halves(const alp_physics_gauss *gauss, const denominator *near_one,
                                       const denominator *near_zero)
{
    const double half = 0.5;
    const double one = distance_of_zero(near_one);
    const double zero = distance_of_zero(near_zero);
    alp_physics_loop loop;
    loop.flip = alp_physics_gauss_integrate(gauss, flip_near_one, near_one, half, one) +
                alp_physics_gauss_integrate(gauss, flip_near_zero, near_zero, half, zero);
    loop.keep = alp_physics_gauss_integrate(gauss, keep_near_one, near_one, half, one) +
                alp_physics_gauss_integrate(gauss, keep_near_zero, near_zero, half, zero);
    return loop;
}

alp_physics_loop alp_physics_loop_quadrature(const alp_physics_gauss *gauss, double m_i, double m_j,
                                             double m_a)
{
    const double i2 = m_i * m_i;
    const double j2 = m_j * m_j;
    const double a2 = m_a * m_a;
    const denominator near_one = {j2, (m_a - m_j) * (m_a + m_j) - i2, i2};
    const denominator near_zero = {a2, (m_j - m_a) * (m_j + m_a) - i2, i2};
    return loop_by_halves(gauss, &near_one, &near_zero);
}

/** I0 of the head of this file, from Delta and N; root_4r2t = 2 r sqrt(t). */
static long double inverse_q_integral(long double delta, long double n, long double root_4r2t)
{
    if (delta < 0.0L) {
        const long double root = sqrtl(-delta);
        return 2.0L / root * atan2l(root, n);
    }
    const long double root = sqrtl(delta);
    const long double z = root / fabsl(n);
    if (z == 0.0L)
        return 2.0L / n;
    const long double artanh = z < ARTANH_SMALL ? atanhl(z) : logl((fabsl(n) + root) / root_4r2t);
    return copysignl(2.0L / root * artanh, n);
}

/**
 * For a heavier external lepton (m_j < m_i) and m_a^2 < 2 m_i^2, the principal part where the decay
 * i -> j a is open. Beyond, the closed form cancels.
 */
static alp_physics_dipole closed_form(double m_i, double m_j, double m_a)
{
    const long double i = m_i;
    const long double j = m_j;
    const long double a = m_a;
    const long double r = j / i;
    const long double t = (a / i) * (a / i);
    const long double sigma = (i + j - a) * (i + j + a) / (i * i);
    const long double tau = (i - j - a) * (i - j + a) / (i * i);
    const long double delta = sigma * tau;
    const long double c = t - 1.0L - r * r;
    const long double x0 = 1.0L + 0.5L * c; /* 1 - y0 */
    const long double d2 = 0.25L * delta;
    const long double inverse_q = inverse_q_integral(delta, t + r * r - 1.0L, 2.0L * r * (a / i));
    const long double half_log = logl(a / j); /* L/2 */

    const long double w_v = 0.5L * sigma * (x0 * x0 + d2 - x0 * tau);
    const long double w_a = 0.5L * tau * (x0 * x0 + d2 - x0 * sigma);
    const long double u_v = 1.0L - 2.0L * r - r * r - c * (r - 2.0L - c);
    const long double u_a = 1.0L + 2.0L * r - r * r - c * (-r - 2.0L - c);

    alp_physics_dipole dipole;
    dipole.v = (double)(0.5L + (r - 2.0L - c) + u_v * half_log + w_v * inverse_q);
    dipole.a = (double)(0.5L + (-r - 2.0L - c) + u_a * half_log + w_a * inverse_q);
    return dipole;
}

alp_physics_dipole alp_physics_dipole_exact(const alp_physics_gauss *gauss, double m_i, double m_j,
                                            double m_a)
{
    if (m_j < m_i && m_a * m_a < CLOSED_FORM_T_MAX * m_i * m_i)
        return closed_form(m_i, m_j, m_a);
    const alp_physics_loop loop = alp_physics_loop_quadrature(gauss, m_i, m_j, m_a);
    const double keep = m_i * m_i * loop.keep;
    const double flip = m_i * m_j * loop.flip;
    return (alp_physics_dipole){keep + flip, keep - flip};
}

double alp_physics_bracket_31(const alp_physics_gauss *gauss, double m_mu, double m_a)
{
    return 2.0 * m_mu * m_mu * alp_physics_loop_quadrature(gauss, 0.0, m_mu, m_a).flip;
}

double alp_physics_bracket_32(const alp_physics_gauss *gauss, double m_e, double m_mu, double m_a)
{
    const long double mu = m_mu;
    const long double a = m_a;
    if (m_a == m_mu)
        return (double)(2.0L * logl(mu / (long double)m_e) - 3.0L); /* (3.3) */
    const long double x = (a / mu) * (a / mu);
    const long double x_minus_1 = (a - mu) * (a + mu) / (mu * mu);
    if (x < (long double)CLOSED_FORM_T_MAX)
        return (double)(2.0L * x * x * logl(x / fabsl(x_minus_1)) - 1.0L - 2.0L * x);
    /* 2 Int_0^1 dz z^2/(x - z), the same without its cancellation */
    const denominator near_one = {(double)x_minus_1, 1.0, 0.0};
    const denominator near_zero = {(double)x, -1.0, 0.0};
    return 2.0 * loop_by_halves(gauss, &near_one, &near_zero).flip;
}
