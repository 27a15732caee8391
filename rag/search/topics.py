"""The sections that a structural question means by a theme instead of a number."""

from collections.abc import Sequence

from rag.domain import Document, Question
from rag.search.normalisation import content_words, words
from rag.search.retriever import Retriever


class Topics:
    """Looks topics up."""

    def __init__(self, document: Document, retriever: Retriever) -> None:
        """Take the document for its titles, and what ranks its sections."""
        self._document = document
        self._retriever = retriever

    def sections_of(self, topic: str) -> Sequence[str]:
        """The section of that title, or the one that treats the topic best."""
        asked = set(words(topic))
        titled = [s for s in self._document.sections if asked.issuperset(content_words(s.title))]
        if titled:
            return [max(titled, key=lambda section: len(section.title)).id]
        return self._retriever.retrieve(Question(topic)).sections[:1]

    def sentence_of(self, topic: str, section: str) -> str | None:
        """Id of the sentence of a section that treats the topic best."""
        hits = self._retriever.retrieve(Question(topic)).hits
        return next((hit.passage.id for hit in hits if hit.passage.section == section), None)

    def pair_of(self, splits: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """The two sections that a comparison means: those found with the most certainty."""
        best: tuple[str, ...] = ()
        certainty = 0.0
        for sides in splits:
            found = [self._retriever.retrieve(Question(side)) for side in sides]
            pair = tuple(f.sections[0] for f in found if f.is_grounded and f.sections)
            score = min(f.hits[0].score for f in found if f.hits) if len(pair) > 1 else 0.0
            if len(set(pair)) > 1 and score > certainty:
                best, certainty = pair, score
        return best
