import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.search.index import Index
from tests.product import document

TEXTS = [sentence.text for sentence in document().sentences]
UNKNOWN = "ωψξ ϡϟϛ"


def test_every_vector_has_unit_length(index: Index) -> None:
    lengths = np.linalg.norm(index.embedder.embed(TEXTS), axis=1)
    assert lengths == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_a_text_without_known_features_is_a_row_of_zeros(index: Index) -> None:
    assert not index.embedder.embed([UNKNOWN]).any()


@settings(max_examples=20)
@given(chosen=st.lists(st.sampled_from([*TEXTS, UNKNOWN, ""]), min_size=1, max_size=5))
def test_a_vector_does_not_depend_on_its_neighbours(index: Index, chosen: list[str]) -> None:
    alone = [index.embedder.embed([text])[0] for text in chosen]
    assert np.array_equal(index.embedder.embed(chosen), np.stack(alone))


def test_the_nearest_text_of_a_sentence_is_the_sentence_itself(index: Index) -> None:
    vectors = index.embedder.embed(TEXTS)
    assert np.array_equal(np.argmax(vectors @ vectors.T, axis=1), np.arange(len(TEXTS)))
