"""The analytical index: words and questions in four languages that lead to sections and sentences.

Curated data, one TOML file per section, keyed by the section's title so that it follows a title
that moves to another number in another edition of the document.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.domain import Document, Language, Section
from rag.errors import SourceError

FOLDER = Path(__file__).parent / "data" / "analytical_index"

ARROW = "→"
"""Between an entry and the ordinals of the sentences it points at: `aguacate → 4`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A term, or a question that people ask, with the place it leads to."""

    text: str
    language: Language
    section: str
    sentences: tuple[str, ...]
    """Ids of the sentences it is about; empty where it is about the section as a whole."""


@dataclass(frozen=True, slots=True)
class AnalyticalIndex:
    """Everything that the index files say about a document."""

    terms: tuple[Entry, ...]
    questions: tuple[Entry, ...]


class SectionFile(BaseModel):
    """One file of the folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    terms: dict[Language, list[str]]
    questions: dict[Language, list[str]]


def load(document: Document, folder: Path = FOLDER) -> AnalyticalIndex:
    """The entries that lead into the document.

    Raises:
        SourceError: a file is not valid.
    """
    placed = [(section, file) for file in files(folder) if (section := _place(document, file))]
    return AnalyticalIndex(
        terms=tuple(entry for section, file in placed for entry in _entries(section, file.terms)),
        questions=tuple(e for section, file in placed for e in _entries(section, file.questions)),
    )


def files(folder: Path = FOLDER) -> list[SectionFile]:
    """The files of the folder as they stand.

    Raises:
        SourceError: a file is not valid.
    """
    return [_read(path) for path in sorted(folder.glob("*.toml"))]


def by_section(entries: Iterable[Entry]) -> Mapping[str, list[tuple[str, Language]]]:
    """Section id → the entries' texts with their languages."""
    grouped: dict[str, list[tuple[str, Language]]] = defaultdict(list)
    for entry in entries:
        grouped[entry.section].append((entry.text, entry.language))
    return grouped


def by_sentence(entries: Iterable[Entry]) -> Mapping[str, list[tuple[str, Language]]]:
    """Sentence id → texts and languages of the entries that point at it."""
    grouped: dict[str, list[tuple[str, Language]]] = defaultdict(list)
    for entry in entries:
        for sentence in entry.sentences:
            grouped[sentence].append((entry.text, entry.language))
    return grouped


def _read(path: Path) -> SectionFile:
    try:
        return SectionFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise SourceError(
            f"El archivo {path} del índice analítico no es válido: {str(error).splitlines()[0]}.",
            remedy="Corríjalo o restáurelo con `git checkout -- rag/corpus/data`.",
        ) from error


def _place(document: Document, file: SectionFile) -> Section | None:
    """The section of that title; where no title survives, the section of that number."""
    for section in document.sections:
        if section.title == file.title:
            return section
    here = document.section_by_id.get(file.id)
    return here if here is not None and here.restored else None


def _entries(section: Section, listing: dict[Language, list[str]]) -> Iterator[Entry]:
    known = {sentence.id for sentence in section.sentences}
    for language, lines in listing.items():
        for line in lines:
            text, _, ordinals = line.partition(ARROW)
            ids = tuple(f"{section.id}:{ordinal}" for ordinal in ordinals.split())
            pointed = tuple(id_ for id_ in ids if id_ in known)
            yield Entry(text.strip(), language, section.id, pointed)
