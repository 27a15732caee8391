"""The lines of the export: headings, which carry a bookmark, and prose."""

import re
from dataclasses import dataclass
from typing import Literal

_LINE = re.compile(r"[^\r\n]+")
_MARGIN = " \t\u00a0\ufeff\v\f"
_INDENT = " \t\u00a0"
_BOOKMARK = re.compile(r"\[bookmark:\s*_Toc(\d+)\]")
_PROGRAMME = re.compile(r"(\d+)\.\s+(?=\S)")
_SECTION = re.compile(r"\((\d+)\)\s*(?=\S)")

HeadingKind = Literal["programme", "section", "part"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source without its margin; `source[start:end]` is its text."""

    number: int
    start: int
    end: int
    text: str
    is_indented: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A line with a bookmark. `line` begins behind the bookmark."""

    line: Line
    bookmark: int
    kind: HeadingKind
    """What its number makes it; a `part` has none."""
    number: int | None
    title: str


def scan(source: str) -> list[Line | Heading]:
    """Every line that is not blank, in order, margins cut off, headings recognised."""
    scanned: list[Line | Heading] = []
    number, counted = 1, 0
    for match in _LINE.finditer(source):
        raw = match.group()
        text = raw.strip(_MARGIN)
        if not text:
            continue
        start = match.start() + raw.index(text)
        number, counted = number + source.count("\n", counted, start), start
        line = Line(number, start, start + len(text), text, raw.lstrip("\ufeff")[0] in _INDENT)
        bookmark = _BOOKMARK.match(text)
        scanned.append(_heading(line, bookmark) if bookmark else line)
    return scanned


def _heading(line: Line, bookmark: re.Match[str]) -> Heading:
    label = line.text[bookmark.end() :].lstrip()
    start = line.end - len(label)
    behind = Line(line.number, start, line.end, label, line.is_indented)
    toc = int(bookmark.group(1))
    if match := _PROGRAMME.match(label):
        return Heading(behind, toc, "programme", int(match.group(1)), label[match.end() :])
    if match := _SECTION.match(label):
        return Heading(behind, toc, "section", int(match.group(1)), label[match.end() :])
    return Heading(behind, toc, "part", None, label)
