"""Every name that questions may hold: the document's concepts, the gazetteer's things, countries.

Imports Babel, whose names of countries and currencies are Unicode's (CLDR); only for building.
"""

from collections.abc import Iterator
from itertools import count

from babel import Locale

from rag.corpus import gazetteer, glossary
from rag.corpus.gazetteer import Thing
from rag.domain import LANGUAGES, Document, Language
from rag.search.annotation import KNOWN
from rag.search.naming import Name, key
from rag.search.normalisation import words

_PROPER = {"company", "person", "place", "organisation", "project", "event"}
_WRITTEN = {"treaty", "document", "law"}


def names(document: Document) -> Iterator[Name]:
    """All names; those of things that the document names come first and are `KNOWN`.

    A single word that is `KNOWN` stands for its family. Of a thing that the document lacks only
    the word itself and its plural count: `deport`, the stem of «deportación», is also that of
    «deporte».
    """
    numbers = count()
    named = _Named(document)
    groups: list[Group] = [
        (KNOWN if named.holds_family(f) else label_, f, ()) for label_, f in _concepts()
    ]
    listed: list[Group] = [(label_, forms, ()) for label_, forms in _cldr()]
    listed += [(label(t), list(t.forms()), t.covered_by or t.near) for t in gazetteer.load()]
    groups += [(KNOWN if named.holds(f) else label_, f, near) for label_, f, near in listed]
    for label_, forms, near in sorted(groups, key=lambda group: group[0] != KNOWN):
        number = next(numbers)
        for text, language in forms:
            yield Name(text, language, label_, number, near, is_exact=label_ != KNOWN)


def label(thing: Thing) -> str:
    """The class of a thing that the document does not name."""
    if thing.kind in _PROPER:
        return thing.kind.upper()
    if thing.kind in _WRITTEN:
        return "WRITING"
    return "COVERED" if thing.covered_by else "ABSENT"


Forms = list[tuple[str, Language]]

Group = tuple[str, Forms, tuple[str, ...]]
"""Class of a thing, its names, and the sections that come closest to it."""


def _concepts() -> Iterator[tuple[str, Forms]]:
    """The glossary's concepts, each under the class it has where the document lost it."""
    for concept in glossary.load():
        yield "ABSENT", list(concept.names)


def _cldr() -> Iterator[tuple[str, Forms]]:
    """Countries and currencies."""
    locales = {language: Locale(language) for language in LANGUAGES}
    listings = (
        ("COUNTRY", {language: locale.territories for language, locale in locales.items()}),
        ("CURRENCY", {language: locale.currencies for language, locale in locales.items()}),
    )
    for label_, by_language in listings:
        for code in map(str, by_language["es"]):
            if code.isalpha():
                yield label_, [(x[code], lang) for lang, x in by_language.items() if code in x]


class _Named:
    """Which things a document names."""

    def __init__(self, document: Document) -> None:
        """Take its headings and sentences."""
        titles = [p.title for p in document.programmes] + [s.title for s in document.sections]
        texts = [*titles, *(sentence.text for sentence in document.sentences)]
        self._stems = "".join(f" {_stems(text)} |" for text in texts)
        self._words = "".join(f" {_singulars(text)} |" for text in texts)

    def holds_family(self, forms: Forms) -> bool:
        """Whether one of the Spanish forms stands in the document, in any inflection."""
        return any(f" {_stems(text)} " in self._stems for text, lang in forms if lang == "es")

    def holds(self, forms: Forms) -> bool:
        """The same for the very words, plurals apart."""
        return any(f" {_singulars(text)} " in self._words for text, lang in forms if lang == "es")


def _stems(text: str) -> str:
    return key(text, "es").partition(" ")[2]


def _singulars(text: str) -> str:
    return " ".join(word.removesuffix("s") for word in words(text))
