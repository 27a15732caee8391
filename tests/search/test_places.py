import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.corpus import document as documents
from rag.corpus.source import Source
from rag.domain import Document
from rag.search.normalisation import content_words, fold, words
from rag.search.places import Places
from tests.product import document

PLACES = Places(document())
ORDER = [sentence.id for section in document().sections for sentence in section.sentences]
WORDS = sorted({word for s in document().sentences for word in content_words(s.text)})
TOPICS = st.sampled_from(WORDS)

FEW = settings(max_examples=8)
"""A topic is compared with every name of the glossary, which takes a sixth of a second."""


def invented(*paragraphs: str) -> Document:
    lines = ["Nada.", "[bookmark: _Toc1]1. Uno", "[bookmark: _Toc2](1) Dos", *paragraphs]
    return documents.build(Source("\n".join(lines), ""), documents.reviewed_headings())


def ids(*parts: str, places: Places = PLACES) -> list[str]:
    return [sentence.id for sentence in places.of(parts)]


def texts(parts: Sequence[str], *paragraphs: str) -> list[str]:
    return [sentence.text for sentence in Places(invented(*paragraphs)).of(parts)]


@pytest.mark.parametrize(
    ("topic", "paragraph"),
    [
        ("zapatos", "Compran un zapato."),
        ("ZAPATO", "Compran zapatos."),
        ("zapatería", "Abren una zapateria."),
        ("ratón", "Hay ratones."),
        ("EL ZAPATO", "Compran zapatos."),
    ],
    ids=["singular", "capitals", "accent", "plural", "article"],
)
def test_a_sentence_that_has_a_word_of_the_family_is_a_place(topic: str, paragraph: str) -> None:
    assert texts([topic], "Nada.", paragraph) == [paragraph]


@pytest.mark.parametrize(
    ("topic", "paragraph"),
    [("zapato", "Un antizapato."), ("as", "Los asnos pastan."), ("12", "Son 125.")],
    ids=["end of a word", "two letters", "digits"],
)
def test_a_part_of_another_word_is_no_place(topic: str, paragraph: str) -> None:
    assert texts([topic], paragraph) == []


@pytest.mark.parametrize(
    "topics",
    [
        ["becas", "scholarships", "bolsas de estudo", "奖学金"],
        ["inteligencia artificial", "artificial intelligence", "人工智能"],
        ["jóvenes", "youth", "juventude", "青年"],
        ["extradición", "extradition", "extradição", "引渡"],
    ],
    ids=lambda topics: topics[0],
)
def test_a_topic_has_the_same_places_in_every_language(topics: list[str]) -> None:
    found = [ids(topic) for topic in topics]
    assert found == [found[0]] * len(topics) != [[]] * len(topics)


@FEW
@given(TOPICS, TOPICS)
def test_of_two_things_the_places_of_either_count(first: str, second: str) -> None:
    assert set(ids(first, second)) == {*ids(first), *ids(second)}


def test_words_that_name_a_thing_together_are_looked_for_together() -> None:
    paragraphs = ("Un zapato rojo.", "Un zapato.", "Un limón rojo.")
    assert texts(["zapato rojo"], *paragraphs) == ["Un zapato rojo."]
    assert texts(["limón azul"], *paragraphs) == ["Un limón rojo."]


@FEW
@given(st.lists(TOPICS, max_size=3))
def test_places_come_in_document_order_and_once(parts: list[str]) -> None:
    prose = [id_ for id_ in ids(*parts) if not id_.endswith(":0")]
    assert prose == sorted(set(prose), key=ORDER.index)


@pytest.mark.parametrize(
    ("topic", "form"),
    [
        ("IA", "inteligencia artificial"),
        ("AI", "inteligencia artificial"),
        ("Global South", "sur global"),
        ("全球南方", "sur global"),
        ("BeiDou", "beidou"),
        ("scholarships", "becas"),
    ],
)
def test_a_concept_has_every_sentence_that_holds_a_form_of_it(topic: str, form: str) -> None:
    holding = {s.id for s in document().sentences if form in " ".join(words(s.text))}
    assert set() < holding <= set(ids(topic))


def test_a_longer_name_counts_before_the_shorter_ones_in_it() -> None:
    assert ids("China-Latin America Industrial Investment Cooperation Forum") == ["2.3:6"]


@pytest.mark.parametrize(
    "parts", [[], [""], ["¿?"], ["de", "la"], ["zapatilla"]], ids=["no", "empty", "?", "stop", "-"]
)
def test_what_the_document_does_not_name_has_no_places(parts: list[str]) -> None:
    assert PLACES.of(parts) == []


def test_a_part_that_is_named_nowhere_leaves_the_places_of_the_others() -> None:
    assert texts(["zapato", "hipopótamo"], "Un zapato.", "Nada.") == ["Un zapato."]


def test_a_heading_is_a_place() -> None:
    places = Places(
        documents.build(
            Source("Nada.\n[bookmark: _Toc1]1. Uno\n[bookmark: _Toc2](1) Zapatos\nNada.", ""),
            documents.reviewed_headings(),
        )
    )
    assert ids("zapato", places=places) == ["1.1:0"]


@pytest.mark.parametrize(
    ("word", "place"), [("maravillosa", "I:1"), ("pujante", "II:1"), ("implementar", "2.1:1")]
)
def test_the_first_sentence_stands_for_a_lost_heading(word: str, place: str) -> None:
    section = document().section_by_id[place.partition(":")[0]]
    assert section.heading is None
    assert re.search(word, fold(section.title))
    assert place in ids(word)


@pytest.mark.parametrize(
    ("parts", "times"),
    [(["zapato"], 3), (["limón"], 0), (["zapato", "limón"], 3), (["zapato limón"], None)],
    ids=["every inflection", "none", "two things", "words together"],
)
def test_how_often_one_thing_is_named_is_counted(parts: list[str], times: int | None) -> None:
    assert Places(invented("Un zapato y dos zapatos.", "Zapatos.")).times(parts) == times


@pytest.mark.parametrize("word", ["espaciais", "satellites"])
def test_an_inflection_of_another_language_finds_its_concept(word: str) -> None:
    assert {id_.partition(":")[0] for id_ in ids(word)} >= {"2.10"}


def test_hegemony_is_named_in_a_compound_too() -> None:
    assert [id_.partition(":")[0] for id_ in ids("hegemony")] == ["1.2", "4.5"]
