"""Medians, Hodges-Lehmann estimates and exact signed-rank intervals, as `docs/methods.md` defines them."""

import math
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The middle of the values, of which there is at least one."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def signed_rank_counts(n: int) -> list[int]:
    """How many of the 2^n sign patterns give each value of the signed-rank statistic, 0 to n(n + 1)/2."""
    counts = [1]
    for rank in range(1, n + 1):
        grown = counts + [0] * rank
        for value, count in enumerate(counts):
            grown[value + rank] += count
        counts = grown
    return counts


def exact_interval(differences: Sequence[float], level: float = 0.95):
    """(estimate, lower, upper) of the centre of paired differences; the bounds are None below six pairs.

    The estimate is the median of the Walsh averages; the interval lies between two of them, chosen so that its
    coverage is at least `level` (Hollander, Wolfe, Chicken: Nonparametric statistical methods, 2014, 3.3).
    """
    n = len(differences)
    if n == 0:
        return None, None, None
    walsh = sorted(
        (differences[i] + differences[j]) / 2 for i in range(n) for j in range(i, n))
    estimate = median(walsh)
    counts = signed_rank_counts(n)
    below, place = 0, 0
    # The largest number of averages that may be left out at each end.
    while (below + counts[place]) / 2**n <= (1 - level) / 2:
        below += counts[place]
        place += 1
    if place == 0:
        return estimate, None, None
    return estimate, walsh[place - 1], walsh[len(walsh) - place]


def ratio_interval(numerators: Sequence[float], denominators: Sequence[float]):
    """The ratio of paired positive values and its interval, by ``exact_interval`` on their logarithms."""
    logs = [math.log(a / b) for a, b in zip(numerators, denominators, strict=True)]
    return tuple(None if value is None else math.exp(value) for value in exact_interval(logs))
