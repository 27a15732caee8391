"""The address of every section and sentence: `documento?s=2.5&n=3`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from rag.domain import Citation, Document, Section, Sentence

PAGE: Final = "documento"
SECTION: Final = "s"
SENTENCE: Final = "n"
NAMES: Final = (SECTION, SENTENCE)

Problem = Literal["section", "sentence"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads, as far as the document has it."""

    section: Section | None = None
    sentence: Sentence | None = None
    problem: Problem | None = None
    """What the document does not have."""


def query(section: str, ordinal: int | None = None) -> dict[str, str]:
    """What stands behind the question mark; ordinal 0 is the heading."""
    asked = {SECTION: section}
    return asked if ordinal is None else asked | {SENTENCE: str(ordinal)}


def address(section: str, ordinal: int | None = None) -> str:
    """The permalink, to be read from any page of the app.

    >>> address("2.5", 3)
    'documento?s=2.5&n=3'
    """
    return f"{PAGE}?{urlencode(query(section, ordinal))}"


def resolve(document: Document, asked: Mapping[str, str]) -> Place:
    """What anybody may have typed into the address; never an error."""
    section = _section(document, asked.get(SECTION, ""))
    if section is None:
        return Place(problem="section" if SECTION in asked or SENTENCE in asked else None)
    if SENTENCE not in asked:
        return Place(section)
    ordinal = asked[SENTENCE]
    if not (ordinal.isascii() and ordinal.isdecimal()):
        return Place(section, problem="sentence")
    sentence = document.sentence_by_id.get(f"{section.id}:{ordinal.lstrip('0') or '0'}")
    # A heading that was restored stands nowhere in the file: the section is all there is to mark.
    is_missing = sentence is None and bool(ordinal.strip("0"))
    return Place(section, sentence, "sentence" if is_missing else None)


def as_citation(sentence: Sentence) -> Citation:
    """The sentence as the reader marks it."""
    return Citation(sentence.id, sentence.text, sentence.start, sentence.end, "verified")


def _section(document: Document, asked: str) -> Section | None:
    """Capitals do not count."""
    folded = asked.strip().casefold()
    return next((s for s in document.sections if s.id.casefold() == folded), None)
