"""The outline of the export, repaired: the programme and section of each line of prose.

Headings survive as lines with a bookmark, `[bookmark: _Toc215743038]1. Programa de la solidaridad`.
A lost one leaves up to three signs: the next line begins with a space, a number is missing in the
rising bookmark numbers, and the numbering skips or restarts. No title and no line number stands in
this module.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from rag.corpus.lines import Heading, Line, scan
from rag.errors import SourceError

_ROMAN = ("prologo", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
"""Ids of the parts before the first programme, which follow from their order alone."""


@dataclass(slots=True)
class Part:
    """A section of the repaired outline: its heading or the signs of its loss, and its prose."""

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
        SourceError: no numbered heading at all, or one of them twice.
    """
    lines = scan(source)
    headings = [(i, line) for i, line in enumerate(lines) if isinstance(line, Heading)]
    first = next((n for n, (_, heading) in enumerate(headings) if heading.kind != "part"), None)
    if first is None:
        raise SourceError(
            "El documento no tiene encabezados con marcador y número.",
            remedy="Use la exportación original, con líneas como «[bookmark: _Toc…](1) Título».",
        )
    _require_distinct([heading for _, heading in headings])
    builder = _Builder()
    builder.add_front(lines[: headings[first][0]], headings[first][1])
    for (here, heading), (there, below) in pairwise([*headings[first:], (len(lines), None)]):
        if heading is not None:
            builder.add_heading(heading)
            prose = [line for line in lines[here + 1 : there] if isinstance(line, Line)]
            builder.add_prose(prose, heading, below)
    return builder.finish()


def _require_distinct(headings: list[Heading]) -> None:
    """A bookmark is unique in an export: twice the same one is a part that was pasted twice."""
    seen: dict[int, Heading] = {}
    for heading in headings:
        if heading.bookmark in seen:
            raise _twice(f"el encabezado «{heading.line.text}»", heading)
        seen[heading.bookmark] = heading


class _Builder:
    """Walks through the lines and keeps the place, programme and number, that it has reached."""

    def __init__(self) -> None:
        self.programmes: list[ProgrammePart] = []
        self.parts: list[Part] = []
        self.programme = 0
        self.number = 0
        self.bookmark: int | None = None

    def add_front(self, lines: list[Line | Heading], below: Heading | None) -> None:
        """The parts before the first programme.

        Each begins at the start of the file, at an indented line, or at a heading.
        """
        for line in lines:
            if isinstance(line, Heading):
                self._open_front(line, _half_lost(line) if line.line.is_indented else None)
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
        """A surviving heading; where the numbering restarts, a programme's was lost above it."""
        if heading.kind == "programme" and heading.number is not None:
            self._open_programme(heading.number, heading, None)
            return
        number = self.number + 1 if heading.number is None else heading.number
        gap = self._gap(heading)
        is_loss_shown = gap or heading.line.is_indented
        is_pasted = self._repeats(heading) and not heading.line.is_indented
        restarts = number == 1 and self.number > 0 and is_loss_shown and not is_pasted
        if self.programme == 0 or restarts:
            loss = self._loss(heading.line, gap, f"la numeración empieza de nuevo en ({number})")
            self._open_programme(self.programme + 1, None, loss)
        self._open_section(number, heading, _half_lost(heading) if heading.number is None else None)

    def _repeats(self, heading: Heading) -> bool:
        """Whether the programme already has this subsection, under the same title."""
        return any(
            part.heading is not None
            and (part.programme, part.number) == (self.programme, heading.number)
            and part.heading.title == heading.title
            for part in self.parts
        )

    def add_prose(self, prose: list[Line], above: Heading, below: Heading | None) -> None:
        """The prose under a heading, opening a section at each line where one was lost."""
        self.bookmark = above.bookmark
        gap = self._gap(below)
        suspects = [line for line in prose if line.is_indented] if gap != 0 else []
        restart = self._restart(len(suspects), below)
        for line in prose:
            if line in suspects:
                self._open_lost(line, gap, below, restarts=suspects.index(line) == restart)
            self._append(line)

    def _restart(self, suspects: int, below: Heading | None) -> int | None:
        """Index of the suspect line that begins a programme, so that the next number fits."""
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
        """Bookmark numbers missing before the next heading; `None` where that cannot be told."""
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


def _half_lost(heading: Heading) -> str:
    sign = "empieza con un espacio y le falta" if heading.line.is_indented else "no tiene número ni"
    return f"la línea {heading.line.number} {sign} el comienzo"


def _twice(what: str, heading: Heading | None) -> SourceError:
    line = f" (línea {heading.line.number})" if heading else ""
    return SourceError(
        f"El documento contiene dos veces {what}{line}.",
        remedy="Quite la repetición o restaure el archivo con `git checkout -- rag/corpus/data`.",
    )
