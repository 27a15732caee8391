import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.search.packing import packed, unpacked
from tests.search.stored import stored

LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1))
"""Line separators other than the line feed too: they are part of a line."""


@given(LINES)
@example(["a\rb", "c\x85d", "e\u2028f", "g\x00"])
def test_unpacking_gives_back_the_lines(lines: list[str]) -> None:
    assert unpacked(packed(lines)) == lines


@given(LINES)
def test_packed_lines_survive_a_file(lines: list[str]) -> None:
    assert unpacked(stored({"lines": packed(lines)})["lines"]) == lines


@pytest.mark.parametrize("lines", [["", "paz"], ["paz", ""], ["a", "", "b"]], ids=repr)
def test_an_empty_line_among_others_is_kept(lines: list[str]) -> None:
    assert unpacked(packed(lines)) == lines


def test_no_lines_are_an_empty_array() -> None:
    assert packed([]).size == 0


def test_packed_lines_are_bytes_of_utf8() -> None:
    assert np.array_equal(packed(["ñ", "中"]), list("ñ\n中".encode()))
