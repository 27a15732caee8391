"""Things and names that people ask for and the document may lack, in four languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.domain import Language
from rag.errors import SourceError

GAZETTEER = Path(__file__).parent / "data" / "gazetteer.jsonl"

Kind = Literal[
    "topic",
    "product",
    "company",
    "person",
    "place",
    "organisation",
    "treaty",
    "document",
    "project",
    "event",
    "law",
    "illness",
    "crime",
    "technology",
    "money",
]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    es: list[str]
    en: list[str]
    pt: list[str]
    zh: list[str]
    covered_by: list[str] = []
    near: list[str] = []


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that has a name."""

    kind: Kind
    names: tuple[tuple[Language, tuple[str, ...]], ...]
    """What it is called, per language, the usual name first."""
    covered_by: tuple[str, ...]
    """Sections that speak of the class it belongs to: those on minerals, for lithium."""
    near: tuple[str, ...] = ()
    """Sections that come closest where none speaks of its class: consular affairs, for adoption."""

    def forms(self) -> Iterator[tuple[str, Language]]:
        """Every name with its language."""
        return ((form, language) for language, forms in self.names for form in forms)


def load(path: Path = GAZETTEER) -> tuple[Thing, ...]:
    """The curated things.

    Raises:
        SourceError: the file is not valid.
    """
    try:
        lines = [_Line.model_validate_json(line) for line in path.read_bytes().splitlines()]
    except (OSError, ValidationError) as error:
        raise SourceError(
            f"El archivo {path} no es válido: {str(error).splitlines()[0]}.",
            remedy="Corríjalo o restáurelo con `git checkout -- rag/corpus/data`.",
        ) from error
    return tuple(_thing(line) for line in lines)


def _thing(line: _Line) -> Thing:
    names: list[tuple[Language, tuple[str, ...]]] = [
        ("es", tuple(line.es)),
        ("en", tuple(line.en)),
        ("pt", tuple(line.pt)),
        ("zh", tuple(line.zh)),
    ]
    return Thing(line.kind, tuple(names), tuple(line.covered_by), tuple(line.near))
