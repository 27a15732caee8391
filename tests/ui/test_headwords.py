"""The order and the search of a printed index."""

import pytest

from rag.corpus import analytical_index
from rag.corpus.analytical_index import Entry
from rag.domain import LANGUAGES, Language
from rag.ui.headwords import DIGITS, LEAF, Headword, leaves, matches, shelf
from tests.product import document

TERMS = analytical_index.load(document()).terms


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_leads_from_one_headword_to_every_section_of_it(language: Language) -> None:
    places = [
        (word.text.casefold(), entry.section)
        for words in shelf(TERMS, language).values()
        for word in words
        for entry in word.entries
    ]
    expected = {(e.text.casefold(), e.section) for e in TERMS if e.language == language}
    assert len(places) == len(set(places))
    assert set(places) == expected


def test_accents_and_capitals_do_not_count_in_the_alphabet_and_n_comes_before_ñ() -> None:
    words = ["Ñandú", "año", "árbol", "anual", "Zinc", "ántrax", "5G"]
    ordered = shelf((_entry(word) for word in words), "es")
    assert list(ordered) == ["A", "N", "Z", DIGITS]
    assert {letter: [word.text for word in found] for letter, found in ordered.items()} == {
        "A": ["ántrax", "anual", "año", "árbol"],
        "N": ["Ñandú"],
        "Z": ["Zinc"],
        DIGITS: ["5G"],
    }


def test_chinese_headwords_stand_by_their_number_of_characters() -> None:
    words = shelf(
        (_entry(word, "zh") for word in ("海关", "锂", "牛油果", "中国特色社会主义")), "zh"
    )
    assert list(words) == ["1", "2", "3", "6+"]


@pytest.mark.parametrize("sought", ["aduán", "ADUAN", " aduan "])
def test_the_filter_finds_beginnings_of_words_those_of_the_headword_first(sought: str) -> None:
    words = shelf(map(_entry, ("control aduanero", "aduana", "graduado")), "es")
    assert _texts(matches(words, sought)) == ["aduana", "control aduanero"]


def test_the_filter_finds_chinese_characters_anywhere() -> None:
    words = shelf((_entry(word, "zh") for word in ("海关合作", "智慧海关", "大海")), "zh")
    assert _texts(matches(words, "海关")) == ["海关合作", "智慧海关"]


def test_leaves_hold_every_headword_once_in_order() -> None:
    words = shelf(TERMS, "es")["C"]
    assert [word for leaf in leaves(words) for word in leaf] == list(words)
    assert {len(leaf) for leaf in leaves(words)[:-1]} == {LEAF}


def test_what_is_not_in_the_index_has_no_leaf() -> None:
    assert leaves(matches(shelf(TERMS, "es"), "xyzzy")) == []


def _entry(text: str, language: Language = "es") -> Entry:
    return Entry(text, language, "2.12", ())


def _texts(words: tuple[Headword, ...]) -> list[str]:
    return [word.text for word in words]
