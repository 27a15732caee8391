import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.lexicon import MIN_SIMILARITY, Lexicon
from rag.search.normalisation import words
from tests.product import document

VOCABULARY = sorted({word for sentence in document().sentences for word in words(sentence.text)})
LONG_WORDS = [word for word in VOCABULARY if len(word) >= 5 and word.isalpha()]
LEXICON = Lexicon.of(VOCABULARY)


def dice(one: str, other: str) -> float:
    """Dice coefficient of the sets of character trigrams, borders marked."""
    first, second = ({f"<{word}>"[i : i + 3] for i in range(len(word))} for word in (one, other))
    return 2 * len(first & second) / (len(first) + len(second))


@st.composite
def misspelt(draw: st.DrawFn) -> str:
    """A word of the document with one letter dropped, doubled, changed, or two swapped."""
    word = draw(st.sampled_from(LONG_WORDS))
    at = draw(st.integers(1, len(word) - 2))
    letter = draw(st.sampled_from("aeiounsrzxk"))
    middle = {
        "drop": "",
        "double": word[at] * 2,
        "change": letter,
        "insert": letter + word[at],
    }[draw(st.sampled_from(["drop", "double", "change", "insert"]))]
    return word[:at] + middle + word[at + 1 :]


@given(misspelt())
def test_a_variant_is_the_most_alike_word_of_all(typed: str) -> None:
    best = max(dice(typed, word) for word in VOCABULARY)
    variant = LEXICON.variant(typed)
    found = dice(typed, variant) if variant else None
    assert found == (pytest.approx(best) if best >= MIN_SIMILARITY else None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("antartida", "antartica"),
        ("cooperasion", "cooperacion"),
        ("enrgia", "energia"),
        ("tecnolojia", "tecnologia"),
        ("extradision", "extradicion"),
        ("extradiciones", "extradicion"),
        ("joven", "jovenes"),
    ],
)
def test_a_misspelt_or_inflected_word_finds_the_one_that_is_meant(typed: str, meant: str) -> None:
    assert LEXICON.variant(typed) == meant


@pytest.mark.parametrize("word", ["fotosintesis", "zzzzzz", "xochimilco"])
def test_a_word_that_resembles_none_has_no_variant(word: str) -> None:
    assert LEXICON.variant(word) is None


def test_a_word_of_three_letters_has_no_variant() -> None:
    assert Lexicon.of(["mar", "mars"]).variant("mar") is None


def test_a_number_has_no_variant() -> None:
    assert Lexicon.of(["20155"]).variant("2015") is None


@given(misspelt())
def test_a_stored_lexicon_finds_the_same_variants(typed: str) -> None:
    assert STORED.variant(typed) == LEXICON.variant(typed)


STORED = Lexicon.from_arrays(LEXICON.arrays())
