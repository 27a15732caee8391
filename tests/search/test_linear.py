from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.linear import LinearModel
from rag.search.vocabulary import Vocabulary, in_order
from rag.search.weighing import Weighing
from tests.search.stored import stored

CLASSES = ("silent", "absent_topic", "otro", "寒暄")
NAMES = in_order("abcdef")
FEATURES = st.lists(st.sampled_from("abcdefxyz"), max_size=10)
"""x, y and z are strange."""

IDF = np.linspace(1.0, 3.0, len(NAMES), dtype=np.float32)
WEIGHING = Weighing(Vocabulary.of(NAMES), IDF)
COEFFICIENTS = np.random.default_rng(7).normal(size=(len(NAMES), len(CLASSES))).astype(np.float16)
INTERCEPTS = np.array([-2.0, 0.5, 0.0, 1.25], dtype=np.float32)
MODEL = LinearModel(CLASSES, WEIGHING, COEFFICIENTS, INTERCEPTS)
STORED = LinearModel.from_arrays("m", stored(MODEL.arrays("m")))


def reference(features: Sequence[str]) -> dict[str, float]:
    """The product with the whole matrix."""
    vector = np.zeros(len(NAMES))
    rows, weights = WEIGHING.weigh(features)
    vector[rows] = weights
    decision = vector @ COEFFICIENTS.astype(np.float64) + INTERCEPTS
    return dict(zip(CLASSES, decision.tolist(), strict=True))


@given(FEATURES)
def test_decisions_are_the_product_with_the_coefficients(features: list[str]) -> None:
    assert MODEL.decide(features) == pytest.approx(reference(features), rel=1e-4, abs=1e-5)


def test_decisions_come_in_the_order_of_the_classes() -> None:
    assert tuple(MODEL.decide("abc")) == CLASSES


@pytest.mark.parametrize("features", [[], ["x"], ["x", "y"]], ids=repr)
def test_without_a_known_feature_the_intercepts_decide(features: list[str]) -> None:
    assert list(MODEL.decide(features).values()) == INTERCEPTS.tolist()


@given(FEATURES)
def test_decisions_are_plain_numbers(features: list[str]) -> None:
    assert {type(value) for value in MODEL.decide(features).values()} == {float}


@given(FEATURES)
def test_a_stored_model_decides_alike(features: list[str]) -> None:
    assert STORED.decide(features) == MODEL.decide(features)


def test_a_stored_model_knows_its_classes() -> None:
    assert STORED.classes == CLASSES


def test_two_models_are_stored_side_by_side() -> None:
    other = LinearModel(("uno", "dos"), WEIGHING, COEFFICIENTS[:, :2], INTERCEPTS[:2])
    arrays = stored(MODEL.arrays("a") | other.arrays("b"))
    first, second = (LinearModel.from_arrays(name, arrays) for name in "ab")
    assert (first.classes, second.classes) == (CLASSES, ("uno", "dos"))
