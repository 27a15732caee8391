import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.vocabulary import Vocabulary, in_order
from rag.search.weighing import Weighing
from tests.search.stored import stored

IDF = dict(zip(in_order("abcd中"), (1.0, 1.5, 2.0, 4.0, 7.5), strict=True))
"""Feature → idf, in the order of the rows."""

FEATURES = st.lists(st.sampled_from("abcd中xyz"), max_size=12)
"""x, y and z are strange."""

WEIGHING = Weighing(Vocabulary.of(list(IDF)), np.array(list(IDF.values()), dtype=np.float32))


def by_feature(features: Sequence[str], weighing: Weighing = WEIGHING) -> Mapping[str, float]:
    """Feature → weight."""
    rows, weights = weighing.weigh(features)
    names = list(IDF)
    return {names[row]: float(weight) for row, weight in zip(rows, weights, strict=True)}


def reference(features: Sequence[str]) -> Mapping[str, float]:
    """Sublinear TF-IDF with the cosine norm (Salton & Buckley 1988)."""
    raw = {f: (1 + math.log(features.count(f))) * IDF[f] for f in features if f in IDF}
    length = math.sqrt(sum(weight**2 for weight in raw.values()))
    return {feature: weight / length for feature, weight in raw.items()}


@given(FEATURES)
def test_weights_agree_with_the_formula(features: list[str]) -> None:
    assert by_feature(features) == pytest.approx(reference(features), rel=1e-5)


@given(FEATURES.filter(lambda features: bool(IDF.keys() & set(features))))
def test_the_weights_of_known_features_have_unit_length(features: list[str]) -> None:
    assert np.linalg.norm(WEIGHING.weigh(features)[1]) == pytest.approx(1.0, rel=1e-5)


@given(FEATURES)
def test_strange_features_change_no_weight(features: list[str]) -> None:
    known = [feature for feature in features if feature in IDF]
    assert by_feature(features) == pytest.approx(by_feature(known))


@given(FEATURES)
def test_the_order_of_the_features_changes_no_weight(features: list[str]) -> None:
    assert by_feature(features) == pytest.approx(by_feature(sorted(features)))


@pytest.mark.parametrize("features", [[], ["x"], ["x", "y", "x"]], ids=repr)
def test_without_a_known_feature_there_are_no_weights(features: list[str]) -> None:
    assert by_feature(features) == {}


def test_features_are_read_once_so_that_they_may_be_a_stream() -> None:
    rows, _ = WEIGHING.weigh(feature for feature in "abc")
    assert len(rows) == 3


@given(FEATURES)
def test_a_stored_weighing_weighs_alike(features: list[str]) -> None:
    restored = Weighing.from_arrays("w", stored(WEIGHING.arrays("w")))
    assert by_feature(features, restored) == by_feature(features)
