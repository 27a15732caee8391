"""Several rankings made one."""

from collections.abc import Mapping

import numpy as np

from rag.search.postings import Scores

K = 60
"""Smoothing of reciprocal ranks (Cormack, Clarke & Büttcher 2009)."""


def ranks(scores: Scores) -> dict[int, int]:
    """Column → rank from 1, best first, for columns with a positive score; ties go to the earlier column.

    >>> ranks(np.array([0.0, 2.0, 3.0], dtype=np.float32))
    {2: 1, 1: 2}
    """
    order = np.argsort(-scores, kind="stable")
    return {int(column): rank for rank, column in enumerate(order, start=1) if scores[column] > 0}


def reciprocal_rank(
    legs: Mapping[str, Mapping[int, int]], weights: Mapping[str, float]
) -> dict[int, float]:
    """Column → fused score, the weighted sum over the legs of `1 / (k + rank)`.

    Cormack, Clarke & Büttcher 2009, «Reciprocal Rank Fusion», k = 60.
    """
    fused: dict[int, float] = {}
    for leg, ranking in legs.items():
        for column, rank in ranking.items():
            fused[column] = fused.get(column, 0.0) + weights[leg] / (K + rank)
    return fused
