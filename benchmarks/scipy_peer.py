#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The nested SciPy loop that one would write today: a bounded minimiser over the generalist's revenue share, inside it
one over the generalist's investment, inside that brentq for the specialist's best response. Prints games per second and
the accuracy reached, for the weighted Nash bargain of the fine-tuning game with one specialist: revenue r(α) = α^ε,
costs φ₀ = c₀ α₀^k₀ and φ₁ = c₁ x^k₁, x = α₁ − α₀, outside options 0 (Laufer, Kleinberg, Heidari, arXiv 2308.04399).
"""

import argparse
import sys
import time
from math import exp, log, log1p

try:
    import numpy as np
    from scipy.optimize import brentq, minimize_scalar
except ImportError as error:
    sys.exit(f"{error}: install Debian's package python3-scipy (it brings numpy) and run this with /usr/bin/python3")


def best_response(game, share, base):
    """The specialist's performance α₁ ≥ α₀ where marginal revenue kept meets marginal cost."""
    elasticity, _, c1, _, k1, _ = game
    kept = (1 - share) * elasticity

    def excess(performance):
        return kept * performance ** (elasticity - 1) - c1 * k1 * (performance - base) ** (k1 - 1)

    high = base + (kept * base ** (elasticity - 1) / (c1 * k1)) ** (1 / (k1 - 1))  # marginal revenue only falls
    if excess(high) >= 0:  # linear revenue: the bound is the solution
        return high
    return brentq(excess, base, high, xtol=1e-14, rtol=1e-13)


def utilities(game, share, base):
    elasticity, c0, c1, k0, k1, _ = game
    performance = best_response(game, share, base)
    revenue = performance**elasticity
    return share * revenue - c0 * base**k0, (1 - share) * revenue - c1 * (performance - base) ** k1


def investment(game, share):
    """The generalist's best α₀, sought in its logarithm up to where the cost alone would eat all revenue."""
    elasticity, c0, c1, k0, k1, _ = game
    # A joint owner's bound on performance, doubled: there revenue is below the cheaper of the two costs.
    top = max((2 / c0) ** (1 / (k0 - elasticity)), (2 / c1) ** (1 / (k1 - elasticity))) * 2

    found = minimize_scalar(lambda z: -utilities(game, share, exp(z))[0], bounds=(log(top) - 16, log(top)),
                            method="bounded", options={"xatol": 1e-9})
    return exp(found.x)


def nash_share(game):
    """The share that maximises w ln U_G + (1−w) ln U_D."""
    weight = game[-1]

    def loss(share):
        generalist, specialist = utilities(game, share, investment(game, share))
        if generalist <= 0 or specialist <= 0:
            return 1e300
        return -(weight * log(generalist) + (1 - weight) * log(specialist))

    return minimize_scalar(loss, bounds=(1e-6, 1 - 1e-6), method="bounded", options={"xatol": 1e-9}).x


def reference_share(game):
    """The same share to about 1e-13, to judge the above: stationarity of both stages is one equation in the scalar
    s = x/α₁, and the bargain the root of a derivative, where a minimiser can only compare values."""
    elasticity, c0, c1, k0, k1, weight = game
    q = (1 - elasticity) / (k1 - 1)
    m = (k0 - elasticity) / (k1 - elasticity)
    p = m * (k1 - 1)
    log_k = log(elasticity / (c0 * k0)) - m * log(elasticity / (c1 * k1))

    def slope(share):
        target = log(share) - m * log1p(-share) + log_k

        def gap(y):  # ln F(s) − target, s = 1/(1+e^−y)
            s = 1 / (1 + exp(-y))
            return -p * log(s) - (k0 - 1) * log1p(exp(y)) + log1p(q * s) - target

        y = brentq(gap, -300, 300, xtol=1e-14, rtol=1e-15)
        s, rest = 1 / (1 + exp(-y)), 1 / (1 + exp(y))  # rest = 1 − s without cancellation
        change = (1 / share + m / (1 - share)) / (-p / s - (k0 - 1) / rest + q / (1 + q * s))  # ds/dδ
        growth = (-1 / ((1 - share) * (k1 - 1)) - change / s) * (k1 - 1) / (k1 - elasticity)  # d ln α₁/dδ
        kept = 1 - elasticity * s / k1
        part = elasticity * rest / (k0 * (1 + q * s))
        part_change = -elasticity * (1 + q) / (k0 * (1 + q * s) ** 2) * change
        generalist = 1 / share + elasticity * growth - part_change / (1 - part)
        specialist = -1 / (1 - share) + elasticity * growth - elasticity * change / k1 / kept
        return weight * generalist + (1 - weight) * specialist

    return brentq(slope, 1e-9, 1 - 1e-9, xtol=1e-15, rtol=1e-14)


def random_games(count, seed):
    """(ε, c₀, c₁, k₀, k₁, w) drawn as in the other benchmarks."""
    draw = np.random.default_rng(seed)
    columns = (draw.uniform(0.3, 1, count), np.exp(draw.uniform(-3, 3, count)), np.exp(draw.uniform(-3, 3, count)),
               draw.uniform(1.5, 3, count), draw.uniform(1.5, 3, count), draw.uniform(0.05, 0.95, count))
    return [tuple(map(float, game)) for game in zip(*columns)]


def main():
    parser = argparse.ArgumentParser(description="Nash bargains per second by nested SciPy routines, on one core.")
    parser.add_argument("--games", type=int, default=200, help="how many random games (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.games < 1:
        parser.error("--games must be at least 1")
    games = random_games(options.games, options.seed)
    begin = time.process_time()
    shares = [nash_share(game) for game in games]
    seconds = time.process_time() - begin
    errors = np.abs([share - reference_share(game) for share, game in zip(shares, games)])
    print(f"{len(games) / seconds:.1f} games/s ({len(games)} games, {seconds:.2f} s of one core)")
    print(f"error in the share: median {np.median(errors):.1e}, largest {errors.max():.1e}")


if __name__ == "__main__":
    main()
