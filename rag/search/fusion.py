"""Several rankings made one."""

from collections.abc import Mapping

import numpy as np

from rag.search.postings import Scores

K = 60
"""Smoothing of reciprocal ranks (Cormack, Clarke & Büttcher 2009)."""


def ranks(scores: Scores) -> dict[int, int]:
    """Column → rank from 1, best first; ties go to the earlier column.

    Columns with the score 0 (nothing matched) or minus infinity (filtered out) have no rank.

    >>> ranks(np.array([0.0, 2.0, 3.0, -1.0], dtype=np.float32))
    {2: 1, 1: 2, 3: 3}
    """
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    kept = order[(ranked != 0) & np.isfinite(ranked)].tolist()
    return dict(zip(kept, range(1, len(kept) + 1), strict=True))


def reciprocal_rank(
    legs: Mapping[str, Mapping[int, int]], weights: Mapping[str, float]
) -> dict[int, float]:
    """Column → fused score, the weighted sum over the legs of `1 / (k + rank)`.

    Cormack, Clarke & Büttcher 2009, «Reciprocal Rank Fusion», k = 60. A leg without a weight has
    no say.
    """
    fused: dict[int, float] = {}
    for leg in (leg for leg in legs if leg in weights):
        for column, rank in legs[leg].items():
            fused[column] = fused.get(column, 0.0) + weights[leg] / (K + rank)
    return fused


def standardised(legs: Mapping[str, Scores], weights: Mapping[str, float]) -> dict[int, float]:
    """Column → fused score, the weighted sum over the legs of their z-scores.

    For few candidates that every leg scores, such as sections: the distances count, which ranks
    forget (Fox & Shaw 1994, CombSUM, on standardised scores). Columns at minus infinity are out.

    >>> standardised({'a': np.array([1.0, 3.0, -np.inf], dtype=np.float32)}, {'a': 1.0})
    {0: -1.0, 1: 1.0}
    """
    kept = np.flatnonzero(np.all([np.isfinite(scores) for scores in legs.values()], axis=0))
    total = np.zeros(len(kept), dtype=np.float64)
    for leg in (leg for leg in legs if leg in weights):
        scores = legs[leg][kept].astype(np.float64)
        spread = float(scores.std())
        if spread > 0:
            total += weights[leg] * (scores - scores.mean()) / spread
    return dict(zip(kept.tolist(), total.tolist(), strict=True))
