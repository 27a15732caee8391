"""The outline of the export, repaired: which programme and section each line of prose belongs to.

Headings survive as lines with a bookmark, `[bookmark: _Toc215743038]1. Programa de la solidaridad`. A lost one leaves up
to three signs: the next line begins with a space, a number is missing in the rising bookmark numbers, and the numbering
skips or restarts. No title and no line number stands in this module.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from rag.errors import SourceError

_LINE = re.compile(r"[^\r\n]+")
_MARGIN = " \t\u00a0\ufeff"
_BOOKMARK = re.compile(r"\[bookmark:\s*_Toc(\d+)\]")
_PROGRAMME = re.compile(r"(\d+)\.\s+(?=\S)")
_SECTION = re.compile(r"\((\d+)\)\s*(?=\S)")
_ROMAN = ("prologo", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
"""Ids of the parts before the first programme, which follow from their order alone."""

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
    number: int | None
    title: str


@dataclass(slots=True)
class Part:
    """A section of the repaired outline: its place, its heading or the signs of its loss, and its prose."""

    id: str
    programme: int | None
    number: int | None
    heading: Heading | None
    loss: str | None
    """The signs that its heading was lost, or half lost; `None` where it survives."""
    prose: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ProgrammePart:
    """A programme of the repaired outline."""

    number: int
    heading: Heading | None
    loss: str | None


@dataclass(frozen=True, slots=True)
class Outline:
    """Programmes and sections in document order."""

    programmes: tuple[ProgrammePart, ...]
    parts: tuple[Part, ...]


def repair(source: str) -> Outline:
    """The outline of the source, lost headings detected.

    Raises:
        SourceError: no headings at all, or the same programme or subsection twice.
    """
    lines = _scan(source)
    numbered = [
        i for i, line in enumerate(lines) if isinstance(line, Heading) and line.kind != "part"
    ]
    if not numbered:
        raise SourceError(
            "El documento no tiene encabezados con marcador y número.",
            remedy="Use la exportación original, con líneas como «[bookmark: _Toc…](1) Título».",
        )
    builder = _Builder()
    first = lines[numbered[0]]
    builder.add_front(lines[: numbered[0]], first if isinstance(first, Heading) else None)
    for here, following in pairwise([*numbered, len(lines)]):
        heading = lines[here]
        next_heading = lines[following] if following < len(lines) else None
        if isinstance(heading, Heading) and not isinstance(next_heading, Line):
            builder.add_heading(heading)
            builder.add_prose(lines[here + 1 : following], heading, next_heading)
    return builder.finish()


def _scan(source: str) -> list[Line | Heading]:
    """Every line that is not blank, margins cut off, headings recognised."""
    scanned: list[Line | Heading] = []
    for match in _LINE.finditer(source):
        raw = match.group()
        text = raw.strip(_MARGIN + "\v\f")
        if not text:
            continue
        start = match.start() + raw.index(text)
        number = source.count("\n", 0, start) + 1
        line = Line(number, start, start + len(text), text, is_indented=raw[0] in " \t\u00a0")
        bookmark = _BOOKMARK.match(text)
        scanned.append(_heading(line, bookmark) if bookmark else line)
    return scanned


def _heading(line: Line, bookmark: re.Match[str]) -> Heading:
    label = line.text[bookmark.end() :].strip()
    start = line.end - len(line.text[bookmark.end() :].lstrip())
    kind: HeadingKind = "part"
    number, title = None, label
    for candidate, pattern in (("programme", _PROGRAMME), ("section", _SECTION)):
        if match := pattern.match(label):
            kind = "programme" if candidate == "programme" else "section"
            number, title = int(match.group(1)), label[match.end() :]
    behind = Line(line.number, start, start + len(label), label, line.is_indented)
    return Heading(behind, int(bookmark.group(1)), kind, number, title)


class _Builder:
    """Walks through the lines and keeps the place, programme and number, that it has reached."""

    def __init__(self) -> None:
        self.programmes: list[ProgrammePart] = []
        self.parts: list[Part] = []
        self.programme = 0
        self.number = 0
        self.bookmark: int | None = None

    def add_front(self, lines: list[Line | Heading], below: Heading | None) -> None:
        """The parts before the first programme: each begins at the file's start, an indented line, or a heading."""
        for line in lines:
            if isinstance(line, Heading):
                half_lost = (
                    f"la línea {line.line.number} empieza con un espacio y le falta el comienzo"
                )
                self._open_front(line, half_lost if line.line.is_indented else None)
                self.bookmark = line.bookmark
                continue
            if line.is_indented or not self.parts:
                start = None if self.parts else "el archivo empieza sin encabezado"
                self._open_front(None, self._loss(line, self._gap(below), start))
            self.parts[-1].prose.append(line)

    def _open_front(self, heading: Heading | None, loss: str | None) -> None:
        if len(self.parts) == len(_ROMAN):
            raise SourceError(
                f"El documento tiene más de {len(_ROMAN)} partes antes del primer programa.",
                remedy="Revise las líneas que empiezan con un espacio.",
            )
        self.parts.append(Part(_ROMAN[len(self.parts)], None, None, heading, loss))

    def add_heading(self, heading: Heading) -> None:
        """A surviving numbered heading; where the numbering restarts under it, a programme's heading was lost above."""
        number = heading.number or self.number + 1
        if heading.kind == "programme":
            self._open_programme(number, heading, None)
            return
        gap = self._gap(heading)
        restarts = number <= self.number and number == 1 and gap != 0
        if (
            self.programme == 0
            or restarts
            or (heading.line.is_indented and number == 1 and self.number)
        ):
            loss = self._loss(heading.line, gap, f"la numeración empieza de nuevo en ({number})")
            self._open_programme(self.programme + 1, None, loss)
        self._open_section(number, heading, None)

    def add_prose(self, lines: list[Line | Heading], above: Heading, below: Heading | None) -> None:
        """The prose under a heading, opening a section at each line where one was lost."""
        self.bookmark = above.bookmark
        prose = [line for line in lines if isinstance(line, Line)]
        gap = self._gap(below)
        suspects = [line for line in prose if line.is_indented] if gap != 0 else []
        restart = self._restart(len(suspects), below)
        for line in prose:
            if line in suspects:
                self._open_lost(line, gap, below, restarts=suspects.index(line) == restart)
            self._append(line)

    def _restart(self, suspects: int, below: Heading | None) -> int | None:
        """Index of the suspect line that begins a new programme, so that the numbering fits the next heading."""
        if below is None or below.kind != "section" or below.number is None:
            return None
        if below.line.is_indented and below.number == 1:
            return None
        fits_without = self.number + suspects == below.number - 1
        index = suspects - below.number + 1
        return index if not fits_without and 0 <= index < suspects else None

    def _open_lost(
        self, line: Line, gap: int | None, below: Heading | None, *, restarts: bool
    ) -> None:
        jump = (
            f"la numeración sigue en ({below.number})"
            if below and below.kind == "section"
            else None
        )
        loss = self._loss(line, gap, jump)
        if restarts:
            self._open_programme(self.programme + 1, None, loss)
        self._open_section(self.number + 1, None, loss)

    def _append(self, line: Line) -> None:
        if not self.number:
            self._open_section(
                1, None, f"la línea {line.number} sigue al encabezado del programa sin subsección"
            )
        self.parts[-1].prose.append(line)

    def _open_programme(self, number: int, heading: Heading | None, loss: str | None) -> None:
        if any(programme.number == number for programme in self.programmes):
            raise _twice(f"el programa {number}", heading)
        self.programmes.append(ProgrammePart(number, heading, loss))
        self.programme, self.number = number, 0

    def _open_section(self, number: int, heading: Heading | None, loss: str | None) -> None:
        section_id = f"{self.programme}.{number}"
        if any(part.id == section_id for part in self.parts):
            raise _twice(f"la subsección {section_id}", heading)
        self.parts.append(Part(section_id, self.programme, number, heading, loss))
        self.number = number

    def _gap(self, below: Heading | None) -> int | None:
        """How many bookmark numbers are missing before the next heading; `None` where that cannot be told."""
        if below is None or self.bookmark is None or below.bookmark <= self.bookmark:
            return None
        return below.bookmark - self.bookmark - 1

    def _loss(self, line: Line, gap: int | None, numbering: str | None) -> str:
        signs = [f"la línea {line.number} empieza con un espacio"] if line.is_indented else []
        if gap and self.bookmark is not None:
            first, last = self.bookmark + 1, self.bookmark + gap
            signs.append(
                f"falta el marcador {first}"
                if gap == 1
                else f"faltan los marcadores {first}–{last}"
            )
        return "; ".join([*signs, numbering] if numbering else signs)

    def finish(self) -> Outline:
        return Outline(tuple(self.programmes), tuple(self.parts))


def _twice(what: str, heading: Heading | None) -> SourceError:
    line = f" (línea {heading.line.number})" if heading else ""
    return SourceError(
        f"El documento contiene dos veces {what}{line}.",
        remedy="Quite la repetición o restaure el archivo con `git checkout -- rag/corpus/data`.",
    )
