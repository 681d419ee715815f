/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * T, X: dPhi_4 = dq^2/(2 pi) dM^2/(2 pi) dPhi_2(s; l_1, M^2) dPhi_2(M^2; j, q) dPhi_2(q^2),
 * S:    dPhi_4 = dq^2/(2 pi) dM^2/(2 pi) dPhi_2(s; k_1, M^2) dPhi_2(M^2; l_1, q) dPhi_2(q^2),
 * P:    dPhi_4 = dq_0^2/(2 pi) dq_1^2/(2 pi) dPhi_2(s; q_0, q_1) dPhi_2(q_0^2) dPhi_2(q_1^2),
 * dPhi_2 = |p*| / (4 pi M) dOmega / (4 pi). The variables are those of phase_space_map.c, with the
 * ALP's mass drawn anew for every event.
 */
#include "full_space.h"

#include "vector_math.h"

#include <math.h>

/* Keeps quotients finite on sets of measure zero; far below any momentum squared in GeV^2. */
static const double tiny = 1e-280;
static const double pi = 3.14159265358979323846;

/* The smaller of v+, v- from the larger: v+ v- = m^2 + perp^2. */
ALP_KERNEL void on_shell(double *plus, double *minus, double m2)
{
    double difference = *plus - *minus;
    double larger = 0.5 * ((*plus + *minus) + fabs(difference));
    double smaller = m2 / larger;
    double forward = 0.5 + copysign(0.5, difference), backward = 1.0 - forward;
    *plus = forward * larger + backward * smaller;
    *minus = forward * smaller + backward * larger;
}

/* ---- Masses --------------------------------------------------------------------------------- */

/*
 * Law R: q^2 - m_a^2 = -gamma cot(theta), theta uniform between the angles of both ends; measured
 * from 0 or from pi, whichever is nearer, so that far tails keep their digits.
 */
static void resonant_masses(const alp_full_space *restrict c, size_t n, const double *restrict x,
                            double *restrict q2, double *restrict off, double *restrict weight)
{
    const double factor = c->span * pi / (c->reach * 2.0 * pi);
    for (size_t e = 0; e < n; e++) {
        const double a = c->gap_low + x[e] * c->span, b = c->gap_high + (1.0 - x[e]) * c->span;
        const double nearer = alp_at_most(0.5 * ((a + b) - fabs(a - b)), 0.5);
        const double d = copysign(c->reach * alp_cot_pi(nearer), a - b);
        off[e] = d;
        q2[e] = alp_at_most(alp_at_least(c->m_a2 + d, c->q2_low), c->q2_high);
        weight[e] *= factor * (d * d + c->reach * c->reach);
    }
}

/* Law N: logarithmic in q^2 + m_a^2. */
static void all_masses(const alp_full_space *restrict c, size_t n, const double *restrict x,
                       double *restrict q2, double *restrict off, double *restrict weight)
{
    for (size_t e = 0; e < n; e++) {
        const double shifted = c->n_low * alp_exp(x[e] * c->n_log);
        const double q = alp_at_most(alp_at_least(shifted - c->m_a2, c->q2_low), c->q2_high);
        q2[e] = q;
        off[e] = q - c->m_a2;
        weight[e] *= shifted * c->n_log / (2.0 * pi);
    }
}

/* Two muons, logarithmic. */
static void muon_masses(const alp_full_space *restrict c, size_t n, const double *restrict x,
                        double *restrict q2, double *restrict off, double *restrict weight)
{
    for (size_t e = 0; e < n; e++) {
        q2[e] = c->x_low * alp_exp(x[e] * c->x_log);
        off[e] = 0.0;
        weight[e] *= q2[e] * c->x_log / (2.0 * pi);
    }
}

/* ---- Production: a particle of mass^2 q2 and the leptons beside it ----------------------------
 */

typedef alp_full_lepton parent; /* momentum of a particle that decays */

ALP_KERNEL void store(alp_full_lepton *restrict to, size_t e, double plus, double minus, double x,
                      double y)
{
    to->plus[e] = plus;
    to->minus[e] = minus;
    to->x[e] = x;
    to->y[e] = y;
}

/* Shapes T and X: `mj` is the mass of the lepton along the photon. */
ALP_KERNEL void t_event(const alp_full_space *restrict c, double mj, double q2, double x1,
                        double x2, double x3, double x4, alp_full_lepton *restrict electron,
                        alp_full_lepton *restrict other, parent *restrict rest,
                        double *restrict weight, size_t e)
{
    const double root = c->root, me2 = c->m_e * c->m_e, mj2 = mj * mj;
    const double be = c->beam_energy, bp = c->beam_momentum, pp = c->p_plus, pm = c->p_minus;
    const double half_inv_root = 0.5 / root, q = sqrt(q2);

    /* Mass of j and q. */
    const double pair_min = q + mj, pair_min2 = pair_min * pair_min, gap_q = q - mj;
    const double pair_log = 2.0 * alp_log((root - c->m_e) / pair_min);
    const double m2 = pair_min2 * alp_exp(x1 * pair_log), m = sqrt(m2), inv_m = 1.0 / m;

    /* Electron: -t = 2 p k2 (delta + delta_0), delta = 1 - cos, delta_0 from the lowest |t|. */
    const double lower = root - c->m_e, upper = root + c->m_e;
    const double k2 =
        sqrt(alp_at_least((lower * lower - m2) * (upper * upper - m2), 0.0) + tiny) * half_inv_root;
    const double gap = (m2 - me2) * half_inv_root, e2 = be - gap;
    const double t_low = 2.0 * me2 * gap * (be * bp - k2 * e2) / ((bp + k2) * (be * e2 + bp * k2));
    const double twice = 2.0 * bp * k2, delta_0 = t_low / twice;
    const double first = c->delta_min + delta_0, width_t = alp_log((2.0 + delta_0) / first);
    const double shifted = first * alp_exp(x2 * width_t);
    const double delta = alp_at_most(alp_at_least(shifted - delta_0, c->delta_min), 2.0);
    const double t = -twice * shifted;
    const double kz = k2 * (1.0 - delta), kt2 = k2 * k2 * alp_at_least(delta * (2.0 - delta), 0.0),
                 kt = sqrt(kt2);
    double ep = e2 + kz, em = e2 - kz;
    on_shell(&ep, &em, me2 + kt2);

    /* j in the rest frame of j and q, z along the photon, logarithmic in d = m_j^2 - (K - j)^2 =
     * 2 (k0 e1 - ks k1 cos) - t. */
    const double wp = root - ep, wm = root - em, pw = 0.5 * (m2 + me2 - t);
    const double ks = sqrt(alp_at_least(pw * pw - me2 * m2, 0.0) + tiny) * inv_m;
    const double half_inv_m = 0.5 * inv_m, iks = 1.0 / ks;
    const double k0 = (m2 + t - me2) * half_inv_m, e1 = (m2 + mj2 - q2) * half_inv_m;
    const double k1 = sqrt(alp_at_least((m2 - pair_min2) * (m2 - gap_q * gap_q), 0.0)) * half_inv_m;
    /* k0 e1 - ks k1 = (ks^2 m_j^2 + t e1^2)/(k0 e1 + ks k1), which keeps its digits for k0 > 0. */
    const double total = fabs(k0) * e1 + ks * k1, forward = 0.5 + copysign(0.5, k0);
    const double low = forward * (ks * ks * mj2 + t * e1 * e1) / total - (1.0 - forward) * total;
    const double half_range = 2.0 * ks * k1 + tiny, d_low = 2.0 * low - t;
    const double width_d = alp_log(1.0 + 2.0 * half_range / d_low);
    const double d = d_low * alp_exp(x3 * width_d);
    const double u = alp_at_most(alp_at_least((d - d_low) / half_range, 0.0), 2.0);
    double sine, cosine;
    alp_sincos_pi(x4, &sine, &cosine);
    const double cs = 1.0 - u, sn = sqrt(alp_at_least(u * (2.0 - u), 0.0));
    const double in = iks * inv_m, r = pw * inv_m * inv_m, f = e1 * inv_m;
    const double along = k1 * cs * iks, across = k1 * sn * cosine * in;
    double ap = f * wp + along * (r * wp - pm) + across * kt * pm;
    double am = f * wm + along * (r * wm - pp) - across * kt * pp;
    const double ax = -f * kt - along * r * kt + across * 0.5 * (wp * pp - wm * pm);
    const double ay = k1 * sn * sine;
    on_shell(&ap, &am, mj2 + ax * ax + ay * ay);

    store(electron, e, ep, em, kt, 0.0);
    store(other, e, ap, am, ax, ay);
    rest->plus[e] = wp - ap;
    rest->minus[e] = wm - am;
    rest->x[e] = -kt - ax;
    rest->y[e] = -ay;
    const double constant = 1.0 / (2.0 * pi) / (8.0 * pi * root) / (16.0 * pi);
    weight[e] *= constant * (pair_log * m2) * (k2 * shifted * in) * (width_t * d * width_d);
}

/* Shape S: k_1 against l_1 and q, logarithmic in their mass^2 - m_mu^2. */
ALP_KERNEL void s_event(const alp_full_space *restrict c, double q2, double x1, double x2,
                        double x3, double x4, alp_full_lepton *restrict electron,
                        alp_full_lepton *restrict muon, parent *restrict rest,
                        double *restrict weight, size_t e)
{
    const double root = c->root, me = c->m_e, mm = c->m_mu, me2 = me * me, mm2 = mm * mm;
    const double half_inv_root = 0.5 / root, q = sqrt(q2);
    const double d_min = (q + me - mm) * (q + me + mm), m_max = root - mm;
    const double d_log = alp_log((m_max - mm) * (m_max + mm) / d_min);
    const double d3 = d_min * alp_exp(x1 * d_log);
    const double m2 = d3 + mm2, m = sqrt(m2), inv_m = 1.0 / m, half_inv_m = 0.5 * inv_m;
    const double lower = root - mm, upper = root + mm;
    const double k1 =
        sqrt(alp_at_least((lower * lower - m2) * (upper * upper - m2), 0.0) + tiny) * half_inv_root;
    const double e1 = (c->s + mm2 - m2) * half_inv_root;
    const double c1 = 1.0 - 2.0 * x2, s1 = 2.0 * sqrt(alp_at_least(x2 * (1.0 - x2), 0.0));

    /* Electron in the rest frame of e and q, boosted along -k1. */
    const double gap = q - me;
    const double ks = sqrt(alp_at_least((d3 - d_min) * (m2 - gap * gap), 0.0)) * half_inv_m;
    const double es = (m2 + me2 - q2) * half_inv_m;
    double sine, cosine;
    alp_sincos_pi(x4, &sine, &cosine);
    const double cs = 1.0 - 2.0 * x3, sn = 2.0 * sqrt(alp_at_least(x3 * (1.0 - x3), 0.0));
    const double gamma = (root - e1) * inv_m, gamma_beta = k1 * inv_m;
    const double along = gamma_beta * es + gamma * ks * cs, across = ks * sn * cosine;
    const double e2 = gamma * es + gamma_beta * ks * cs;
    const double kx = -s1 * along - c1 * across, ky = ks * sn * sine;
    const double kz = -c1 * along + s1 * across, ax = k1 * s1;
    double ep = e2 + kz, em = e2 - kz, ap = e1 + k1 * c1, am = e1 - k1 * c1;
    on_shell(&ep, &em, me2 + kx * kx + ky * ky);
    on_shell(&ap, &am, mm2 + ax * ax);

    store(electron, e, ep, em, kx, ky);
    store(muon, e, ap, am, ax, 0.0);
    rest->plus[e] = root - ep - ap;
    rest->minus[e] = root - em - am;
    rest->x[e] = -kx - ax;
    rest->y[e] = -ky;
    const double constant = 1.0 / (2.0 * pi) / (4.0 * pi * root) / (4.0 * pi);
    weight[e] *= constant * (d_log * d3 * k1) * (ks * inv_m);
}

/* Shape P: logarithmic in m_mu^2 - (p1 - q_0)^2 = d_low + 2 p |q_0| (1 - cos). */
ALP_KERNEL void p_event(const alp_full_space *restrict c, double q02, double q12, double x1,
                        parent *restrict first, parent *restrict second, double *restrict weight,
                        double *restrict inside, size_t e)
{
    const double root = c->root, q0 = sqrt(q02), q1 = sqrt(q12), half_inv_root = 0.5 / root;
    const double sum = q0 + q1, difference = q0 - q1, spare = root - sum;
    const double momentum =
        sqrt(alp_at_least(spare * (root + sum), 0.0) * (c->s - difference * difference) + tiny) *
        half_inv_root;
    const double e0 = (c->s + q02 - q12) * half_inv_root, e1 = root - e0;
    const double me2 = c->m_e * c->m_e, mm2 = c->m_mu * c->m_mu;
    const double range = 2.0 * c->beam_momentum * momentum;
    const double d_low = alp_at_least(mm2 - me2 - q02 + 2.0 * c->beam_energy * e0 - range, mm2);
    const double d_log = alp_log(1.0 + 2.0 * range / d_low);
    const double d = d_low * alp_exp(x1 * d_log);
    const double u = alp_at_most(alp_at_least((d - d_low) / range, 0.0), 2.0);
    const double z = momentum * (1.0 - u), t = momentum * sqrt(alp_at_least(u * (2.0 - u), 0.0));
    first->plus[e] = e0 + z;
    first->minus[e] = e0 - z;
    first->x[e] = t;
    first->y[e] = 0.0;
    second->plus[e] = e1 - z;
    second->minus[e] = e1 + z;
    second->x[e] = -t;
    second->y[e] = 0.0;
    inside[e] = 0.5 + copysign(0.5, spare);
    weight[e] *= d * d_log / (16.0 * pi * root * c->beam_momentum);
}

/* ---- Decays --------------------------------------------------------------------------------- */

/* Isotropic, the polar axis along the flight; the azimuth runs over a whole turn. Each lepton from
 * its own energy and direction: a difference of momenta would lose soft ones. */
void alp_full_decays(double ma, double mb, size_t n, const double *restrict q2,
                     const alp_full_lepton *restrict from, const double *restrict x_polar,
                     const double *restrict x_azimuth, alp_full_lepton *restrict first,
                     alp_full_lepton *restrict second, double *restrict weight)
{
    const double sum = ma + mb, difference = ma - mb;
    for (size_t i = 0; i < n; i++) {
        const double mass2 = q2[i], mass = sqrt(mass2), inv = 1.0 / mass, half = 0.5 * inv;
        const double p =
            sqrt(alp_at_least((mass2 - sum * sum) * (mass2 - difference * difference), 0.0)) * half;
        const double ea = (mass2 + sum * difference) * half, eb = (mass2 - sum * difference) * half;
        const double polar = x_polar[i], x = from->x[i], y = from->y[i];
        double sine, cosine;
        alp_sincos_pi(fabs(2.0 * x_azimuth[i] - 1.0), &sine, &cosine);
        sine = copysign(sine, 2.0 * x_azimuth[i] - 1.0);
        const double along = p * (1.0 - 2.0 * polar);
        const double across = 2.0 * p * sqrt(fabs(polar * (1.0 - polar)));
        const double energy = 0.5 * (from->plus[i] + from->minus[i]);
        const double z = 0.5 * (from->plus[i] - from->minus[i]);
        const double t = sqrt(x * x + y * y + tiny), q = sqrt(t * t + z * z);
        const double gamma = energy * inv, gamma_beta = q * inv;
        const double nz = z / q, nt = t / q, cx = x / t, cy = y / t;
        /* n = (nt cx, nt cy, nz), in the plane with z (nz cx, nz cy, -nt), out of it (-cy, cx, 0)
         */
        const double in_plane = across * cosine, out_of_plane = across * sine;
        const double ux = in_plane * nz * cx - out_of_plane * cy;
        const double uy = in_plane * nz * cy + out_of_plane * cx, uz = -in_plane * nt;
        const double pa = gamma_beta * ea + gamma * along, pb = gamma_beta * eb - gamma * along;
        const double ha = gamma * ea + gamma_beta * along, hb = gamma * eb - gamma_beta * along;
        const double ax = pa * nt * cx + ux, ay = pa * nt * cy + uy, az = pa * nz + uz;
        const double bx = pb * nt * cx - ux, by = pb * nt * cy - uy, bz = pb * nz - uz;
        double ap = ha + az, am = ha - az, bp = hb + bz, bm = hb - bz;
        on_shell(&ap, &am, ma * ma + ax * ax + ay * ay);
        on_shell(&bp, &bm, mb * mb + bx * bx + by * by);
        store(first, i, ap, am, ax, ay);
        store(second, i, bp, bm, bx, by);
        weight[i] *= p * inv / (4.0 * pi);
    }
}

/* ---- Channels: restrict on parameters is what compilers trust ---------------------------------
 */

static void t_block(const alp_full_space *restrict c, double mj, size_t n,
                    const double *restrict q2, const double (*restrict x)[ALP_ME_BLOCK],
                    alp_full_lepton *restrict electron, alp_full_lepton *restrict other,
                    parent *restrict rest, double *restrict weight)
{
    for (size_t e = 0; e < n; e++)
        t_event(c, mj, q2[e], x[1][e], x[2][e], x[3][e], x[4][e], electron, other, rest, weight, e);
}

static void s_block(const alp_full_space *restrict c, size_t n, const double *restrict q2,
                    const double (*restrict x)[ALP_ME_BLOCK], alp_full_lepton *restrict electron,
                    alp_full_lepton *restrict muon, parent *restrict rest, double *restrict weight)
{
    for (size_t e = 0; e < n; e++)
        s_event(c, q2[e], x[1][e], x[2][e], x[3][e], x[4][e], electron, muon, rest, weight, e);
}

static void p_block(const alp_full_space *restrict c, size_t n, const double *restrict q02,
                    const double *restrict q12, const double (*restrict x)[ALP_ME_BLOCK],
                    parent *restrict first, parent *restrict second, double *restrict weight,
                    double *restrict inside)
{
    for (size_t e = 0; e < n; e++)
        p_event(c, q02[e], q12[e], x[2][e], first, second, weight, inside, e);
}

static void pair_masses(const alp_full_space *c, int channel, size_t n,
                        const double (*x)[ALP_ME_BLOCK], alp_full_block *b)
{
    const bool first = channel == ALP_FULL_PRR || channel == ALP_FULL_PRN;
    const bool second = channel == ALP_FULL_PRR || channel == ALP_FULL_PNR;
    (first ? resonant_masses : all_masses)(c, n, x[0], b->q2[0], b->off[0], b->weight);
    (second ? resonant_masses : all_masses)(c, n, x[1], b->q2[1], b->off[1], b->weight);
}

void alp_full_map(const alp_full_space *space, int channel, size_t n,
                  const double x[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK], alp_full_block *block)
{
    const alp_full_space c = *space;
    const size_t end = alp_whole_vectors(n);
    alp_full_block *b = block;
    parent first, second;
    for (size_t e = 0; e < end; e++) {
        b->weight[e] = c.normalisation;
        b->inside[e] = 1.0;
    }
    switch (channel) {
    case ALP_FULL_TR:
    case ALP_FULL_TN:
        (channel == ALP_FULL_TR ? resonant_masses : all_masses)(&c, end, x[0], b->q2[0], b->off[0],
                                                                b->weight);
        t_block(&c, c.m_mu, end, b->q2[0], x, &b->electron[1], &b->muon[1], &first, b->weight);
        break;
    case ALP_FULL_X:
        muon_masses(&c, end, x[0], b->q2[0], b->off[0], b->weight);
        t_block(&c, c.m_e, end, b->q2[0], x, &b->electron[1], &b->electron[0], &first, b->weight);
        alp_full_decays(c.m_mu, c.m_mu, end, b->q2[0], &first, x[5], x[6], &b->muon[0], &b->muon[1],
                        b->weight);
        return;
    case ALP_FULL_SR:
    case ALP_FULL_SN:
        (channel == ALP_FULL_SR ? resonant_masses : all_masses)(&c, end, x[0], b->q2[0], b->off[0],
                                                                b->weight);
        s_block(&c, end, b->q2[0], x, &b->electron[1], &b->muon[1], &first, b->weight);
        break;
    default:
        pair_masses(&c, channel, end, x, b);
        p_block(&c, end, b->q2[0], b->q2[1], x, &first, &second, b->weight, b->inside);
        alp_full_decays(c.m_mu, c.m_e, end, b->q2[1], &second, x[5], x[6], &b->muon[1],
                        &b->electron[1], b->weight);
        alp_full_decays(c.m_mu, c.m_e, end, b->q2[0], &first, x[3], x[4], &b->muon[0],
                        &b->electron[0], b->weight);
        return;
    }
    alp_full_decays(c.m_mu, c.m_e, end, b->q2[0], &first, x[5], x[6], &b->muon[0], &b->electron[0],
                    b->weight);
}
