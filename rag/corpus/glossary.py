"""The document's concepts and names in four languages: what counts as naming the same thing."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import SourceError

GLOSSARY = Path(__file__).parent / "data" / "glossary.toml"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    es: list[str]
    en: list[str] = []
    pt: list[str] = []
    zh: list[str] = []
    also: list[str] = []


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept or proper name."""

    forms: tuple[str, ...]
    """The word family as it stands in the document."""
    synonyms: tuple[str, ...]
    """What people call it, in any language."""


def load(path: Path = GLOSSARY) -> tuple[Concept, ...]:
    """The curated concepts.

    Raises:
        SourceError: the file is not valid.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        entries = [_Entry.model_validate(entry) for entry in table.get("entry", [])]
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise SourceError(
            f"El glosario {path} no es válido: {str(error).splitlines()[0]}.",
            remedy="Corríjalo o restáurelo con `git checkout -- rag/corpus/data`.",
        ) from error
    return tuple(
        Concept(tuple(e.es), tuple([*e.es, *e.en, *e.pt, *e.zh, *e.also])) for e in entries
    )
