"""Which of the document's proper names a question asks for: a class, in a part, on a theme."""

from collections.abc import Sequence, Set
from functools import cached_property

from rag.corpus.names import ProperName, occurrences
from rag.domain import Document, Sentence
from rag.search.normalisation import stopwords, words
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
        wider = self._in_part(self._of(kinds | related_to(kinds), request), request.part)
        for named, told in (
            (inside, request.parts),
            (inside, request.hints),
            (wider, request.parts),
        ):
            if narrowed := self._narrowed(named, told, is_literal=request.is_literal):
                return narrowed
        if treated := self._treated(inside, request.themes):
            return treated
        return [] if request.is_tentative else inside

    def _treated(self, named: Listed, themes: Sequence[str]) -> Listed:
        """Those in the section that treats the themes best."""
        sections = self._topics.sections_of(" ".join(themes)) if themes else ()
        return [item for item in named if item[1].section in sections]

    def _narrowed(self, named: Listed, told: Sequence[str], *, is_literal: bool) -> Listed:
        """Those that say all of what any says or, where none does, one thing of it."""
        said = self._said(named, told, is_literal=is_literal)
        if not said:
            return []
        chosen = frozenset.intersection(*said) or frozenset().union(*said)
        return [item for item in named if item in chosen]

    def _of(self, kinds: Set[str], request: Request) -> Listed:
        return [
            (name.text, sentence)
            for name, sentence in self._occurrences
            if name.kind in kinds and self.is_inside(sentence, request)
            if not any(self._places.says(name.text, part) for part in request.excluded)
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

    def _said(
        self, named: Listed, qualifiers: Sequence[str], *, is_literal: bool
    ) -> list[frozenset[tuple[str, Sentence]]]:
        """For each qualifier that is said at all, the names that say it, with their places.

        A name is said to say what the heading over it says, there, unless its own words are asked
        for. Of what says all of the qualifiers, or else one of them, the list is made.
        """
        said: list[frozenset[tuple[str, Sentence]]] = []
        for part in qualifiers:
            headings = frozenset[str]() if is_literal else self._headings(part)
            quoting = {name for name, _ in named if is_literal and _holds(name, part)}
            said.append(
                frozenset(
                    (name, sentence)
                    for name, sentence in named
                    if sentence.section in headings
                    or (name in quoting if quoting else self._places.says(name, part))
                )
            )
        return [items for items in said if items]

    def _headings(self, part: str) -> frozenset[str]:
        """The few sections whose heading names the thing."""
        found = [s.id for s in self._document.sections if self._places.says(s.title, part)]
        return frozenset(found) if len(found) <= MAX_HEADINGS else frozenset()


def _holds(name: str, part: str) -> bool:
    """Whether a name has the words in that order, none but function words between them."""
    stop = stopwords()
    held, asked = ([w for w in words(text) if w not in stop] for text in (name, part))
    return any(held[i : i + len(asked)] == asked for i in range(len(held)))
