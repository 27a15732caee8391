"""Which of the document's proper names a question asks for: a class, in a part, on a theme."""

from collections.abc import Sequence, Set
from functools import cached_property

from rag.corpus.names import ProperName, occurrences
from rag.domain import Document, Sentence
from rag.search.places import Places
from rag.search.requests import Request, kinds_of, related_to
from rag.search.topics import Topics

Listed = Sequence[tuple[str, Sentence]]
"""Names, each with a sentence that holds it, in document order."""

MAX_HEADINGS = 3
"""A word that more headings have tells no section from another."""


class NameLister:
    """Looks proper names up by class, and narrows them."""

    def __init__(
        self, document: Document, names: Sequence[ProperName], topics: Topics, places: Places
    ) -> None:
        """Take the curated names and how topics are looked up."""
        self._document = document
        self._names = names
        self._topics = topics
        self._places = places

    def listed(self, request: Request) -> Listed:
        """The names asked for; none where only some are and nothing tells which."""
        kinds = kinds_of(request.names)
        inside = self._in_part(self._of(kinds, request), request.part)
        for words in (request.parts, request.hints):
            if narrowed := self._narrowed(inside, words):
                return narrowed
        wider = self._in_part(self._of(kinds | related_to(kinds), request), request.part)
        if narrowed := self._narrowed(wider, request.parts):
            return narrowed
        return [] if request.is_tentative else inside

    def _narrowed(self, named: Listed, words: Sequence[str]) -> Listed:
        """Those that say all of the words that any says or, where none does, one of them."""
        said = self._said(named, words)
        if not said:
            return []
        chosen = frozenset.intersection(*said) or frozenset().union(*said)
        return [(name, sentence) for name, sentence in named if name in chosen]

    def _of(self, kinds: Set[str], request: Request) -> Listed:
        return [
            (name.text, sentence)
            for name, sentence in self._occurrences
            if name.kind in kinds and self.is_inside(sentence, request)
        ]

    def _in_part(self, named: Listed, part: str) -> Listed:
        """Those in the part meant: under a heading that names it, or where it is treated best."""
        if not part:
            return named
        sections = self._headings(part) or frozenset(self._topics.sections_of(part))
        return [item for item in named if item[1].section in sections] or named

    @cached_property
    def _occurrences(self) -> Sequence[tuple[ProperName, Sentence]]:
        return occurrences(self._document, self._names)

    def is_inside(self, sentence: Sentence, request: Request) -> bool:
        """Whether it stands in a part of the document that the request names, if it names any."""
        section = self._document.section_by_id[sentence.section]
        if request.sections and section.id not in request.sections:
            return False
        return not request.programmes or section.programme in request.programmes

    def _said(self, named: Listed, qualifiers: Sequence[str]) -> list[frozenset[str]]:
        """For each qualifier that a name says, the names that do.

        A name says what the heading over it says. Of names that say all of the qualifiers, or
        else one of them, the list is made.
        """
        said: list[frozenset[str]] = []
        for part in qualifiers:
            headings = self._headings(part)
            said.append(
                frozenset(
                    name
                    for name, sentence in named
                    if sentence.section in headings or self._places.says(name, part)
                )
            )
        return [names for names in said if names]

    def _headings(self, part: str) -> frozenset[str]:
        """The few sections whose heading names the thing."""
        found = [s.id for s in self._document.sections if self._places.says(s.title, part)]
        return frozenset(found) if len(found) <= MAX_HEADINGS else frozenset()
