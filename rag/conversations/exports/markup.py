r"""The Markdown of answers, read: blocks of plain text with bold and italic stretches in them.

Answers use paragraphs, quotations, lists, bold and italic, and a backslash before what is meant
literally. Whatever else Markdown knows (links, images, HTML) stays the text that it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["paragraph", "heading", "bullet", "number", "quote"]

UNSEEN = re.compile(
    r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    r"|[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
"""What XML forbids, and what steers a reader's eye."""

_LINE = re.compile(
    r"(?P<quote>> ?)|(?P<heading>#{1,6} )|(?P<bullet>[-+*] )|(?P<number>\d{1,9}[.)] )"
)
_INLINE = re.compile(
    r"\\(?P<literal>[!-/:-@\[-`{-~])"
    r"|\*\*(?P<bold>(?:\\.|[^*\\])+)\*\*"
    r"|\*(?P<italic>(?:\\.|[^*\\])+)\*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look."""

    text: str
    is_bold: bool = False
    is_italic: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or what is set apart like one."""

    kind: Kind
    runs: tuple[Run, ...]
    marker: str = ""
    """Of a numbered item: its number as written."""


def seen(text: str) -> str:
    r"""The text without what cannot be seen or written to XML.

    >>> seen("a\x00\x1b\u202eb\ud800c\nd")
    'abc\nd'
    """
    return UNSEEN.sub("", text)


def blocks(markdown: str) -> tuple[Block, ...]:
    r"""The blocks of an answer; lines that nothing parts belong together.

    >>> [(b.kind, b.runs[0].text) for b in blocks("a\nb\n\n> «c» \\[2.5:1\\]\n- d")]
    [('paragraph', 'a b'), ('quote', '«c» [2.5:1]'), ('bullet', 'd')]
    """
    return tuple(_block(kind, marker, text) for kind, marker, text in _lines(seen(markdown)))


def _lines(markdown: str) -> Iterator[tuple[Kind, str, str]]:
    """Kind, marker and text of every block."""
    waiting: list[str] = []
    for line in [*markdown.splitlines(), ""]:
        found = _LINE.match(line.strip())
        if waiting and (found or not line.strip()):
            yield "paragraph", "", " ".join(waiting)
            waiting = []
        if found:
            yield _kind(found.lastgroup), found[0].strip(), line.strip()[found.end() :]
        elif line.strip():
            waiting.append(line.strip())


def _kind(group: str | None) -> Kind:
    match group:
        case "quote" | "heading" | "bullet" | "number":
            return group
        case _:
            return "paragraph"


def _block(kind: Kind, marker: str, text: str) -> Block:
    return Block(kind, tuple(_runs(text)), marker if kind == "number" else "")


def _runs(text: str, *, is_bold: bool = False, is_italic: bool = False) -> Iterator[Run]:
    """The stretches of one look, in order, none of them empty."""
    plain, end = "", 0
    for found in _INLINE.finditer(text):
        plain += text[end : found.start()] + (found["literal"] or "")
        end = found.end()
        inner = found["bold"] or found["italic"]
        if inner is None:
            continue
        if plain:
            yield Run(plain, is_bold, is_italic)
            plain = ""
        yield from _runs(
            inner,
            is_bold=is_bold or found["bold"] is not None,
            is_italic=is_italic or found["italic"] is not None,
        )
    if plain + text[end:]:
        yield Run(plain + text[end:], is_bold, is_italic)
