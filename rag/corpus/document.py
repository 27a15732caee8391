"""The document as the rest of the program sees it."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.corpus import outline, sentences, source
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
    """How the text under the heading begins; guards against a wording that lands on another text."""
    evidence: str


def load(path: Path = source.BUNDLED, headings: Path = HEADINGS) -> Document:
    """The document of a source file, lost headings restored where their wording is known.

    Raises:
        SourceError: the file or the wordings cannot be used.
    """
    file = source.read(path)
    return build(file, _read_headings(headings))


def build(file: source.Source, wordings: tuple[LostHeading, ...] = ()) -> Document:
    """The document of a source text."""
    repaired = outline.repair(file.text)
    sections = tuple(_section(part, wordings) for part in repaired.parts)
    programmes = tuple(
        _programme(programme, sections, wordings) for programme in repaired.programmes
    )
    return Document(file.text, file.sha256, programmes, sections)


def _read_headings(path: Path) -> tuple[LostHeading, ...]:
    if not path.exists():
        return ()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(LostHeading.model_validate(entry) for entry in table.get("heading", []))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise SourceError(
            f"El archivo de encabezados {path} no es válido: {str(error).splitlines()[0]}.",
            remedy="Corríjalo o restáurelo con `git checkout -- rag/corpus/data`.",
        ) from error


def _wording(wordings: tuple[LostHeading, ...], key: str, text: str) -> LostHeading | None:
    return next((w for w in wordings if w.id == key and text.startswith(w.before)), None)


def _section(part: outline.Part, wordings: tuple[LostHeading, ...]) -> Section:
    paragraphs = tuple(_paragraphs(part))
    survives = part.heading if part.loss is None else None
    title, evidence = part.heading.title if part.heading else LOST_HEADING, part.loss
    if part.loss is not None:
        known = _wording(wordings, part.id, paragraphs[0].text if paragraphs else "")
        half = f"{LOST_HEADING}: … {part.heading.title}" if part.heading else LOST_HEADING
        title = known.title if known else half
        evidence = (
            f"{_sentence_case(part.loss)}. {known.evidence}"
            if known
            else f"{_sentence_case(part.loss)}."
        )
    return Section(
        id=part.id,
        programme=part.programme,
        number=part.number,
        title=title,
        restored=part.loss is not None,
        evidence=evidence,
        heading=_heading_sentence(part.id, survives) if survives else None,
        paragraphs=paragraphs,
    )


def _heading_sentence(section: str, heading: outline.Heading) -> Sentence:
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
    title, evidence = part.heading.title if part.heading else LOST_HEADING, None
    if part.loss is not None:
        first = members[0].paragraphs[0].text if members and members[0].paragraphs else ""
        known = _wording(wordings, str(part.number), first)
        title = known.title if known else LOST_HEADING
        evidence = (
            f"{_sentence_case(part.loss)}. {known.evidence}"
            if known
            else f"{_sentence_case(part.loss)}."
        )
    return Programme(
        number=part.number,
        title=title,
        restored=part.loss is not None,
        evidence=evidence,
        heading=Span(part.heading.line.start, part.heading.line.end) if part.heading else None,
        sections=tuple(section.id for section in members),
    )


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
