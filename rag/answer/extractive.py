"""The extractive answer: the sentences that answer, quoted, in a short frame."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby

from rag.answer.composition import Composition
from rag.answer.frames import frame, place
from rag.domain import Document, Draft, Language, Sentence
from rag.search.normalisation import stems
from rag.search.retrieval import Retrieval

MAX_WORDS = 95
"""Quoted words that a second sentence of the same section may make of an answer."""

MIN_GAIN = 0.3
"""Share of the question's weight that a sentence of another section must add."""

RIVALS = 2
"""Sections, best first, that may be quoted."""


class ExtractiveAnswerer:
    """Picks and quotes sentences of the retrieved passages."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._stems = cache(lambda id_: frozenset(stems(document.sentence_by_id[id_].text)))

    def draft(self, retrieval: Retrieval, language: Language, *, beyond: bool = False) -> Draft:
        """The answer's sentences, best section first; `beyond`: those that come after them."""
        if beyond:
            retrieval = self._rest(retrieval)
        composition = Composition()
        for position, (section_id, group) in enumerate(
            groupby(self._choose(retrieval), key=lambda sentence: sentence.section)
        ):
            section = self._document.section_by_id[section_id]
            key = "also" if position else "found"
            composition.say(frame(language, key, place=place(self._document, section, language)))
            for sentence in group:
                composition.quote(sentence)
        return composition.draft()

    def _rest(self, retrieval: Retrieval) -> Retrieval:
        """The retrieval without what its answer quotes, if anything is left."""
        shown = {sentence.id for sentence in self._choose(retrieval)}
        left = tuple(hit for hit in retrieval.hits if hit.passage.id not in shown)
        return replace(retrieval, hits=left) if left else retrieval

    def _choose(self, retrieval: Retrieval) -> list[Sentence]:
        """The best sentence, a second one of its section, and one elsewhere if it adds much."""
        ranked = [self._document.sentence_by_id[hit.passage.id] for hit in retrieval.hits]
        lead = ranked[0]
        chosen = [lead]
        second = next((s for s in ranked[1:] if s.section == lead.section), None)
        if second and len(lead.text.split()) + len(second.text.split()) <= MAX_WORDS:
            chosen.append(second)
        if elsewhere := self._elsewhere(retrieval, ranked, chosen):
            return [lead, elsewhere]
        return chosen

    def _elsewhere(
        self, retrieval: Retrieval, ranked: Sequence[Sentence], chosen: Sequence[Sentence]
    ) -> Sentence | None:
        """The sentence of the next section that names what the chosen ones leave out."""
        weights = {unit: term.weight for term in retrieval.terms for unit in term.units}
        total = sum(weights.values()) or 1.0
        covered = frozenset().union(*(self._stems(sentence.id) for sentence in chosen))
        rivals = retrieval.sections[1:RIVALS]
        gains = {
            s: sum(weights.get(unit, 0.0) for unit in self._stems(s.id) - covered) / total
            for s in ranked
            if s.section in rivals
        }
        best = max(gains, key=gains.__getitem__, default=None)
        return best if best is not None and gains[best] >= MIN_GAIN else None
