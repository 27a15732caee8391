"""The document's proper names by class: forums, funds, centres, initiatives and more."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from rag.domain import Document, Sentence
from rag.errors import SourceError

NAMES = Path(__file__).parent / "data" / "names.toml"

_Table = TypeAdapter(dict[str, list[str]])


def read(path: Path = NAMES) -> Mapping[str, list[str]]:
    """Class → names, as curated.

    Raises:
        SourceError: the file is not valid.
    """
    try:
        return _Table.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise SourceError(
            f"La lista de nombres {path} no es válida: {str(error).splitlines()[0]}.",
            remedy="Corríjala o restáurela con `git checkout -- rag/corpus/data`.",
        ) from error


def occurrences(document: Document, names: list[str]) -> list[tuple[str, Sentence]]:
    """Each name with every heading and sentence that holds it, in document order.

    A name that stands only as part of a longer one of the same list is not counted there. Where a
    restored heading holds the name, the section's first sentence stands for it.
    """
    found: list[tuple[str, Sentence]] = []
    for section in document.sections:
        if section.heading is None and section.restored and section.sentences:
            found.extend((name, section.sentences[0]) for name in _in(section.title, names))
        spans = [section.heading] if section.heading else []
        for sentence in [*spans, *section.sentences]:
            found.extend((name, sentence) for name in _in(sentence.text, names))
    return list(dict.fromkeys(found))


def _in(text: str, names: list[str]) -> list[str]:
    """The names that the text holds, in its order."""
    taken: dict[tuple[int, int], str] = {}
    for name in sorted(names, key=len, reverse=True):
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            if all(end <= a or start >= b for a, b in taken):
                taken[(start, end)] = name
            start = text.find(name, end)
    return [taken[span] for span in sorted(taken)]
