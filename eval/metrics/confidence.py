"""Does the stated confidence tell the questions apart that the document answers?"""

from collections.abc import Sequence


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Probability that a positive scores above a negative, ties counting half.

    The Mann–Whitney statistic U / (n₁ n₀) (Hanley & McNeil 1982). `None` where a side is empty.

    >>> auroc([0.9, 0.4], [0.4, 0.1])
    0.875
    """
    if not positive or not negative:
        return None
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def risk_coverage(scored: Sequence[tuple[float, bool]]) -> tuple[tuple[float, float], ...]:
    """Points (coverage, risk) of answering only above a confidence, the most confident first.

    Risk is the share of wrong answers among those given (El-Yaniv & Wiener 2010); equal
    confidences enter together.

    >>> risk_coverage([(0.9, True), (0.5, False), (0.5, True), (0.2, False)])
    ((0.25, 0.0), (0.75, 0.333...), (1.0, 0.5))
    """
    ranked = sorted(scored, key=lambda pair: -pair[0])
    points = []
    wrong = 0
    for count, (confidence, is_right) in enumerate(ranked, 1):
        wrong += not is_right
        if count == len(ranked) or ranked[count][0] != confidence:
            points.append((count / len(ranked), wrong / count))
    return tuple(points)


def area_under_risk(points: Sequence[tuple[float, float]]) -> float | None:
    """Mean risk over all coverages (AURC, Geifman & El-Yaniv 2017); lower is better.

    >>> area_under_risk(((0.5, 0.0), (1.0, 0.5)))
    0.25
    """
    if not points:
        return None
    edges = [0.0, *(coverage for coverage, _ in points)]
    return sum((edges[i + 1] - edges[i]) * risk for i, (_, risk) in enumerate(points))
