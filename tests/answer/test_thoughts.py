import time

import pytest

from rag.answer.protocol import read
from rag.answer.thoughts import tamed

row = pytest.param


@pytest.mark.parametrize(
    "reply",
    [
        row("A.\n" + " " * 20_000 + "x", id="blanks"),
        row("A" + "." * 20_000 + " x", id="stops"),
        row("。" * 20_000, id="Chinese stops"),
        row("\n" * 20_000 + "x", id="lines"),
        row("<think>" * 5_000 + "</thought>", id="tags"),
        row("| - " * 5_000, id="rules"),
    ],
)
def test_a_reply_that_loops_is_read_about_as_quickly_as_a_short_one(reply: str) -> None:
    started = time.perf_counter()
    read(reply)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u200b", "\x9b", "\ud83d", "\ue000", "\u2066"], ids=ascii
)
def test_characters_that_hide_what_is_shown_are_taken_out(hidden: str) -> None:
    assert tamed(f"Apoya{hidden} la paz") == "Apoya la paz"


def test_what_hides_in_json_is_taken_out_as_well() -> None:
    (statement,) = read('{"answer": "Apoya \\ud83d la paz \\u202e[4.1:2]."}').statements
    assert statement.text == "Apoya la paz."
