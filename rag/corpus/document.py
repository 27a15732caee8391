"""The document as the rest of the program sees it."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.corpus import outline, sentences, source
from rag.corpus.lines import Heading
from rag.domain import Document, Paragraph, Programme, Section, Sentence, Span
from rag.errors import SourceError

HEADINGS = Path(__file__).parent / "data" / "headings.toml"
"""The reviewed wording of the lost headings."""

LOST_HEADING = "encabezado perdido"
"""What stands for a heading whose wording is not known."""


class LostHeading(BaseModel):
    """An entry of `headings.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    before: str
    """How the text under the heading begins, so that the wording never lands on another text."""
    evidence: str


class _Headings(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    heading: tuple[LostHeading, ...] = ()


def load(path: Path = source.BUNDLED, headings: Path = HEADINGS) -> Document:
    """The document of a source file, lost headings restored where their wording is known.

    Raises:
        SourceError: the file or the wordings cannot be used.
    """
    file = source.read(path)
    return build(file, reviewed_headings(headings))


def build(file: source.Source, wordings: tuple[LostHeading, ...] = ()) -> Document:
    """The document of a source text."""
    repaired = outline.repair(file.text)
    sections = tuple(_section(part, wordings) for part in repaired.parts)
    programmes = tuple(
        _programme(programme, sections, wordings) for programme in repaired.programmes
    )
    return Document(file.text, file.sha256, programmes, sections)


def reviewed_headings(path: Path = HEADINGS) -> tuple[LostHeading, ...]:
    """The entries of the file; none where there is no file.

    Raises:
        SourceError: the file is not valid.
    """
    if not path.exists():
        return ()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return _Headings.model_validate(table).heading
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise SourceError(
            f"El archivo de encabezados {path} no es válido: {str(error).splitlines()[0]}.",
            remedy="Corríjalo o restáurelo con `git checkout -- rag/corpus/data`.",
        ) from error


def _wording(wordings: tuple[LostHeading, ...], key: str, text: str) -> LostHeading | None:
    return next((w for w in wordings if w.id == key and text.startswith(w.before)), None)


def _section(part: outline.Part, wordings: tuple[LostHeading, ...]) -> Section:
    paragraphs = tuple(_paragraphs(part))
    first = paragraphs[0].text if paragraphs else ""
    title, evidence = _title(part.heading, part.loss, _wording(wordings, part.id, first))
    survives = part.loss is None or not paragraphs
    return Section(
        id=part.id,
        programme=part.programme,
        number=part.number,
        title=title,
        restored=part.loss is not None,
        evidence=evidence,
        heading=_heading_sentence(part.id, part.heading) if part.heading and survives else None,
        paragraphs=paragraphs,
    )


def _title(
    heading: Heading | None, loss: str | None, known: LostHeading | None
) -> tuple[str, str | None]:
    """Title and evidence: as it stands where it survives, else its reviewed wording, if any."""
    rest = heading.title if heading else ""
    if loss is None:
        return rest, None
    signs = f"{loss[:1].upper()}{loss[1:]}."
    if known:
        return known.title, f"{signs} {known.evidence}"
    return f"{LOST_HEADING}: … {rest}" if rest else LOST_HEADING, signs


def _heading_sentence(section: str, heading: Heading) -> Sentence:
    line = heading.line
    return Sentence(f"{section}:0", section, 0, 0, line.start, line.end, line.text)


def _paragraphs(part: outline.Part) -> list[Paragraph]:
    paragraphs, ordinal = [], 0
    for number, line in enumerate(part.prose, start=1):
        members = []
        for start, end in sentences.split(line.text):
            ordinal += 1
            span = Span(line.start + start, line.start + end)
            text = line.text[start:end]
            members.append(
                Sentence(
                    f"{part.id}:{ordinal}", part.id, ordinal, number, span.start, span.end, text
                )
            )
        paragraphs.append(Paragraph(number, line.start, line.end, line.text, tuple(members)))
    return paragraphs


def _programme(
    part: outline.ProgrammePart, sections: tuple[Section, ...], wordings: tuple[LostHeading, ...]
) -> Programme:
    members = [section for section in sections if section.programme == part.number]
    first = members[0].paragraphs[0].text if members and members[0].paragraphs else ""
    known = _wording(wordings, str(part.number), first)
    title, evidence = _title(part.heading, part.loss, known)
    return Programme(
        number=part.number,
        title=title,
        restored=part.loss is not None,
        evidence=evidence,
        heading=Span(part.heading.line.start, part.heading.line.end) if part.heading else None,
        sections=tuple(section.id for section in members),
    )
