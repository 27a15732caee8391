"""Two runs over the same questions: better, worse, or noise?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Literal

import numpy as np

from eval.metrics.intervals import percentile

LEVEL = 0.05
RESAMPLES = 10_000
SEED = 20250

Verdict = Literal["better", "worse", "noise", "equal"]


@dataclass(frozen=True, slots=True)
class Difference:
    """The second run minus the first, question by question."""

    n: int
    first: float
    second: float
    low: float
    high: float
    """95 % interval of the difference, by paired bootstrap."""
    p: float
    """Two-sided; by McNemar's exact test where every value is 0 or 1, else by bootstrap."""
    verdict: Verdict

    @property
    def value(self) -> float:
        """The difference of the means."""
        return self.second - self.first


def mcnemar(gained: int, lost: int) -> float:
    """Two-sided p of McNemar's exact test (McNemar 1947): pairs flip either way equally often.

    2 Σ_{i ≤ min} C(n, i) / 2ⁿ with n = gained + lost, at most 1. By hand for 1 against 9:
    2 (1 + 10) / 1024.

    >>> mcnemar(1, 9)
    0.021484375
    >>> mcnemar(0, 0)
    1.0
    """
    n = gained + lost
    tail = sum(comb(n, i) for i in range(min(gained, lost) + 1))
    return float(min(1.0, 2 * tail / 2**n))


def bootstrap(differences: Sequence[float]) -> tuple[float, float, float]:
    """Bounds and two-sided p of the mean difference (Efron 1979), resampled with a fixed seed.

    p is twice the smaller share of resampled means on either side of 0, never below 1 / resamples.

    >>> bootstrap([0.5] * 20)
    (0.5, 0.5, 0.0001)
    >>> low, high, p = bootstrap([1.0, -1.0] * 20)
    >>> low < 0 < high and p > 0.5
    True
    """
    values = np.asarray(differences, dtype=np.float64)
    generator = np.random.default_rng(SEED)
    means = np.concatenate(
        [generator.choice(values, (RESAMPLES // 10, len(values))).mean(axis=1) for _ in range(10)]
    )
    below, above = float((means <= 0).mean()), float((means >= 0).mean())
    ranked = [float(value) for value in means]
    low, high = percentile(ranked, 2.5), percentile(ranked, 97.5)
    return low or 0.0, high or 0.0, max(1 / RESAMPLES, min(1.0, 2 * min(below, above)))


def compare(
    first: Sequence[float], second: Sequence[float], *, higher_is_better: bool = True
) -> Difference:
    """How the second run differs; the values are paired by position.

    Raises:
        ValueError: the runs are empty or not of equal length.

    >>> compare([0.0] * 12, [1.0] * 10 + [0.0] * 2).verdict
    'better'
    >>> compare([0.0, 1.0, 1.0], [1.0, 0.0, 1.0]).verdict
    'noise'
    """
    if not first or len(first) != len(second):
        raise ValueError("the two runs must have the same questions, at least one")
    differences = [b - a for a, b in zip(first, second, strict=True)]
    low, high, p = bootstrap(differences)
    if {*first, *second} <= {0.0, 1.0}:
        p = mcnemar(differences.count(1.0), differences.count(-1.0))
    n = len(first)
    verdict = _verdict(differences, p, higher_is_better=higher_is_better)
    return Difference(n, sum(first) / n, sum(second) / n, low, high, p, verdict)


def _verdict(differences: Sequence[float], p: float, *, higher_is_better: bool) -> Verdict:
    if not any(differences):
        return "equal"
    if p >= LEVEL:
        return "noise"
    return "better" if (sum(differences) > 0) == higher_is_better else "worse"
