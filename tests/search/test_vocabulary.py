import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.vocabulary import Vocabulary, in_order
from tests.search.stored import stored

TERM = st.text(st.sampled_from("abcñ中 :<>"), max_size=6)
TERMS = st.sets(TERM, max_size=30)

EMPTY = Vocabulary.of([])


def vocabulary(terms: set[str]) -> Vocabulary:
    return Vocabulary.of(in_order(terms))


@given(TERMS)
def test_a_term_has_the_row_of_its_place_in_the_order(terms: set[str]) -> None:
    found = vocabulary(terms)
    assert [found.row(term) for term in in_order(terms)] == list(range(len(terms)))


@given(TERMS)
def test_the_order_holds_every_term_once(terms: set[str]) -> None:
    assert sorted(in_order(terms)) == sorted(terms)


@given(st.permutations(["paz", "和平", "peace", "povos", "w:paz", "c:<pa"]))
def test_the_order_does_not_depend_on_how_the_terms_come(terms: list[str]) -> None:
    assert in_order(terms) == in_order(sorted(terms))


@given(TERMS, TERM)
def test_a_vocabulary_contains_what_it_was_given(terms: set[str], term: str) -> None:
    assert (term in vocabulary(terms)) == (term in terms)


@given(TERMS, TERM)
def test_a_strange_term_has_no_row(terms: set[str], term: str) -> None:
    assert vocabulary(terms - {term}).row(term) is None


@given(TERMS, st.lists(TERM, max_size=10))
def test_rows_are_those_of_the_single_terms_and_minus_one_for_strange_ones(
    terms: set[str], asked: list[str]
) -> None:
    found = vocabulary(terms)
    single = [found.row(term) for term in asked]
    assert found.rows(asked).tolist() == [-1 if row is None else row for row in single]


@given(TERMS)
def test_it_is_as_long_as_its_terms_are_many(terms: set[str]) -> None:
    assert len(vocabulary(terms)) == len(terms)


@given(TERMS, st.lists(TERM, max_size=10))
def test_a_stored_vocabulary_gives_the_same_rows(terms: set[str], asked: list[str]) -> None:
    found = vocabulary(terms)
    restored = Vocabulary.from_arrays("v", stored(found.arrays("v")))
    assert np.array_equal(restored.rows(asked), found.rows(asked))


def test_two_vocabularies_are_stored_side_by_side() -> None:
    arrays = stored(vocabulary({"paz"}).arrays("a") | vocabulary({"mar"}).arrays("b"))
    first, second = (Vocabulary.from_arrays(name, arrays) for name in "ab")
    assert ("paz" in first, "mar" in first, "paz" in second) == (True, False, False)


@pytest.mark.parametrize("asked", [[], ["paz"], ["paz", "mar"]], ids=repr)
def test_every_term_is_strange_to_an_empty_vocabulary(asked: list[str]) -> None:
    assert EMPTY.rows(asked).tolist() == [-1] * len(asked)


def test_no_term_is_asked_for_in_vain() -> None:
    assert vocabulary({"paz"}).rows([]).tolist() == []
