"""The sections that a structural question means by a theme instead of a number."""

from collections.abc import Sequence

from rag.domain import Document, Question
from rag.search.normalisation import content_words, words
from rag.search.requests import Request
from rag.search.retrieval import Retrieval
from rag.search.retriever import CERTAIN, Retriever

COMPARED_AMONG = 5
"""Sections found for a whole comparison, of which its two sides are: .98 of 164 had both there."""


SURE = 0.2
"""Decision value of the classifier from which on a section surely treats a text. Of 537 questions
for lists 353 were answered exactly without, 362 with it (0: 362, 0.4: 360)."""

NEAR = -0.5
"""The same from which on another section treats it beside that one."""


class Topics:
    """Looks topics up."""

    def __init__(self, document: Document, retriever: Retriever) -> None:
        """Take the document for its titles, and what ranks its sections."""
        self._document = document
        self._retriever = retriever

    def sections_of(self, topic: str) -> Sequence[str]:
        """The section of that title, or the one that treats the topic best."""
        if titled := self._titled(topic):
            return [titled]
        return self._retriever.retrieve(Question(topic)).sections[:1]

    def _titled(self, topic: str) -> str | None:
        """Id of the section whose title a topic has in full, the longest title first."""
        asked = set(words(topic))
        titled = [s for s in self._document.sections if asked.issuperset(content_words(s.title))]
        return max(titled, key=lambda section: len(section.title)).id if titled else None

    def surely(self, text: str) -> Sequence[str]:
        """The sections that a text is surely about, the surest first; none where that is unsure."""
        legs = self._retriever.retrieve(Question(text)).section_legs
        values = {id_: leg["classifier"].score for id_, leg in legs.items()}
        order = sorted(values, key=lambda id_: -values[id_])
        is_sure = bool(order) and values[order[0]] >= SURE
        return [id_ for id_ in order if values[id_] > NEAR] if is_sure else []

    def sentences_of(self, topic: str, section: str) -> Sequence[str]:
        """Ids of the sentences of a section that were found for the topic, the best first."""
        hits = self._retriever.retrieve(Question(topic)).hits
        return [hit.passage.id for hit in hits if hit.passage.section == section]

    def inside(self, programme: int, topic: str) -> Sequence[str]:
        """Ids of the sentences on the topic in the section of a programme that treats it best."""
        found = self._retriever.retrieve(Question(topic, programme=programme))
        held = [hit.passage for hit in found.hits if "bm25" in hit.legs]
        return [passage.id for passage in held if passage.section == found.sections[0]]

    def pair_of(self, request: Request) -> tuple[str, ...]:
        """The two sections that a comparison means, of the few found for all of it.

        Those found for its two sides with the most certainty, or else the first two. What it
        names is one of the two: a section, or the best one of a programme. Both belong to
        programmes: the parts before these speak of everything.
        """
        found = self._retriever.retrieve(Question(request.topic))
        if not found.is_grounded:
            return ()
        numbered = self._numbered(found)
        among = numbered[:COMPARED_AMONG]
        if request.sections:
            others = [id_ for id_ in among if id_ not in request.sections]
            return (*request.sections, *others[:1])
        if request.programmes:
            inside = [id_ for id_ in numbered if self._programme(id_) in request.programmes]
            outside = [id_ for id_ in among if self._programme(id_) not in request.programmes]
            return tuple([*inside[:1], *outside[:1]])
        return self._sides(request.splits, among) or tuple(among[:2])

    def pair_inside(self, request: Request) -> tuple[str, ...]:
        """The two sections of one programme that a question names by what they are about."""
        if len(request.programmes) != 1:
            return ()
        return self._sides(request.splits, (), programme=request.programmes[0])

    def _numbered(self, found: Retrieval) -> Sequence[str]:
        return [id_ for id_ in found.sections if self._programme(id_) is not None]

    def _programme(self, id_: str) -> int | None:
        return self._document.section_by_id[id_].programme

    def _surest(self, side: str, programme: int | None) -> tuple[str, float] | None:
        """The section found for one side, with its score; one that it names in full is certain."""
        titled = self._titled(side)
        of_title = self._programme(titled) if titled else None
        if titled and of_title is not None and programme in (None, of_title):
            return titled, CERTAIN
        found = self._retriever.retrieve(Question(side, programme=programme))
        numbered = self._numbered(found)
        is_found = found.is_grounded and numbered and found.hits
        return (numbered[0], found.hits[0].score) if is_found else None

    def _sides(
        self,
        splits: Sequence[tuple[str, str]],
        among: Sequence[str],
        programme: int | None = None,
    ) -> tuple[str, ...]:
        """Of the ways to part it, the one whose weaker side is found with the most certainty.

        Both are among the sections given, or in the programme.
        """
        best: tuple[str, ...] = ()
        certainty = 0.0
        for sides in splits:
            found = [one for side in sides if (one := self._surest(side, programme))]
            pair = tuple(id_ for id_, _ in found)
            score = min(score for _, score in found) if len(found) > 1 else 0.0
            is_among = programme is not None or set(pair) <= set(among)
            if len(set(pair)) > 1 and is_among and score > certainty:
                best, certainty = pair, score
        return best
