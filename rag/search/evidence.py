"""What is found for a question as it is meant in its conversation, and whether that answers it."""

from collections.abc import Mapping
from dataclasses import replace

from rag.domain import Question
from rag.search.normalisation import fold
from rag.search.reading import Reading
from rag.search.retrieval import Retrieval
from rag.search.retriever import Retriever
from rag.search.silence import SilenceDecision, SilenceJudge

Evidence = tuple[Retrieval, SilenceDecision]
"""What was found, and the decision whether it answers."""


class Finder:
    """Looks for what answers a reading; raises `RagError` where the index cannot be read."""

    def __init__(self, retriever: Retriever, silence: SilenceJudge) -> None:
        """Take what ranks and what decides."""
        self._retriever = retriever
        self._silence = silence

    def retrieve(self, reading: Reading) -> Retrieval:
        """The ranking behind an answer."""
        text = reading.context if reading.is_leaning else reading.text
        question = Question(text, reading.language, reading.programme)
        found = self._retriever.retrieve(
            question, reading.context, reading.weight, preferred=reading.preferred
        )
        return _as_typed(found, reading) if reading.corrections else found

    def find(self, reading: Reading) -> Evidence:
        """The ranking, and whether the document answers."""
        retrieval = self.retrieve(reading)
        return retrieval, self._silence.judge(reading.text, reading.language, retrieval)

    def silence_features(self, reading: Reading) -> tuple[Mapping[str, float], float]:
        """The features of the decision and its share of the threshold, for fitting it."""
        return self._silence.features(reading.text, reading.language, self.retrieve(reading))

    def recites(self, reading: Reading) -> bool:
        """Whether the question is made of a sentence of the document."""
        return self._retriever.recites(reading.text)

    def is_complete(self, alone: Reading, leaning: Reading) -> bool:
        """Whether the answer is the same without what was talked about before."""
        if alone.request:
            return True
        (found, decision), (other, after) = self.find(alone), self.find(leaning)
        is_same = found.sections[:1] == other.sections[:1]
        if decision.is_silent or after.is_silent:
            is_told = is_same or bool(decision.missing)
            return decision.is_silent and after.is_silent and is_told
        return is_same


def _as_typed(found: Retrieval, reading: Reading) -> Retrieval:
    """With the words of the question as they were typed, beside those that they stand for."""
    typed = {fold(meant): fold(word) for word, meant in reading.corrections}
    terms = (replace(term, word=typed.get(term.word, term.word)) for term in found.terms)
    return replace(found, terms=tuple(terms))
