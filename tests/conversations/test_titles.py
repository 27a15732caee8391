import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.conversations.conversation import MAX_TITLE
from rag.conversations.titles import SHORT, cleaned, from_question


@given(st.text(st.characters(exclude_categories=[])))
def test_a_title_is_one_line_of_what_can_be_seen(text: str) -> None:
    title = cleaned(text)
    assert len(title) <= MAX_TITLE
    assert title == title.strip()
    assert not {"\n", "\0", "\u202e", "\x1b", "\ud800"} & set(title)


def test_a_long_question_is_cut_between_words() -> None:
    question = (
        "¿Qué dice el documento de la cooperación en materia de energía nuclear con Argentina?"
    )
    title = from_question(question)
    assert title == "¿Qué dice el documento de la cooperación en materia de…"


def test_a_question_without_spaces_is_cut_all_the_same() -> None:
    assert from_question("中" * 100) == "中" * SHORT + "…"


@pytest.mark.parametrize("question", ["Becas", "中国 的政策"])
def test_a_short_question_is_its_own_title(question: str) -> None:
    assert from_question(question) == question
