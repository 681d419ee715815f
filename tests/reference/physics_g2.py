# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes physics_g2.csv: the one-loop integrals of g-2 and of the electron's EDM, to 25 digits.

    python3 tests/reference/physics_g2.py > tests/reference/physics_g2.csv

Needs mpmath; takes some minutes. For every mass

    k_i = m_i^2 Int_0^1 dx x^2 (1-x)/Q,    f_i = m_i m_j Int_0^1 dx x^2/Q,
    Q = m_i^2 x^2 + (m_j^2 - m_i^2) x + m_a^2 (1-x),

is computed twice: by quadrature of the integrand as it stands (where it has poles on the way, along
a detour through the upper half plane, whose real part is the principal part), and by partial
fractions with complex logarithms in 200 digits. Both must agree to 28 digits, or the script stops.

Columns: m_a; k and f of the electron (8 pi^2 a_e = |y_V|^2 (k+f) + |y_A|^2 (k-f)), of the muon;
the brackets of (3.1) and (3.2), the latter with log|x/(x-1)|, at m_a = m_mu that of (3.3);
j = Int_0^1 dx x^2/(x + x_a (1-x)).
"""

import math

from mpmath import mp, mpf, mpc, log, quad, re, sqrt

mp.dps = 40
M_E, M_MU = 0.51099895e-3, 0.1056583745  # the doubles, taken as exact numbers
AGREE = mpf(10) ** -28


def by_partial_fractions(numerator, m_i, m_j, m_a):
    with mp.workdps(200):
        m_i, m_j, m_a = mpf(m_i), mpf(m_j), mpf(m_a)
        a, b, c = m_i**2, m_j**2 - m_i**2 - m_a**2, m_a**2
        root = sqrt(mpc(b * b - 4 * a * c))
        poles = [(-b + root) / (2 * a), (-b - root) / (2 * a)]
        # divide the numerator (highest power first) by a x^2 + b x + c
        rest, quotient = [mpf(n) for n in numerator], []
        while len(rest) > 2:
            q = rest[0] / a
            quotient.append(q)
            rest[1] -= q * b
            rest[2] -= q * c
            rest.pop(0)
        n = len(quotient)
        total = sum(q / (n - i) for i, q in enumerate(quotient))
        u, v = rest
        for pole, other in (poles, poles[::-1]):
            ratio = (pole - 1) / pole
            if pole.imag == 0:
                ratio = abs(ratio)
            total += (u * pole + v) / (a * (pole - other)) * log(ratio)
        return re(total)


def by_quadrature(f, m_i, m_j, m_a):
    m_i, m_j, m_a = mpf(m_i), mpf(m_j), mpf(m_a)

    def integrand(x):
        return f(x) / (m_i**2 * x * x + (m_j**2 - m_i**2) * x + m_a**2 * (1 - x))

    if m_j < m_i and m_a <= m_i - m_j:
        return re(quad(integrand, [0, mpc(0.25, 0.25), mpc(0.5, 0.5), mpc(0.75, 0.5),
                                   mpc("0.99", "0.1"), mpc("0.9999", "0.001"), 1], maxdegree=12))
    edges = {mpf(0), mpf(1)}
    for k in range(1, 18):
        edges |= {mpf(10) ** -k, 1 - mpf(10) ** -k}
    centre = (m_i**2 + m_a**2 - m_j**2) / (2 * m_i**2)  # of the zeros of Q
    if 0 < centre < 1:
        edges |= {centre}
        for k in range(0, 20):
            edges |= {e for e in (centre - mpf(10) ** -k, centre + mpf(10) ** -k) if 0 < e < 1}
    return quad(integrand, sorted(edges), maxdegree=10)


def both(f, numerator, m_i, m_j, m_a):
    slow = by_quadrature(f, m_i, m_j, m_a)
    exact = by_partial_fractions(numerator, m_i, m_j, m_a)
    if abs(slow / exact - 1) > AGREE:
        raise SystemExit(f"m_a = {m_a}: {slow} by quadrature, {exact} by partial fractions")
    return exact


def loop(m_i, m_j, m_a):
    keep = both(lambda x: x * x * (1 - x), [-1, 1, 0, 0], m_i, m_j, m_a)
    flip = both(lambda x: x * x, [1, 0, 0], m_i, m_j, m_a)
    return mpf(m_i) ** 2 * keep, mpf(m_i) * mpf(m_j) * flip


def brackets(m_a):
    with mp.workdps(120):
        x = (mpf(m_a) / mpf(M_MU)) ** 2
        if x == 1:
            return mpf(2) / 3, 2 * log(mpf(M_MU) / mpf(M_E)) - 3
        one = 2 * x * x * log(x) / (x - 1) ** 3 + (1 - 3 * x) / (x - 1) ** 2
        return one, 2 * x * x * log(abs(x / (x - 1))) - 1 - 2 * x


def masses():
    grid = [10 ** (-3 + 7 * i / 84) for i in range(85)]
    grid[0], grid[-1] = 1e-3, 1e4
    for centre in (M_MU - M_E, M_MU, M_MU + M_E):
        grid.append(centre)
        for k in range(1, 15, 2):
            grid += [centre * (1 - 10.0**-k), centre * (1 + 10.0**-k)]
        grid += [math.nextafter(centre, 0), math.nextafter(centre, 1)]
    edge = math.sqrt(2) * M_MU  # where an implementation may change its method
    grid += [edge * (1 - 1e-9), edge * (1 + 1e-9), 0.1, 0.11, 0.12, 0.15, 0.2]
    return sorted({m for m in grid if 1e-3 <= m <= 1e4})


def main():
    print("m_a,k_e,f_e,k_mu,f_mu,bracket_31,bracket_32,j")
    for m_a in masses():
        if abs(m_a - (M_MU - M_E)) < 1e-18:
            continue  # the exact threshold is a matter of convention
        one, two = brackets(m_a)
        row = [*loop(M_E, M_MU, m_a), *loop(M_MU, M_E, m_a), one, two, one / 2]
        print(",".join([repr(m_a)] + [mp.nstr(v, 25) for v in row]), flush=True)


if __name__ == "__main__":
    main()
