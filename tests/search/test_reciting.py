import pytest

from rag.domain import Passage
from rag.search.normalisation import content_words, stems
from rag.search.reciting import MIDDLING, MIN_REPEATED, Reciter, is_long
from rag.search.retrieval import Term

TEXTS = [
    "Los puertos fluviales reciben trigo y madera",
    "El trigo llega en barcos de madera desde puertos del norte lejano",
]
PASSAGES = [Passage(f"1.1:{n}", "1.1", 1, (), "", text) for n, text in enumerate(TEXTS)]


def terms(text: str) -> list[Term]:
    return [Term(word, unit, 1.0) for word in content_words(text) for unit in stems(word)]


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ("¿Reciben trigo los puertos?", 0),
        ("¿Llega trigo en barcos?", 1),
        ("¿Los puertos fluviales reciben trigo y madera?", 0),
        ("¿Los puertos fluviales del norte reciben trigo y madera?", 0),
        ("¿Reciben trigo los aeropuertos?", None),
        ("puertos, trigo", None),
        ("", None),
    ],
    ids=["short", "second", "whole", "most of a long one", "a word too many", "too short", "none"],
)
def test_the_passage_that_holds_the_words_is_found(question: str, column: int | None) -> None:
    assert Reciter(PASSAGES).repeated(terms(question)) == column


@pytest.mark.parametrize(
    ("question", "is_made"),
    [("trigo", False), ("trigo y madera", True), (TEXTS[1], True), ("", False)],
)
def test_a_question_is_made_of_a_sentence_that_it_says_much_of(
    question: str, is_made: bool
) -> None:
    assert Reciter(PASSAGES).is_made_of(1, terms(question)) is is_made


def test_long_begins_beyond_middling() -> None:
    word = Term("trigo", "trig", 1.0)
    assert [is_long([word] * n) for n in (MIN_REPEATED, MIDDLING, MIDDLING + 1)] == [0, 0, 1]
