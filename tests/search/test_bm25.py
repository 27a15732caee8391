import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.bm25 import Field, idf, weigh

Fields = Mapping[str, Field]
Documents = Sequence[Mapping[str, Sequence[str]]]

NAMES = ("title", "text")
WORDS = st.lists(st.sampled_from("abcdef"), max_size=7)
DOCUMENTS = st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, WORDS)), min_size=1, max_size=6)
FIELDS = st.fixed_dictionaries(
    dict.fromkeys(NAMES, st.builds(Field, st.floats(0.1, 3.0), st.floats(0.0, 1.0)))
)


def reference(documents: Documents, fields: Fields, query: Sequence[str]) -> list[float]:
    """BM25F as in Robertson & Zaragoza 2009, section 3.6, with Lucene's idf and k1 = 1.2."""
    scores = [0.0] * len(documents)
    for term in query:
        df = sum(any(term in document[name] for name in fields) for document in documents)
        for position, document in enumerate(documents):
            tf = 0.0
            for name, field in fields.items():
                lengths = [len(other[name]) for other in documents if other[name]]
                if term in document[name]:
                    relative = len(document[name]) / (sum(lengths) / len(lengths))
                    tf += field.weight * document[name].count(term) / (1 + field.b * (relative - 1))
            weight = math.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
            scores[position] += weight * tf / (1.2 + tf)
    return scores


@given(DOCUMENTS, FIELDS, st.lists(st.sampled_from("abcdefz"), max_size=4))
def test_scores_agree_with_the_formula(
    documents: Documents, fields: Fields, query: list[str]
) -> None:
    scores = weigh(documents, fields).scores(query)
    assert scores == pytest.approx(reference(documents, fields, query), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    ("document_frequency", "documents", "value"),
    [(1, 1, 0.287682), (1, 10, 1.992430), (5, 10, 0.693147), (10, 10, 0.046520)],
)
def test_idf_has_the_values_that_lucene_explains(
    document_frequency: int, documents: int, value: float
) -> None:
    assert idf(document_frequency, documents) == pytest.approx(value, abs=1e-6)


@given(st.integers(1, 5000), st.data())
def test_a_rarer_term_has_the_higher_idf(documents: int, data: st.DataObject) -> None:
    common = data.draw(st.integers(2, documents + 1))
    assert idf(common - 1, documents + 1) > idf(common, documents + 1) > 0


def test_a_document_that_lacks_a_field_is_scored_by_the_others() -> None:
    postings = weigh(
        [{"text": ["a"]}, {"title": ["a"]}], {"title": Field(1, 0), "text": Field(1, 0)}
    )
    first, second = postings.scores(["a"])
    assert first == second > 0


def test_an_empty_corpus_has_no_terms() -> None:
    assert np.array_equal(weigh([], {"text": Field(1, 0.5)}).scores(["a"]), [])
