"""The document's proper names by class: forums, funds, centres, initiatives and more."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from rag.domain import Document, Sentence
from rag.errors import SourceError

NAMES = Path(__file__).parent / "data" / "names.toml"

ALIAS = " = "
"""Between a name and the other forms under which it stands: `Banco Mundial = BM`."""

_Table = TypeAdapter(dict[str, list[str]])


@dataclass(frozen=True, slots=True)
class ProperName:
    """A name of the document, with the class of things it belongs to."""

    text: str
    """As it is shown."""
    kind: str
    forms: tuple[str, ...]
    """As it stands in the document."""


def read(path: Path = NAMES) -> tuple[ProperName, ...]:
    """The names as curated.

    Raises:
        SourceError: the file is not valid.
    """
    try:
        table = _Table.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise SourceError(
            f"La lista de nombres {path} no es válida: {str(error).splitlines()[0]}.",
            remedy="Corríjala o restáurela con `git checkout -- rag/corpus/data`.",
        ) from error
    return tuple(_name(line, kind) for kind, lines in table.items() for line in lines)


def _name(line: str, kind: str) -> ProperName:
    forms = tuple(line.split(ALIAS))
    return ProperName(forms[0], kind, forms)


def occurrences(
    document: Document, names: Sequence[ProperName]
) -> list[tuple[ProperName, Sentence]]:
    """Each name with every heading and sentence that holds it, in document order.

    A name that stands only as part of a longer one of its kind is not counted there. Where a
    restored heading holds the name, the section's first sentence stands for it.
    """
    by_kind = [tuple(n for n in names if n.kind == k) for k in dict.fromkeys(n.kind for n in names)]
    found: list[tuple[ProperName, Sentence]] = []
    for section in document.sections:
        spans = [(section.heading, section.heading.text)] if section.heading else []
        if section.heading is None and section.restored and section.sentences:
            spans = [(section.sentences[0], section.title)]
        spans += [(sentence, sentence.text) for sentence in section.sentences]
        for sentence, text in spans:
            elsewhere = _spans(text, [(name.text, name) for name in names])
            for kind in by_kind:
                found.extend((name, sentence) for name in _in(text, kind, elsewhere))
    return list(dict.fromkeys(found))


_Spans = dict[tuple[int, int], ProperName]


def _in(text: str, names: Sequence[ProperName], elsewhere: _Spans) -> list[ProperName]:
    """The names that the text holds, in its order; a short form counts only outside any name."""
    spans = _spans(text, [(name.text, name) for name in names])
    short = [(form, name) for name in names for form in name.forms[1:]]
    spans |= _spans(text, short, taken=[*elsewhere, *spans])
    return [spans[span] for span in sorted(spans)]


def _spans(
    text: str,
    forms: Sequence[tuple[str, ProperName]],
    taken: Sequence[tuple[int, int]] = (),
) -> _Spans:
    """Where the forms stand, the longest first, none inside another."""
    found: _Spans = {}
    for form, name in sorted(forms, key=lambda pair: -len(pair[0])):
        start = text.find(form)
        while start >= 0:
            end = start + len(form)
            if all(end <= a or start >= b for a, b in (*taken, *found)):
                found[(start, end)] = name
            start = text.find(form, end)
    return found
