"""Figures with their uncertainty."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over questions."""

    n: int
    value: float | None
    """`None` where nothing was to be measured."""
    low: float | None = None
    high: float | None = None
    """95 % interval; `None` for what is no share."""


def wilson(successes: float, n: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927).

    (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). For values between 0 and 1 instead of
    successes it is conservative, since their variance is at most p(1 − p).

    By hand for 9 of 10: p = .9, z² = 3.8415, centre (.9 + .19207) / 1.38415 = .78898, half width
    1.95996 √(.009 + .0096037) / 1.38415 = .19314:

    >>> [round(bound, 3) for bound in wilson(9, 10)]
    [0.596, 0.982]
    """
    if not 0 <= successes <= n or n == 0:
        raise ValueError(f"{successes} of {n} is no share")
    p = successes / n
    scale = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / scale
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale
    # Rounding must not part the bounds from 0 and 1 where they are exactly that.
    return (centre - half if successes else 0.0), (centre + half if successes < n else 1.0)


def share(values: Sequence[float]) -> Figure:
    """Mean of values between 0 and 1, with Wilson's interval.

    >>> share([1.0, 0.0]).value
    0.5
    >>> share([]).value is None
    True
    """
    if not values:
        return Figure(0, None)
    total = min(float(len(values)), sum(values))
    low, high = wilson(total, len(values))
    return Figure(len(values), total / len(values), low, high)


def mean(values: Sequence[float]) -> Figure:
    """Mean of any values, without interval.

    >>> mean([2.0, 4.0])
    Figure(n=2, value=3.0, low=None, high=None)
    """
    return Figure(len(values), sum(values) / len(values)) if values else Figure(0, None)


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The smallest value that at least this share of the values does not exceed (nearest rank).

    >>> percentile([1, 2, 3, 4], 50), percentile([1, 2, 3, 4], 95), percentile([], 50)
    (2, 4, None)
    """
    if not values:
        return None
    ranked = sorted(values)
    return ranked[max(0, -int(-len(ranked) * percent // 100) - 1)]
