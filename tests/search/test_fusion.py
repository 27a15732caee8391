from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.fusion import ranks, reciprocal_rank

SCORES = st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0]), max_size=8)
LEGS = st.dictionaries(
    st.sampled_from(["bm25", "ngrams", "dense"]),
    st.lists(st.integers(0, 9), unique=True).map(
        lambda best_first: {column: rank for rank, column in enumerate(best_first, 1)}
    ),
)
WEIGHTS = {"bm25": 1.0, "ngrams": 0.6, "dense": 0.25}


@given(SCORES)
def test_ranks_follow_the_scores_and_ties_go_to_the_earlier_column(scores: list[float]) -> None:
    found = [column for column, score in enumerate(scores) if score > 0]
    best_first = sorted(found, key=lambda column: (-scores[column], column))
    ranked = ranks(np.array(scores, dtype=np.float32))
    assert ranked == {column: rank for rank, column in enumerate(best_first, start=1)}


@given(LEGS)
def test_fusion_sums_the_weighted_reciprocal_ranks(legs: Mapping[str, Mapping[int, int]]) -> None:
    columns = {column for ranking in legs.values() for column in ranking}
    expected = {
        column: sum(
            WEIGHTS[leg] / (60 + ranking[column])
            for leg, ranking in legs.items()
            if column in ranking
        )
        for column in columns
    }
    assert reciprocal_rank(legs, WEIGHTS) == pytest.approx(expected)


def test_second_in_two_legs_beats_first_in_one() -> None:
    fused = reciprocal_rank({"bm25": {1: 1, 2: 2}, "dense": {3: 1, 2: 2}}, {"bm25": 1, "dense": 1})
    assert max(fused, key=fused.__getitem__) == 2
