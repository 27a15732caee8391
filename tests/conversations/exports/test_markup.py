import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.conversations.exports.markup import Block, Run, blocks


def plain(block: Block) -> str:
    """The text of a block."""
    return "".join(run.text for run in block.runs)


def test_paragraphs_quotes_and_lists_are_told_apart() -> None:
    found = blocks("Uno\ndos\n\n> «tres» \\[2.5:1\\]\n\n- cuatro\n- cinco\n1. seis\n\n## siete")
    assert [(block.kind, plain(block)) for block in found] == [
        ("paragraph", "Uno dos"),
        ("quote", "«tres» [2.5:1]"),
        ("bullet", "cuatro"),
        ("bullet", "cinco"),
        ("number", "seis"),
        ("heading", "siete"),
    ]
    assert found[4].marker == "1."


def test_bold_and_italic_are_looks_of_their_stretch() -> None:
    (block,) = blocks("a **b \\* c** d *(e)* **f**")
    assert block.runs == (
        Run("a "),
        Run("b * c", is_bold=True),
        Run(" d "),
        Run("(e)", is_italic=True),
        Run(" "),
        Run("f", is_bold=True),
    )


@pytest.mark.parametrize(
    "text", ["[a](http://x)", "![a](http://x)", "<b>a</b>", "`a`", "a*b", "**a", "a | b", ":red[a]"]
)
def test_unknown_markup_stays_text(text: str) -> None:
    assert blocks(text) == (Block("paragraph", (Run(text),)),)


@given(st.text(st.characters(codec="utf-8")))
def test_no_text_is_made_up_and_nothing_but_marks_is_lost(text: str) -> None:
    kept = "".join(plain(block) for block in blocks(text))
    letters = [c for c in text if c.isalpha()]
    assert [c for c in kept if c.isalpha()] == letters


@given(st.text())
def test_no_run_is_empty(text: str) -> None:
    assert all(run.text for block in blocks(text) for run in block.runs)
