"""A conversation as Markdown: only our own marks are marks."""

import re
from collections.abc import Iterator
from itertools import groupby

from rag.conversations.conversation import Conversation
from rag.conversations.exports.content import Part, Receipts, Source, content
from rag.conversations.exports.markup import Block, Run
from rag.conversations.exports.words import Words
from rag.domain import Language

_MARKS = re.compile(
    r"([\\`*_{}\[\]<>#|~$&@^=]|(?<=www)\.|:(?=//)|^[-+](?=\s|$)|(?<=^\d)[.)](?=\s|$)|(?<=^\d\d)[.)](?=\s|$))",
    re.IGNORECASE,
)
"""What Markdown interprets, and what it would make addresses, lists and rules of."""


def write(conversation: Conversation, receipts: Receipts, language: Language) -> bytes:
    """The file."""
    said = content(conversation, receipts, language)
    parts = [
        f"# {literal(said.title)}",
        f"{literal(said.begun)}. {literal(said.words['about'])}",
        *(text for part in said.parts for text in _turn(part, said.words)),
        *_receipts(said.parts, said.words),
    ]
    return ("\n\n".join(parts) + "\n").encode()


def literal(text: str) -> str:
    r"""The text on one line, with nothing left for Markdown to interpret.

    >>> literal("- <b> [a](http://x)\n1. *x*")
    '\\- \\<b\\> \\[a\\](http\\://x) 1. \\*x\\*'
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _turn(part: Part, words: Words) -> Iterator[str]:
    yield f"## {literal(part.heading)}"
    yield f"**{literal(part.question)}**"
    for kind, group in groupby(part.answer, key=lambda block: block.kind):
        yield ("\n" if kind in ("bullet", "number") else "\n\n").join(map(_block, group))
    yield "\n".join(f"*{literal(note)}*  " for note in part.notes).rstrip()
    yield from _listing(words["sources"], map(_source, part.sources))
    yield from _listing(words["sentences"], (f"- {literal(text)}" for text in part.unsupported))
    yield from _listing(words["rejected_sources"], (f"- «{literal(q)}»" for q in part.rejected))


def _listing(title: str, lines: Iterator[str]) -> tuple[str, ...]:
    text = "\n".join(lines)
    return (f"### {title}", text) if text else ()


def _source(source: Source) -> str:
    notes = " · ".join(map(literal, source.notes))
    return f"- {literal(source.breadcrumb)}  \n  «{literal(source.quote)}»  \n  {notes}"


def _block(block: Block) -> str:
    text = "".join(map(_run, block.runs))
    begin = {"quote": "> ", "bullet": "- ", "number": f"{block.marker} ", "heading": "### "}
    return begin.get(block.kind, "") + text


def _run(run: Run) -> str:
    """Marks stand close to the words, or they would be none."""
    inner = literal(run.text)
    mark = "*" * (2 * run.is_bold + run.is_italic)
    before = " " if run.text[:1].isspace() else ""
    after = " " if run.text[-1:].isspace() and inner else ""
    return f"{before}{mark}{inner}{mark}{after}" if inner else before


def _receipts(parts: tuple[Part, ...], words: Words) -> Iterator[str]:
    kept = [part for part in parts if part.receipt]
    if kept:
        yield f"## {words['receipts']}"
        yield literal(words["receipt_note"])
    for part in kept:
        yield f"### {literal(part.receipt_heading)}"
        yield f"```json\n{part.receipt}\n```"
