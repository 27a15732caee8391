import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.conversations.folding import MAX_WORD, MAX_WORDS, fold, terms


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ENERGÍA Nuclear", "energia nuclear"),
        ("Cooperação em áreas", "cooperacao em areas"),
        ("ＡＩ 中国", "ai 中国"),
        ("e\u0301xito", "exito"),
        ("Straße", "strasse"),
        ("𝗔𝗜", "ai"),
        ("**a** \\(5\\)\n> «b»", "a (5) «b»"),
    ],
)
def test_case_accents_and_marks_do_not_count(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_what_is_folded_changes_only_marks(text: str) -> None:
    plain = fold(text).replace("\\", "").replace("*", "").replace(">", "")
    assert fold(plain) == " ".join(plain.split())


def test_a_query_is_limited_in_words_and_in_their_length() -> None:
    found = terms(" ".join(["palabra" * 100] * 100))
    assert (len(found), len(found[0])) == (MAX_WORDS, MAX_WORD)
