from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.domain import LANGUAGES, Language
from rag.search.annotation import KNOWN, MAX_HAN, NUMBER, PROPER, RARE, WORD, Annotator, Token
from rag.search.naming import Name
from rag.search.normalisation import clean, fold, is_han, words
from tests.search.stored import stored

NAMES = (
    Name("orden", "es", KNOWN, 0, ("1.6",)),
    Name("orden internacional", "es", KNOWN, 1),
    Name("international order", "en", KNOWN, 1),
    Name("国际秩序", "zh", KNOWN, 1),
    Name("orden global", "es", KNOWN, 1),
    Name("minas de litio", "es", "COVERED", 2, ("2.5", "2.9")),
    Name("Banco del Sur", "es", "ORGANISATION", 3),
    Name("Sur", "es", "PLACE", 4),
    Name("Sur", "es", "ABSENT", 11, ("I",)),
    Name("de", "es", "PERSON", 5),
    Name("锂矿", "zh", "COVERED", 2),
    Name("litio", "pt", "COVERED", 2),
    Name("orden", "es", "COMPANY", 7),
    Name("tequilas", "es", "COVERED", 8, is_exact=True),
    Name("licor tequila", "es", "COVERED", 8, is_exact=True),
    Name("龙舌兰", "zh", "COVERED", 8, is_exact=True),
    Name("deportes", "es", KNOWN, 9),
    Name("deportación", "es", "ABSENT", 10, is_exact=True),
)
ANNOTATOR = Annotator.of(NAMES, ["energ", "安全"], ["perro", "energias"])
STORED = Annotator(stored(ANNOTATOR.arrays()))

TEXTS = st.one_of(
    st.text(max_size=60).map(clean),
    st.lists(
        st.sampled_from([*(name.text for name in NAMES), "¿", " ", ", ", "2015", "和", "energía"])
    ).map("".join),
)

PLAIN = ("paz", "mar", "red", "pez")
"""Words that are their own stems."""


def labels(question: str, language: Language = "es") -> list[tuple[str, str | None]]:
    return [(token.text, token.label) for token in ANNOTATOR.tokens(question, language)]


def longest_first(text: Sequence[str], names: set[tuple[str, ...]]) -> list[str]:
    """The text cut at the longest name that begins at each place."""
    found: list[str] = []
    position = 0
    while position < len(text):
        sizes = range(len(text) - position, 0, -1)
        size = next((n for n in sizes if tuple(text[position : position + n]) in names), 1)
        found.append(" ".join(text[position : position + size]))
        position += size
    return found


@given(
    st.lists(st.sampled_from(PLAIN), max_size=12),
    st.sets(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=4).map(tuple), max_size=6),
)
def test_the_longest_name_at_each_place_is_taken(
    text: list[str], names: set[tuple[str, ...]]
) -> None:
    annotator = Annotator.of([Name(" ".join(n), "es", "PLACE", 0) for n in names], [], [])
    found = [token.text for token in annotator.tokens(" ".join(text), "es")]
    assert found == longest_first(text, names)


@given(TEXTS, st.sampled_from(LANGUAGES))
@example("Ⅻ ﬁn 中国5G", "zh")
def test_tokens_hold_every_word_of_the_question_in_order(text: str, language: Language) -> None:
    tokens = ANNOTATOR.tokens(text, language)
    assert "".join(token.text.replace(" ", "") for token in tokens) == "".join(words(text))


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_a_token_of_one_word_stands_where_it_says(text: str, language: Language) -> None:
    single = [t for t in ANNOTATOR.tokens(text, language) if " " not in t.text]
    assert [fold(text)[t.start : t.end] for t in single] == [t.text for t in single]


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_no_token_begins_before_the_one_before_ends(text: str, language: Language) -> None:
    borders = [n for t in ANNOTATOR.tokens(text, language) for n in (t.start, t.end)]
    assert borders == sorted(borders)


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_a_stored_annotator_finds_the_same(text: str, language: Language) -> None:
    assert STORED.tokens(text, language) == ANNOTATOR.tokens(text, language)


def test_a_name_of_several_words_spans_what_stands_between_them() -> None:
    (token,) = ANNOTATOR.tokens("¡Orden,  INTERNACIONAL!", "es")
    assert token == Token("orden internacional", 1, 22, KNOWN, 1)


@pytest.mark.parametrize(
    ("question", "language", "found"),
    [
        ("mina de litio", "es", [("mina de litio", "COVERED")]),
        ("MINAS DE LITIO", "es", [("minas de litio", "COVERED")]),
        ("international orders", "en", [("international orders", KNOWN)]),
        ("锂矿", "zh", [("锂矿", "COVERED")]),
        ("国际秩序", "es", [("国际秩序", KNOWN)]),
        ("orden internacional", "zh", [("orden internacional", KNOWN)]),
    ],
    ids=["singular", "capitals", "English plural", "Chinese", "Chinese in Spanish", "and back"],
)
def test_a_name_is_found_however_it_is_written(
    question: str, language: Language, found: list[tuple[str, str | None]]
) -> None:
    assert labels(question, language) == found


@pytest.mark.parametrize(
    ("question", "language", "thing"),
    [
        ("tequila", "es", 8),
        ("Tequilas", "es", 8),
        ("tequilo", "es", None),
        ("tequila", "pt", None),
        ("licores tequilas", "es", 8),
        ("龙舌兰", "zh", 8),
    ],
    ids=["singular", "plural", "family", "another language", "several words", "Chinese"],
)
def test_an_exact_name_of_one_word_stands_for_itself_and_its_plural(
    question: str, language: Language, thing: int | None
) -> None:
    assert [token.thing for token in ANNOTATOR.tokens(question, language)] == [thing]


@pytest.mark.parametrize(
    ("word", "label"),
    [("deportación", "ABSENT"), ("deporte", KNOWN), ("deportado", KNOWN)],
    ids=["itself", "the other", "neither"],
)
def test_an_exact_name_is_itself_before_it_is_of_a_family(word: str, label: str) -> None:
    assert labels(word) == [(fold(word), label)]


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_name_counts_in_its_own_language_only(language: Language) -> None:
    assert labels("litio", language) == [("litio", RARE)]


def test_of_several_names_with_one_key_the_first_counts() -> None:
    assert labels("orden") == [("orden", KNOWN)]


def test_a_function_word_alone_is_no_name() -> None:
    assert labels("de") == [("de", None)]


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("2015", NUMBER),
        ("energía", WORD),
        ("energías", WORD),
        ("zxqv", RARE),
        ("perro", None),
        ("la", None),
    ],
    ids=["number", "family of the index", "known and common", "strange", "everyday", "function"],
)
def test_a_word_that_names_nothing_is_classed_by_who_has_it(word: str, label: str | None) -> None:
    assert [token.label for token in ANNOTATOR.tokens(word, "es")] == [label]


def test_a_run_of_chinese_is_cut_at_names_function_words_and_known_pairs() -> None:
    assert labels("什么是国际秩序安全锂矿", "zh") == [
        ("什么", None),
        ("是", None),
        ("国际秩序", KNOWN),
        ("安全", WORD),
        ("锂矿", "COVERED"),
    ]


@pytest.mark.parametrize("count", [1, 2, 9, 40])
def test_a_name_may_have_any_number_of_words(count: int) -> None:
    annotator = Annotator.of([Name("paz " * count, "es", "PLACE", 0)], [], [])
    assert [len(words(token.text)) for token in annotator.tokens("paz " * count, "es")] == [count]


def test_the_longest_chinese_name_that_is_looked_for_has_its_limit_of_characters() -> None:
    annotator = Annotator.of([Name("锂" * MAX_HAN, "zh", "PLACE", 0)], [], [])
    assert [len(token.text) for token in annotator.tokens("锂" * MAX_HAN, "zh")] == [MAX_HAN]


@pytest.mark.parametrize(
    ("languages", "forms"),
    [
        (("es",), ("orden internacional", "orden global")),
        (("zh", "es"), ("国际秩序", "orden internacional", "orden global")),
        (("en", "zh"), ("international order", "国际秩序")),
        (("pt",), ()),
    ],
    ids=["one", "Chinese first", "English first", "none"],
)
def test_a_thing_is_called_by_its_names_in_the_languages_asked_for(
    languages: tuple[Language, ...], forms: tuple[str, ...]
) -> None:
    assert STORED.forms(1, languages) == forms


def test_a_thing_of_another_number_has_no_names() -> None:
    assert ANNOTATOR.forms(99, LANGUAGES) == ()


@pytest.mark.parametrize(
    ("word", "is_known"),
    [("energias", True), ("安全区", True), ("zxqv", False), ("锂", False)],
)
def test_a_word_is_known_by_one_unit_of_its_family(word: str, is_known: bool) -> None:
    assert ANNOTATOR.knows(word) == is_known


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_names_every_word_stands_for_itself(language: Language) -> None:
    tokens = Annotator.of([], [], []).tokens("Minas de litio 锂矿", language)
    assert [token.thing for token in tokens] == [None] * len(tokens)


def test_the_classes_of_proper_names_leave_out_what_the_document_names() -> None:
    assert PROPER.isdisjoint({KNOWN, NUMBER, RARE, WORD})


def test_no_folded_word_equals_a_class() -> None:
    assert [each for each in (*PROPER, KNOWN, NUMBER, RARE, WORD) if fold(each) == each] == []


@given(TEXTS)
def test_words_of_chinese_are_told_from_others_in_every_token(text: str) -> None:
    tokens = ANNOTATOR.tokens(text, "zh")
    assert all(is_han(t.text) == all(map(is_han, t.text)) for t in tokens)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        pytest.param("minas de litio", ("2.5", "2.9"), id="a thing"),
        pytest.param("Sur", ("I",), id="as another name of the same key knows"),
        pytest.param("Banco del Sur", (), id="nothing known"),
        pytest.param("orden", (), id="what the document names"),
        pytest.param("perro", (), id="no thing"),
    ],
)
def test_a_thing_that_the_document_lacks_knows_the_closest_sections(
    text: str, near: tuple[str, ...]
) -> None:
    (token,) = STORED.tokens(text, "es")
    assert token.near == near
