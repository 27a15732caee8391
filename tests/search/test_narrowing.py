import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import LANGUAGES, Language
from rag.search.annotation import KNOWN, Annotator
from rag.search.cues import CueReader, Cues
from rag.search.excluding import parted
from rag.search.naming import Name
from rag.search.narrowing import (
    alternatives,
    hints,
    is_absent,
    is_talk,
    leading,
    part_words,
    qualifiers,
    with_alternatives,
)
from rag.search.normalisation import clean, fold
from rag.search.references import ReferenceReader
from tests.product import document

NAMES = (
    Name("jóvenes", "es", KNOWN, 0),
    Name("youth", "en", KNOWN, 0),
    Name("espacio", "es", KNOWN, 1),
    Name("农业", "zh", KNOWN, 2),
    Name("农业", "es", KNOWN, 2),
    Name("comercio", "es", KNOWN, 3),
    Name("café", "es", "COVERED", 4),
    Name("seminarios", "es", KNOWN, 5),
    Name("Perú", "es", "COUNTRY", 6),
)
READER = CueReader(Annotator.of(NAMES, [], []))
REFERENCES = ReferenceReader(document())
PIECES = ["foros", "jóvenes", "para", "comercio", "parte", "sobre", ".", "(", "论坛", "农业", "paz"]


def read(question: str, language: Language = "es") -> Cues:
    return READER.read(REFERENCES.read(fold(clean(question))), language)


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("los foros para jóvenes", "es", ["jovenes"]),
        ("los foros que se mencionan para jóvenes y el espacio", "es", ["jovenes", "espacio"]),
        ("youth forums", "en", ["youth"]),
        ("农业方面的论坛", "zh", ["农业"]),
        ("foros. Soy del comercio", "es", []),
        ("foros (comercio, espacio)", "es", []),
        ("el comercio tiene mucho que ver con los foros", "es", []),
        ("foros y seminarios", "es", []),
    ],
    ids=[
        *("after", "over a cue", "before", "before in Chinese"),
        *("another sentence", "in brackets", "far before", "another class"),
    ],
)
def test_what_stands_beside_a_class_narrows_it(
    question: str, language: Language, words: list[str]
) -> None:
    assert [token.text for token in qualifiers(read(question, language))] == words


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("los foros de la parte sobre comercio", "es", ["comercio"]),
        ("农业部分的论坛", "zh", ["农业"]),
        ("los foros para jóvenes", "es", []),
    ],
)
def test_a_part_is_named_by_what_it_is_about(
    question: str, language: Language, words: list[str]
) -> None:
    assert [token.text for token in part_words(read(question, language))] == words


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("foros de jóvenes, espacio o comercio", "es", ["jovenes", "espacio", "comercio"]),
        ("农业、农业论坛", "zh", ["农业", "农业"]),
        ("foros de jóvenes para el espacio", "es", []),
        ("foros de jóvenes y seminarios", "es", []),
    ],
    ids=["or", "Chinese comma", "one for the other", "a class"],
)
def test_things_named_one_beside_the_other_are_alternatives(
    question: str, language: Language, words: list[str]
) -> None:
    assert [token.text for token in alternatives(read(question, language))] == words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("foros de jóvenes, espacio o comercio", ["jovenes", "espacio", "comercio"]),
        ("foros de jóvenes. El espacio o el comercio", ["jovenes"]),
    ],
    ids=["among them", "elsewhere"],
)
def test_alternatives_narrow_together_or_not_at_all(question: str, words: list[str]) -> None:
    cues = read(question)
    found = with_alternatives(qualifiers(cues), alternatives(cues))
    assert [token.text for token in found] == words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("sin contar el comercio y los jóvenes, ¿qué foros hay?", ["comercio", "jovenes"]),
        ("dejando de lado el espacio, los foros para jóvenes", ["espacio"]),
        ("los foros, excepto los de comercio", ["comercio"]),
        ("además del comercio, ¿qué foros hay?", ["comercio"]),
        ("dejando de lado el comercio, foros para jóvenes", ["comercio"]),
        ("¿qué foros hay sobre comercio?", []),
    ],
)
def test_what_a_list_is_asked_for_without_does_not_narrow_it(
    question: str, words: list[str]
) -> None:
    cues, left_out, _ = parted(read(question))
    assert [token.text for token in left_out] == words
    assert not {*words} & {token.text for token in (*qualifiers(cues), *hints(cues))}


def test_much_that_is_left_out_takes_no_longer_than_it_must() -> None:
    _, left_out, _ = parted(read("foros " + "sin comercio y sin espacio y " * 100))
    assert [token.text for token in left_out] == ["comercio", "espacio"]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("para el comercio, ¿qué foros hay?", ["comercio"]),
        ("para un informe de comercio, ¿qué foros hay?", []),
        ("¿qué foros hay para el comercio?", []),
    ],
    ids=["theme", "purpose", "at the end"],
)
def test_a_question_may_begin_with_its_theme(question: str, words: list[str]) -> None:
    assert [token.text for token in leading(read(question))] == words


def test_examples_in_brackets_narrow_nothing() -> None:
    cues = read("los foros (de jóvenes, por ejemplo)")
    assert not qualifiers(cues)
    assert not hints(cues)


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join), st.sampled_from(LANGUAGES))
def test_what_names_the_part_does_not_narrow_the_class_as_well(
    question: str, language: Language
) -> None:
    cues = read(question, language)
    assert not set(qualifiers(cues)) & set(part_words(cues))


@pytest.mark.parametrize(("text", "talk"), [("los cinco programas", True), ("la pesca", False)])
def test_the_programmes_as_such_are_no_topic(text: str, talk: bool) -> None:
    assert is_talk(text) == talk


@pytest.mark.parametrize(
    ("question", "absent"), [("foros de café", True), ("foros de x", False), ("para Perú", False)]
)
def test_what_the_document_lacks_is_told_from_plain_words(question: str, absent: bool) -> None:
    assert any(is_absent(token) for token in read(question).topic) == absent
