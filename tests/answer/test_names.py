from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import settings
from rag.answer.names import NameCheck
from rag.domain import LANGUAGES, Language, Sentence
from rag.indexing import open_index
from rag.search.normalisation import words
from tests.product import document

row = pytest.param

SATELLITES = ("2.10:2",)
"""Names BeiDou."""
ATOM = ("2.5:4",)
"""Names nothing."""


@cache
def names() -> NameCheck:
    return NameCheck(document(), open_index(document(), settings.load()).annotator)


def missing(text: str, language: Language, *ids: str, said: tuple[str, ...] = ()) -> list[str]:
    cited = [document().sentence_by_id[id_] for id_ in ids]
    found = names().missing(text, language, cited, lambda name: set(words(name)) <= set(said))
    return list(found)


BEIDOU = [
    row("Promueve el BeiDou.", "es", "BeiDou", id="es"),
    row("It promotes BeiDou.", "en", "BeiDou", id="en"),
    row("Promove o BeiDou.", "pt", "BeiDou", id="pt"),
    row("推广北斗。", "zh", "北斗", id="zh"),
]


@pytest.mark.parametrize(("text", "language", "name"), BEIDOU)
def test_a_name_that_the_citation_has_is_not_missing(
    text: str, language: Language, name: str
) -> None:
    assert missing(text, language, *SATELLITES) == []


@pytest.mark.parametrize(("text", "language", "name"), BEIDOU)
def test_a_name_of_another_sentence_is_missing(text: str, language: Language, name: str) -> None:
    assert missing(text, language, *ATOM) == [name]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        row("Coopera con Bolivia.", "es", ["Bolivia"], id="country"),
        row("La OMS y Huawei participan.", "es", ["OMS", "Huawei"], id="acronym and company"),
        row("It works with Netflix and the OECD.", "en", ["Netflix", "OECD"], id="en"),
        row("Google invierte.", "es", ["Google"], id="at the beginning"),
        row("Apoya a Bolivia y otra vez a Bolivia.", "es", ["Bolivia"], id="twice"),
    ],
)
def test_a_name_that_the_document_lacks_is_missing(
    text: str, language: Language, expected: list[str]
) -> None:
    assert missing(text, language, *ATOM) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        row("China y ALC cooperan.", "es", id="es"),
        row("China cooperates with Latin America and the Caribbean.", "en", id="en"),
        row("A China coopera com a América Latina e o Caribe.", "pt", id="pt"),
        row("中国同拉美和加勒比合作。", "zh", id="zh"),
    ],
)
def test_the_two_parties_need_no_citation(text: str, language: Language) -> None:
    assert missing(text, language, *ATOM) == []


def test_a_name_may_stand_in_the_heading() -> None:
    assert missing("El Programa del desarrollo apoya el átomo.", "es", *ATOM) == []


def test_any_of_the_cited_sentences_may_have_the_name() -> None:
    assert missing("Promueve el BeiDou.", "es", *ATOM, *SATELLITES) == []


def test_a_word_with_a_capital_at_the_beginning_is_no_name() -> None:
    assert missing("Apoya el átomo. Fomenta el gas.", "es", *ATOM) == []


def test_without_a_citation_every_name_is_missing() -> None:
    assert missing("Promueve el BeiDou.", "es") == ["BeiDou"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [(("gas", "natural"), []), (("gas", "lejano"), ["Gas Natural"])],
)
def test_a_thing_is_not_missing_where_each_of_its_words_is_said(
    said: tuple[str, ...], expected: list[str]
) -> None:
    assert missing("Fomenta el Gas Natural.", "es", *ATOM, said=said) == expected


@pytest.mark.parametrize("sentence", document().sentences, ids=lambda sentence: sentence.id)
def test_no_sentence_lacks_a_name_of_its_own(sentence: Sentence) -> None:
    assert missing(sentence.text, "es", sentence.id) == []


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_is_looked_through_for_names(text: str, language: Language) -> None:
    assert all(missing(text, language, *ATOM))
