"""The document's concepts and names in four languages: what counts as naming the same thing."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from rag.domain import LANGUAGES, Language
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
    names: tuple[tuple[str, Language], ...]
    """What people call it, with the language."""


def load(path: Path = GLOSSARY) -> tuple[Concept, ...]:
    """The curated concepts.

    Raises:
        SourceError: the file is not valid.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        entries = [_Entry.model_validate(entry) for entry in table.get("entry", [])]
    except (OSError, TypeError, ValueError) as error:
        raise SourceError(
            f"El glosario {path} no es válido: {str(error).splitlines()[0]}.",
            remedy="Corríjalo o restáurelo con `git checkout -- rag/corpus/data`.",
        ) from error
    return tuple(Concept(tuple(entry.es), tuple(_names(entry))) for entry in entries)


def _names(entry: _Entry) -> Iterator[tuple[str, Language]]:
    by_language = {"es": [*entry.es, *entry.also], "en": entry.en, "pt": entry.pt, "zh": entry.zh}
    for language in LANGUAGES:
        yield from ((name, language) for name in by_language[language])
