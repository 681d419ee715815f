# SPDX-License-Identifier: GPL-3.0-or-later
"""Expected upper limits of a counting experiment, in arbitrary precision."""

import mpmath as mp


def at_most(n, mean):
    """P(N <= n) as the plain sum of its terms."""
    return mp.exp(-mean) * mp.fsum(mp.power(mean, k) / mp.factorial(k) for k in range(n + 1))


def median(mean):
    """The smallest n with P(N <= n) >= 1/2."""
    n = 0
    while at_most(n, mp.mpf(mean)) < mp.mpf(1) / 2:
        n += 1
    return n


def upper_limit(n, background, confidence):
    """s with P(N <= n; s + b) = 1 - confidence, by bisection."""
    with mp.workdps(30):
        b, tail = mp.mpf(background), 1 - mp.mpf(confidence)
        low, high = mp.mpf(0), mp.mpf(20 + 4 * n)
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if at_most(n, middle) > tail else (low, middle)
        return low - b


def expected_limit(background, confidence):
    """The median of the upper limit when there is no signal: the limit grows with n."""
    return upper_limit(median(background), background, confidence)


def discovery_count(background, sigmas):
    """The smallest n >= 1 that a known background reaches with a probability of at most the tail
    of a Gaussian beyond `sigmas`."""
    with mp.workdps(40):
        b, tail = mp.mpf(background), mp.erfc(mp.mpf(sigmas) / mp.sqrt(2)) / 2
        n, term = 1, mp.exp(-b)
        left = 1 - term  # P(N >= n)
        while left > tail:
            term *= b / n
            left -= term
            n += 1
        return n


def expected_discovery(background, sigmas):
    """The signal with which half of the experiments reach that count."""
    return upper_limit(discovery_count(background, sigmas) - 1, background, 0.5)
