import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.search.grammar import SECTION, Token, role_of, tokens
from rag.search.normalisation import clean, fold, is_han
from rag.search.patterns import tables

FOLDED = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(["第二", "工程", "节", "programa", "3", "º", " ", ",", "和", "锂"])
    ).map("".join),
).map(lambda text: fold(clean(text)))

GRAMMAR = tables("references")
CHINESE = sorted(
    {
        word
        for family in [*GRAMMAR["words"].values(), *GRAMMAR["name"].values()]
        for word in family.split("|")
        if is_han(word)
    }
)


def roles(text: str) -> list[tuple[str, str]]:
    return [(token.text, token.role) for token in tokens(text)]


def valued(text: str) -> tuple[str, int]:
    (token,) = tokens(text)
    return token.role, token.value


@given(FOLDED)
@example("第二工程第三节和平")
def test_tokens_stand_where_they_say(text: str) -> None:
    found = tokens(text)
    assert [text[t.start : t.start + len(t.text)] for t in found] == [t.text for t in found]


@given(FOLDED)
@example("第二工程第三节和平")
def test_tokens_hold_everything_but_white_space_and_underscores(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == re.sub(r"[\s_]", "", text)


@given(FOLDED)
def test_only_the_number_of_a_section_is_marked_from_the_start(text: str) -> None:
    assert {token.mark for token in tokens(text) if token.role != "id"} <= {None}


@pytest.mark.parametrize(
    ("word", "role", "value"),
    [
        ("paz", "name", 4),
        ("civilizaciones", "name", 3),
        ("peoples", "name", 5),
        ("发展", "name", 2),
        ("primera", "ordinal", 1),
        ("second", "ordinal", 2),
        ("iv", "ordinal", 4),
        ("last", "ordinal", -1),
        ("第十七", "ordinal", 17),
        ("3rd", "ordinal", 3),
        ("2o", "ordinal", 2),
        ("第12", "ordinal", 12),
        ("four", "cardinal", 4),
        ("dezessete", "cardinal", 17),
        ("12", "cardinal", 12),
        ("五", "cardinal", 5),
    ],
)
def test_a_numeral_or_the_name_of_a_programme_has_its_value(
    word: str, role: str, value: int
) -> None:
    assert valued(word) == (role, value)


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("programas", "programme"),
        ("工程", "programme"),
        ("subsecciones", "section"),
        ("chapters", "section"),
        ("节", "section"),
        ("partes", "part"),
        ("部分", "part"),
        ("prologo", "front"),
        ("foreword", "front"),
        ("序言", "front"),
        ("y", "join"),
        (",", "join"),
        ("以及", "join"),
        ("del", "link"),
        ("(", "link"),
        ("litio", "other"),
        ("?", "other"),
    ],
)
def test_a_word_has_the_role_of_its_family(word: str, role: str) -> None:
    assert roles(word) == [(word, role)]


@pytest.mark.parametrize("word", ["programacion", "pazos", "primeramente", "puntual", "yo"])
def test_a_family_matches_whole_words_only(word: str) -> None:
    assert roles(word) == [(word, "other")]


def test_the_marked_number_of_a_section_is_one_token() -> None:
    assert tokens("§2.17") == [Token("§2.17", 0, "id", 0, SECTION)]


@pytest.mark.parametrize("word", CHINESE)
def test_no_chinese_word_of_the_grammar_is_cut_or_strange(word: str) -> None:
    assert [(t.text, t.role != "other") for t in tokens(f"锂{word}锂")] == [
        ("锂", False),
        (word, True),
        ("锂", False),
    ]


def test_a_run_of_chinese_is_cut_at_the_words_of_the_grammar() -> None:
    assert roles("发展工程第三节讲锂") == [
        ("发展", "name"),
        ("工程", "programme"),
        ("第三", "ordinal"),
        ("节", "section"),
        ("讲锂", "other"),
    ]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("dos povos", "link"),
        ("um desenvolvimento", "link"),
        ("2 povos", "cardinal"),
        ("dos y", "cardinal"),
        ("dos", "cardinal"),
        ("second peace", "ordinal"),
    ],
    ids=["article", "another article", "digits", "no name after", "last word", "ordinal"],
)
def test_a_numeral_in_letters_is_an_article_before_a_name(text: str, role: str) -> None:
    assert role_of(tokens(text), 0) == role


@given(st.integers(0, 9999), st.sampled_from(["", "st", "nd", "rd", "th", "er", "o", "a"]))
def test_digits_have_their_value_with_any_ending(number: int, ending: str) -> None:
    assert valued(f"{number}{ending}") == ("ordinal" if ending else "cardinal", number)


def test_a_number_of_thousands_of_digits_is_cut_and_does_no_harm() -> None:
    assert "".join(token.text for token in tokens("9" * 5000)) == "9" * 5000
