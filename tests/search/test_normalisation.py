import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.search.normalisation import clean, content_words, fold, ngrams, stems, stopwords, words
from tests.product import document

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)
"""Control characters and lone surrogates too."""

BIDIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Every character that Unicode lists under Bidi_Control."""

UNACCENTED = str.maketrans("áéíóúüñ", "aeiouun")

DOCUMENT_WORDS = sorted(
    {word for sentence in document().sentences for word in sentence.text.lower().split()}
)


@given(ANYTHING)
@example("\ud800energía\udfff")
def test_cleaned_text_can_be_written_as_utf8(text: str) -> None:
    assert clean(text).encode("utf-8").decode("utf-8") == clean(text)


@given(ANYTHING)
@example("\x00a\x1bb\x7fc\x9fd")
def test_cleaned_text_has_no_control_characters(text: str) -> None:
    assert not [character for character in clean(text) if unicodedata.category(character) == "Cc"]


@pytest.mark.parametrize("mark", BIDIRECTIONAL, ids=lambda mark: f"U+{ord(mark):04X}")
def test_cleaned_text_has_no_marks_that_turn_the_direction(mark: str) -> None:
    assert clean(f"pol{mark}ítica") == "política"


@given(ANYTHING)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  ¿Qué\t dice\r\n de China?  ", "¿Qué dice de China?"),
        ("cooperacio\u0301n", "cooperación"),
        ("ＢｅｉＤｏｕ", "BeiDou"),
        ("energía\u00a0nuclear", "energía nuclear"),
        ("\ufeffenergía", "energía"),
        ("coope\u00adración", "cooperación"),
    ],
    ids=["space", "decomposed", "full width", "no-break space", "byte order mark", "soft hyphen"],
)
def test_what_is_typed_in_another_way_reads_the_same(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@pytest.mark.parametrize(
    ("text", "folded"),
    [("ESPAÑA", "espana"), ("Pingüino", "pinguino"), ("JÓVENES", "jovenes"), ("Straße", "strasse")],
)
def test_folding_drops_case_and_diacritics(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "pair", ["jóvenes jovenes", "energías energia", "becas beca", "extradición extradicion"]
)
def test_accents_and_plain_plurals_leave_the_stem_alone(pair: str) -> None:
    first, second = pair.split()
    assert stems(first) == stems(second) != []


def test_no_word_of_the_document_depends_on_its_accents() -> None:
    assert [w for w in DOCUMENT_WORDS if stems(w) != stems(w.translate(UNACCENTED))] == []


@given(ANYTHING)
@example("䷀")  # a hexagram: a symbol between two blocks of Chinese characters
def test_words_are_made_of_letters_and_digits(text: str) -> None:
    assert all(word.replace("_", "-").isalnum() for word in words(clean(text)))


@given(ANYTHING)
def test_content_words_are_no_stop_words_and_come_once(text: str) -> None:
    found = content_words(text)
    assert (len(set(found)), stopwords() & set(found)) == (len(found), frozenset())


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_a_question_without_a_topic_has_no_content_words(language: str) -> None:
    question = {
        "es": "¿Qué dice el documento?",
        "en": "What does the document say about it?",
        "pt": "O que diz o documento?",
    }[language]
    assert content_words(question) == []


@given(st.text("abcdeñ", min_size=1, max_size=12), st.integers(3, 5))
def test_ngrams_are_the_windows_over_the_bordered_word(word: str, size: int) -> None:
    windows = ngrams(word, (size,))
    expected = max(0, len(word) + 2 - size + 1)
    assert (len(windows), {len(gram) for gram in windows} <= {size}) == (expected, True)
