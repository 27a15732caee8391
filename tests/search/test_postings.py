from collections.abc import Mapping
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.postings import Postings

WIDTH = 5
TERMS = st.text("abcñ中 ", min_size=1, max_size=3)
WEIGHTS = st.floats(-8, 8, width=32)
ROWS = st.dictionaries(
    TERMS, st.dictionaries(st.integers(0, WIDTH - 1), WEIGHTS, max_size=WIDTH), max_size=6
)
QUERIES = st.lists(TERMS, max_size=6)
Rows = Mapping[str, Mapping[int, float]]


def stored(postings: Postings) -> Postings:
    """The postings written to a file and read back, as an index does it."""
    file = BytesIO()
    np.savez(file, allow_pickle=False, **postings.arrays("p"))
    file.seek(0)
    with np.load(file, allow_pickle=False) as archive:
        return Postings.from_arrays("p", dict(archive))


@given(ROWS, QUERIES)
def test_scores_are_the_sums_of_the_rows_of_the_query(rows: Rows, query: list[str]) -> None:
    dense = np.zeros(WIDTH)
    for term in query:
        for column, weight in rows.get(term, {}).items():
            dense[column] += weight
    assert Postings.of(rows, WIDTH).scores(query) == pytest.approx(dense, rel=1e-4, abs=1e-3)


@given(ROWS, QUERIES)
def test_stored_postings_score_alike(rows: Rows, query: list[str]) -> None:
    postings = Postings.of(rows, WIDTH)
    assert np.array_equal(stored(postings).scores(query), postings.scores(query))


@given(ROWS)
def test_stored_postings_know_the_same_terms(rows: Rows) -> None:
    postings = stored(Postings.of(rows, WIDTH))
    assert len(postings.vocabulary) == len(rows)
    assert all(term in postings for term in rows)


@given(ROWS, TERMS)
def test_postings_contain_the_terms_they_were_given(rows: Rows, term: str) -> None:
    assert (term in Postings.of(rows, WIDTH)) == (term in rows)


@given(ROWS, TERMS)
def test_a_row_gives_back_its_columns_and_weights(rows: Rows, term: str) -> None:
    columns, weights = Postings.of(rows, WIDTH).row(term)
    assert dict(zip(columns.tolist(), weights.tolist(), strict=True)) == rows.get(term, {})
