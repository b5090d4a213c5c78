"""Two-echelon targets in numpy, all parts at once: the algorithm of replenish/core/stock-split.ts (VARI-METRIC, marginal allocation, hull).

Prints the seconds it took and the sum of the backorders of every best split, by which bench/decision-maths.ts sees that it did the same.
"""

import json
import sys
import time

import numpy as np

CHUNK = 500
RESUPPLY, SHIP = 30.0, 3.0


def rates(parts, depots):
    """As `targetsOf` of bench/decision-maths.ts has them."""
    depot = np.arange(depots)
    return 0.0005 * (1 + (parts[:, None] * 7 + depot[None, :] * 13) % 10)


def curves(mean, variance, terms):
    """Expected backorders at 0..terms pieces of negative binomial pipelines, Poisson where the variance is the mean."""
    q = np.maximum(0.0, (variance - mean) / variance)
    size = mean * mean / variance
    with np.errstate(invalid="ignore", divide="ignore"):
        start = np.where(q > 1e-12, np.log1p(-q) / q, -1.0)
    p = np.empty(mean.shape + (terms,))
    p[..., 0] = np.exp(size * start)
    for k in range(1, terms):
        p[..., k] = p[..., k - 1] * (size + (k - 1) * q) / k
    above = np.cumsum(p[..., ::-1], axis=-1)[..., ::-1] - p  # P(D > k)
    return np.cumsum(above[..., ::-1], axis=-1)[..., ::-1]


def best_splits(rate, total_max, centre_max, terms):
    orders = rate.sum(axis=1)
    share = rate / orders[:, None]
    k = np.arange(terms)
    centre = np.empty((len(rate), terms))
    centre[:, 0] = np.exp(-orders * RESUPPLY)
    for i in range(1, terms):
        centre[:, i] = centre[:, i - 1] * orders * RESUPPLY / i
    best = np.full((len(rate), total_max + 1), np.inf)
    for stock in range(centre_max + 1):
        owed = np.maximum(0, k - stock)
        expected = (centre * owed).sum(axis=1)
        spread = (centre * (owed - expected[:, None]) ** 2).sum(axis=1)
        own = rate * SHIP
        mean = own + share * expected[:, None]
        variance = own + share * (1 - share) * expected[:, None] + share**2 * spread[:, None]
        ebo = curves(mean, variance, terms)[..., : total_max + 2]
        # Convex curves: giving piece after piece to whom it saves most is taking all savings in falling order.
        savings = (ebo[..., :-1] - ebo[..., 1:]).reshape(len(rate), -1)
        count = total_max - stock
        top = -np.sort(-savings, axis=1)[:, :count]
        left = ebo[..., 0].sum(axis=1)[:, None] - np.concatenate(
            [np.zeros((len(rate), 1)), np.cumsum(top, axis=1)], axis=1
        )
        best[:, stock:] = np.minimum(best[:, stock:], left)
    return best


def hull(best):
    kept = []
    for total, short in enumerate(best):
        while len(kept) > 1:
            (t0, b0), (t1, b1) = kept[-2:]
            if (b1 - b0) / (t1 - t0) < (short - b0) / (total - t0):
                break
            kept.pop()
        kept.append((total, short))
    return kept


def main():
    parts, depots, total_max, centre_max = (int(one) for one in sys.argv[1:5])
    started = time.perf_counter()
    backorders = 0.0
    for first in range(0, parts, CHUNK):
        rate = rates(np.arange(first, min(parts, first + CHUNK)), depots)
        best = best_splits(rate, total_max, centre_max, total_max + 20)
        backorders += float(best.sum())
        for row in best.tolist():
            hull(row)
    print(json.dumps({"seconds": time.perf_counter() - started, "backorders": backorders, "numpy": np.__version__}))


main()
