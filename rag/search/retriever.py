"""From a question to ranked sections and passages: several legs, fused."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rag.domain import Hit, LegScore, Question
from rag.search import fusion
from rag.search.bm25 import idf
from rag.search.dense import DenseLeg
from rag.search.index import Index
from rag.search.normalisation import content_words, ngrams, word_units
from rag.search.reciting import Reciter, is_long
from rag.search.retrieval import Legs, Retrieval, Term, scores_of
from rag.search.space import STEMMERS

DENSE = "dense"
SECTION_LEGS: Mapping[str, float] = {"bm25": 1.0, "ngrams": 1.0, "classifier": 3.0, "dense": 1.0}
"""Weights of the legs that rank sections; their standardised scores are added."""

FOREIGN = 1.0
"""Weight of the classifier within a programme that the section it likes best is not of: what it
says of the others then is mostly noise."""

PASSAGE_LEGS: Mapping[str, float] = {"bm25": 1.0, "ngrams": 2.0, "dense": 1.0}
"""Weights of the legs that rank passages within their sections, by reciprocal rank."""

TOP_K = 30
"""Passages that are handed on."""

EXPLAINED = 10
"""Sections, best first, whose legs are reported."""

CERTAIN = 100.0
"""Added to the score of a sentence that the question repeats, and to its section's."""

PREFERENCE = 2.0
"""Added to the score of sections whose programme the question names, in standard deviations."""

_WITHIN = 0.1
"""Weight of a passage's fused score beside its section's: it orders the passages of a section."""


@dataclass(frozen=True, slots=True)
class _Scores:
    """What the legs say of a question, leg by leg; a leg that failed has its warning here."""

    sections: Legs
    passages: Legs
    is_foreign: bool
    """Whether the section that the classifier likes best is not of the programme wanted."""
    warning: str | None


class Retriever:
    """Ranks the sections and passages of an index."""

    def __init__(
        self,
        index: Index,
        section_ids: Sequence[str],
        *,
        section_legs: Mapping[str, float] = SECTION_LEGS,
        passage_legs: Mapping[str, float] = PASSAGE_LEGS,
    ) -> None:
        """Take the section ids in document order; a leg without a weight has no say."""
        self._index = index
        self._section_legs = section_legs
        self._passage_legs = passage_legs
        self._sections = tuple(section_ids)
        has_say = DENSE in section_legs or DENSE in passage_legs
        self._dense = DenseLeg(index, has_say=has_say)
        self._reciter = Reciter(index.passages)
        self._passage_ids = {passage.id: column for column, passage in enumerate(index.passages)}
        position = {id_: column for column, id_ in enumerate(section_ids)}
        self._section_of = np.array([position[passage.section] for passage in index.passages])
        programmes = np.zeros(len(section_ids), dtype=np.intp)
        for passage in index.passages:
            programmes[position[passage.section]] = passage.programme or 0
        self._programmes = programmes

    def retrieve(
        self,
        question: Question,
        context: str = "",
        weight: float = 0.0,
        *,
        preferred: Sequence[int] = (),
    ) -> Retrieval:
        """The sections and passages for a cleaned question, best first.

        The ranking for `context`, what the conversation was about, is added with the weight;
        sections of the preferred programmes get a bonus.
        """
        terms = self.terms(question.text)
        found = self._legs(question, terms)
        fused = self._fused(found)
        around = self._context(context, question.programme)
        for column in fused:
            bonus = PREFERENCE * (self._programmes[column] in preferred)
            fused[column] += weight * around.get(column, 0.0) + bonus
        repeated = self._repeated(terms, question.programme)
        leading = repeated if is_long(terms) else None
        if leading is not None:
            fused[int(self._section_of[leading])] += CERTAIN
        hits = self._hits(fused, found.passages, leading)
        retrieval = self._retrieval(fused, found.sections, hits, terms)
        passage = None if repeated is None else self._index.passages[repeated].id
        warnings = self._index.warnings + ((found.warning,) if found.warning else ())
        return replace(retrieval, repeated=passage, leans=bool(context), warnings=warnings)

    def _retrieval(
        self,
        fused: Mapping[int, float],
        sections: Legs,
        hits: tuple[Hit, ...],
        terms: tuple[Term, ...],
    ) -> Retrieval:
        """The ranking, explained."""
        order = sorted(fused, key=lambda column: (-fused[column], column))
        ranked = tuple(self._sections[column] for column in order)
        legs = self._explained(order[:EXPLAINED], sections)
        best = [hit.passage.id for hit in hits[:1]]
        return Retrieval(hits, ranked, legs, terms, coverage=self.coverage(terms, best))

    def _explained(
        self, columns: Sequence[int], sections: Legs
    ) -> Mapping[str, Mapping[str, LegScore]]:
        """Section → leg → rank and score."""
        ranks = {leg: fusion.ranks(scores) for leg, scores in sections.items()}
        return {self._sections[c]: scores_of(c, ranks, sections) for c in columns}

    def coverage(self, terms: Sequence[Term], passages: Iterable[str]) -> float:
        """Share of the terms, by weight, that one of the passages or what points at it holds."""
        is_held = self._holder(passages)
        held = (term.weight for term in terms if any(map(is_held, term.units)))
        return sum(held) / (sum(term.weight for term in terms) or 1.0)

    def unit_coverage(self, terms: Sequence[Term], passages: Iterable[str]) -> float:
        """Share of the single stems, or pairs of Chinese characters, that they hold."""
        units = {unit for term in terms for unit in (term.units or (term.word,))}
        return sum(map(self._holder(passages), units)) / len(units) if units else 0.0

    def _holder(self, passages: Iterable[str]) -> Callable[[str], bool]:
        """Whether one of the passages, or what points at it, holds a stem."""
        columns = {self._passage_ids[id_] for id_ in passages if id_ in self._passage_ids}
        row = self._index.passage_words.row
        return lambda unit: not columns.isdisjoint(row(unit)[0].tolist())

    def _repeated(self, terms: Sequence[Term], programme: int | None = None) -> int | None:
        """Column of the passage that a question repeats, unless it stands in another programme."""
        found = self._reciter.repeated(terms)
        is_inside = found is not None and self._allowed(programme)[self._section_of[found]]
        return found if is_inside else None

    def holds(self, text: str) -> bool:
        """Whether one sentence holds nearly every content word of a text."""
        return self._repeated(self.terms(text)) is not None

    def recites(self, text: str) -> bool:
        """Whether a long question is made of a sentence, and the sentence not of much else."""
        terms = self.terms(text)
        found = self._repeated(terms) if is_long(terms) else None
        return found is not None and self._reciter.is_made_of(found, terms)

    def terms(self, text: str) -> tuple[Term, ...]:
        """The content words of a question, each with what it matches."""
        return tuple(self._term(word) for word in content_words(text))

    def _term(self, word: str) -> Term:
        known = [unit for unit in word_units(word, STEMMERS) if unit in self._index.section_words]
        found = max((len(self._index.passage_words.row(unit)[0]) for unit in known), default=0)
        weight = idf(max(1, found), len(self._index.passages))
        return Term(word, word if known else None, weight)

    def _legs(self, question: Question, terms: tuple[Term, ...]) -> _Scores:
        """Scores of every section and of every passage that the question's programme allows."""
        index = self._index
        text = " ".join(term.match or term.word for term in terms)
        units = [unit for term in terms for unit in term.units]
        grams = [gram for term in terms for gram in _ngrams(term.word)]
        dense = self._dense.scores(question.text, text, question.programme)
        sections: Legs = {
            "bm25": index.section_words.scores(units),
            "ngrams": index.section_ngrams.scores(grams),
            "classifier": index.classifier.decide(question.text),
            "dense": self._best_of(dense.scores),
        }
        passages = {
            "bm25": index.passage_words.scores(units),
            "ngrams": index.passage_ngrams.scores(grams),
            "dense": dense.scores,
        }
        allowed = self._allowed(question.programme)
        inside = allowed[self._section_of]
        return _Scores(
            {leg: np.where(allowed, s, -np.inf) for leg, s in sections.items()},
            {leg: np.where(inside, s, 0) for leg, s in passages.items()},
            is_foreign=not allowed[np.argmax(sections["classifier"])],
            warning=dense.warning,
        )

    def _best_of(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """The best score of each section's passages."""
        best = np.zeros(len(self._sections), dtype=np.float32)
        np.maximum.at(best, self._section_of, scores)
        return best

    def _context(self, text: str, programme: int | None) -> dict[int, float]:
        """Fused section scores of what the conversation was about, if anything."""
        if not text:
            return {}
        return self._fused(self._legs(Question(text, None, programme), self.terms(text)))

    def _fused(self, found: _Scores) -> dict[int, float]:
        """Column → fused score of every section that is allowed."""
        weights = self._section_legs
        if "classifier" in weights and found.is_foreign:
            weights = {**weights, "classifier": FOREIGN}
        return fusion.standardised(found.sections, weights)

    def _hits(
        self, fused: Mapping[int, float], passages: Legs, repeated: int | None
    ) -> tuple[Hit, ...]:
        """The passages in the order of their sections and, within them, of their own legs."""
        ranks = {leg: fusion.ranks(scores) for leg, scores in passages.items()}
        within = fusion.reciprocal_rank(ranks, self._passage_legs)
        scores = {
            column: fused[section] + _WITHIN * within.get(column, 0.0)
            for column, section in enumerate(self._section_of.tolist())
            if section in fused
        }
        if repeated is not None:
            scores[repeated] += CERTAIN
        best = sorted(scores, key=lambda column: (-scores[column], column))[:TOP_K]
        return tuple(
            Hit(self._index.passages[column], scores[column], scores_of(column, ranks, passages))
            for column in best
        )

    def _allowed(self, programme: int | None) -> NDArray[np.bool_]:
        chosen = self._programmes if programme is None else programme
        return np.asarray(self._programmes == chosen)


def _ngrams(word: str) -> Iterable[str]:
    return dict.fromkeys(ngrams(word))
