"""What answers are judged against: the source text and where its sections stand in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import BaseModel

from eval.metrics.answers import GivenCitation
from eval.metrics.wording import fold

_WORD = re.compile(r"\w+")

Range = tuple[int, int]


class _OutlineProgramme(BaseModel):
    number: int
    title: str


class _OutlineSection(BaseModel):
    id: str
    programme: int | None
    title: str
    restored: bool
    start: int
    end: int
    sentences: int


class _Outline(BaseModel):
    programmes: list[_OutlineProgramme]
    sections: list[_OutlineSection]


@dataclass(frozen=True, slots=True)
class Place:
    """A section of the outline."""

    id: str
    programme: int | None
    title: str
    restored: bool
    """Whether its heading is lost, so that no ordinal 0 can be cited."""
    start: int
    end: int
    sentences: int


@dataclass(frozen=True)
class Reference:
    """The source text and its outline."""

    source: str
    places: Mapping[str, Place]
    """In document order."""
    programmes: Mapping[int, str] = field(default_factory=dict)
    """Number → title."""

    @classmethod
    def of(cls, outline: Mapping[str, object], source: str) -> "Reference":
        """From `outline --json` and the text of the source file."""
        given = _Outline.model_validate(outline)
        places = (Place(**section.model_dump()) for section in given.sections)
        return cls(
            source,
            {place.id: place for place in places},
            {programme.number: programme.title for programme in given.programmes},
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The titles of programmes and sections, the longest first."""
        titles = {*self.programmes.values(), *(place.title for place in self.places.values())}
        return tuple(sorted(titles, key=lambda title: (-len(title), title)))

    @cached_property
    def folded(self) -> str:
        """The source and its titles, the restored ones included, folded."""
        return fold("\n".join([self.source, *self.names]))

    def is_verbatim(self, citation: GivenCitation) -> bool:
        """Whether the source says exactly this where the citation says it does."""
        shown = self.source[max(0, citation.start) : max(0, citation.end)]
        return bool(citation.quote) and shown == citation.quote

    def is_in_place(self, citation: GivenCitation) -> bool:
        """Whether section, programme, sentence id and offsets exist and agree."""
        place = self.places.get(citation.section)
        if place is None or not place.start <= citation.start < citation.end <= place.end:
            return False
        title = None if place.programme is None else self.programmes.get(place.programme)
        return (
            citation.programme == place.programme
            and citation.programme_title in (None, title)
            and self._has_sentence(place, citation.sentence)
        )

    def is_true(self, citation: GivenCitation) -> bool:
        """Whether the quote is verbatim and stands where the citation says."""
        return self.is_verbatim(citation) and self.is_in_place(citation)

    def ranges(self, span: str, sections: Sequence[str]) -> Iterator[Range]:
        """Where the span stands in these sections of the source."""
        for place in (self.places[id] for id in sections if id in self.places):
            start = self.source.find(span, place.start, place.end)
            while start >= 0:
                yield start, start + len(span)
                start = self.source.find(span, start + 1, place.end)

    def words(self, where: Range) -> list[Range]:
        """Where the words of a stretch of the source stand."""
        return [match.span() for match in _WORD.finditer(self.source, *where)]

    @staticmethod
    def _has_sentence(place: Place, sentence: str) -> bool:
        section, _, ordinal = sentence.rpartition(":")
        if section != place.id or not ordinal.isascii() or not ordinal.isdigit():
            return False
        return (1 if place.restored else 0) <= int(ordinal) <= place.sentences
