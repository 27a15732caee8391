"""What was found for a question, with everything that explains it."""

from collections.abc import Mapping
from dataclasses import dataclass

from rag.domain import Hit, LegScore
from rag.search.normalisation import word_units
from rag.search.postings import Scores
from rag.search.space import STEMMERS

Legs = Mapping[str, Scores]
"""Leg → one score per column."""


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question as it was typed, and the known word that it stands for."""

    word: str
    match: str | None
    """The word itself, rightly spelt; `None` where document and index do not know it."""
    weight: float
    """Lucene idf over the passages; an unknown word weighs as much as one that occurs once."""

    @property
    def units(self) -> tuple[str, ...]:
        """What the term is matched by; empty where nothing matches."""
        return word_units(self.match, STEMMERS) if self.match else ()


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found for a question, with everything that explains it."""

    hits: tuple[Hit, ...]
    """Best first."""
    sections: tuple[str, ...]
    """Section ids, best first."""
    section_legs: Mapping[str, Mapping[str, LegScore]]
    """Section id → leg → rank and score, for the best sections."""
    terms: tuple[Term, ...]
    """In the order of the question."""
    repeated: str | None = None
    """The passage that the question repeats nearly word for word."""
    leans: bool = False
    """Whether what the conversation was about had a say."""
    coverage: float = 0.0
    """Share of the terms, by weight, that the best passage or what points at it holds."""
    warnings: tuple[str, ...] = ()
    """What had no say that should have had one, and why."""

    @property
    def is_grounded(self) -> bool:
        """Whether any content word of the question is known."""
        return any(term.match for term in self.terms)


def scores_of(
    column: int, ranks: Mapping[str, Mapping[int, int]], scores: Legs
) -> dict[str, LegScore]:
    """Leg → rank and score of a column."""
    return {
        leg: LegScore(ranking[column], float(scores[leg][column]))
        for leg, ranking in ranks.items()
        if column in ranking
    }
