"""The extractive answer: the sentences that answer, quoted, in a short frame."""

from collections.abc import Iterable
from itertools import groupby

from rag.answer.frames import escape, frame, place
from rag.domain import AnswerSentence, Document, Draft, DraftCitation, Language, Sentence
from rag.search.normalisation import stem, stems
from rag.search.retriever import Retrieval

MAX_SENTENCES = 3

MIN_GAIN = 0.25
"""Share of the question's weight that a further sentence must add."""

MIN_GAIN_ELSEWHERE = 0.34
"""The same for a sentence of another section."""

CANDIDATES = 12
"""Hits that are looked at."""


class ExtractiveAnswerer:
    """Picks and quotes sentences of the retrieved passages."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._stems = {
            sentence.id: frozenset(stems(sentence.text)) for sentence in document.sentences
        }

    def draft(self, retrieval: Retrieval, language: Language) -> Draft:
        """The answer's sentences, best section first."""
        chosen = self._choose(retrieval)
        pieces: list[str] = []
        sentences: list[AnswerSentence] = []
        for key, (section_id, group) in zip(
            self._keys(chosen), groupby(chosen, key=lambda s: s.section), strict=True
        ):
            section = self._document.section_by_id[section_id]
            intro = frame(language, key, place=place(self._document, section, language))
            sentences.append(AnswerSentence(intro, "frame"))
            pieces.append(intro)
            for sentence in group:
                pieces.append(f"> «{escape(sentence.text)}» \\[{sentence.id}\\]")
                sentences.append(AnswerSentence(sentence.text, "supported", (sentence.id,)))
        citations = tuple(DraftCitation(sentence.section, sentence.text) for sentence in chosen)
        return Draft("\n\n".join(pieces), tuple(sentences), citations)

    def _keys(self, chosen: list[Sentence]) -> Iterable[str]:
        sections = len(list(groupby(chosen, key=lambda sentence: sentence.section)))
        return ["found", *["also"] * (sections - 1)]

    def _choose(self, retrieval: Retrieval) -> list[Sentence]:
        """The best sentence, then those that add enough of what the question asks and is not covered yet."""
        weights = {stem(term.match): term.weight for term in retrieval.terms if term.match}
        total = sum(weights.values()) or 1.0
        candidates = [
            self._document.sentence_by_id[hit.passage.id] for hit in retrieval.hits[:CANDIDATES]
        ]
        chosen = [candidates[0]]
        covered = set(self._stems[candidates[0].id])
        while len(chosen) < MAX_SENTENCES:
            rest = [sentence for sentence in candidates if sentence not in chosen]
            gains = {
                s.id: sum(weights.get(w, 0.0) for w in self._stems[s.id] - covered) / total
                for s in rest
            }
            best = max(
                rest, key=lambda s: gains[s.id] - self._threshold(s, chosen[0]), default=None
            )
            if best is None or gains[best.id] < self._threshold(best, chosen[0]):
                break
            chosen.append(best)
            covered |= self._stems[best.id]
        return sorted(chosen, key=lambda s: (s.section != chosen[0].section, chosen.index(s)))

    @staticmethod
    def _threshold(sentence: Sentence, lead: Sentence) -> float:
        return MIN_GAIN if sentence.section == lead.section else MIN_GAIN_ELSEWHERE
