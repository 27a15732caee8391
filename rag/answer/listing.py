"""Which of the document's proper names a question asks for: a class, in a part, on a theme."""

from collections.abc import Sequence, Set
from functools import cached_property

from rag.corpus.names import ProperName, occurrences
from rag.domain import Document, Sentence
from rag.search.normalisation import topical
from rag.search.places import Places
from rag.search.requests import Request, kinds_of, related_to
from rag.search.topics import Topics

Item = tuple[str, Sentence]
"""A name with a sentence that holds it."""

Listed = Sequence[Item]
"""In document order."""

MAX_TOLD = 12
"""Things that narrow a list; nobody names more."""

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
        for told in (request.parts, request.hints):
            if narrowed := self._narrowed(inside, self._telling(inside, told), request):
                return narrowed
        if related := related_to(kinds) if request.parts else frozenset():
            wider = self._in_part(self._of(kinds | related, request), request.part)
            if narrowed := self._narrowed(wider, request.parts, request):
                return narrowed
        if treated := self._treated(inside, " ".join(request.themes)):
            return treated
        return [] if request.is_tentative else self._surrounded(inside, request.around)

    def _telling(self, named: Listed, told: Sequence[str]) -> Sequence[str]:
        """What narrows a list, without examples of what it lists: «bodies like the G20 or APEC»."""
        shown = {name for name, _ in named}
        forms = {
            " ".join(topical(form))
            for name in self._names
            if name.text in shown
            for form in name.forms
        }
        examples = {part for part in told if " ".join(topical(part)) in forms}
        return [p for p in told if p not in examples] if len(examples) > 1 else told

    def _surrounded(self, named: Listed, text: str) -> Listed:
        """Those in the sections that all of the question is surely about: «I work in customs: …».

        All of them where it is about nothing, or about what has no such name.
        """
        held = {sentence.section for _, sentence in named}
        surely = self._topics.surely(text) if text else ()
        if not surely or surely[0] not in held:
            return named
        return [item for item in named if item[1].section in surely]

    def _treated(self, named: Listed, theme: str) -> Listed:
        """Those in the section that treats the theme best."""
        sections = self._topics.sections_of(theme) if theme else ()
        return [item for item in named if item[1].section in sections]

    def _narrowed(self, named: Listed, told: Sequence[str], request: Request) -> Listed:
        """Those that say all of what any says or, where none does, one thing of it.

        Of things named one beside the other each adds names: what says it or, where none does,
        what stands where it is treated.
        """
        told = told[:MAX_TOLD]
        said = {part: self._saying(named, part, request) for part in told}
        if not any(said.values()):
            return []
        listed = [part for part in told if part in request.alternatives]
        added = [said[part] or frozenset(self._treated(named, part)) for part in listed]
        sets = [items for part, items in said.items() if items and part not in listed]
        if union := frozenset[Item]().union(*added):
            sets.append(union)
        chosen = frozenset.intersection(*sets) or frozenset().union(*sets)
        return [item for item in named if item in chosen]

    def _of(self, kinds: Set[str], request: Request) -> Listed:
        left_out = {
            name.text
            for name in self._names
            if any(self._places.says(name.text, part) for part in request.excluded)
        }
        return [
            (name.text, sentence)
            for name, sentence in self._occurrences
            if name.kind in kinds and self.is_inside(sentence, request)
            if name.text not in left_out
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

    def _saying(self, named: Listed, part: str, request: Request) -> frozenset[Item]:
        """The names that say a thing, with their places.

        A name is said to say what the heading over it says, there, unless its own words are asked
        for.
        """
        is_literal = request.is_literal
        headings = frozenset[str]() if is_literal else self._headings(part)
        quoting = {name for name, _ in named if is_literal and _holds(name, part)}
        return frozenset(
            (name, sentence)
            for name, sentence in named
            if sentence.section in headings
            or (name in quoting if quoting else self._places.says(name, part))
        )

    def _headings(self, part: str) -> frozenset[str]:
        """The few sections whose heading names the thing."""
        found = [s.id for s in self._document.sections if self._places.says(s.title, part)]
        return frozenset(found) if len(found) <= MAX_HEADINGS else frozenset()


def _holds(name: str, part: str) -> bool:
    """Whether a name has the words in that order, none but function words between them."""
    held, asked = topical(name), topical(part)
    places = range(len(held)) if asked else ()
    return any(held[i : i + len(asked)] == asked for i in places)
