"""From a question to ranked passages: three legs, fused by rank."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from rag.domain import Hit, LegScore, Question
from rag.search import fusion
from rag.search.bm25 import idf
from rag.search.index import Index
from rag.search.normalisation import content_words, ngrams, stem
from rag.search.postings import Scores

LEG_WEIGHTS: Mapping[str, float] = {"bm25": 1.0, "ngrams": 0.6, "dense": 0.5}

TOP_K = 30
"""Passages that are handed on."""

DENSE_TOP_K = 60


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question and the word of the document that it stands for."""

    word: str
    match: str | None
    """The word itself where the document has one of the same stem; a near spelling; `None` where there is neither."""
    weight: float
    """Lucene idf over the passages; an unknown word weighs as much as one that occurs once."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found for a question, with everything that explains it."""

    hits: tuple[Hit, ...]
    """Best first."""
    sections: tuple[str, ...]
    """Section ids in the order of their best passage."""
    terms: tuple[Term, ...]
    """In the order of the question."""

    @property
    def is_grounded(self) -> bool:
        """Whether any content word of the question occurs in the document."""
        return any(term.match for term in self.terms)


class Retriever:
    """Ranks the passages of an index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._passage_ids = {passage.id: column for column, passage in enumerate(index.passages)}
        self._programmes = np.array([passage.programme or 0 for passage in index.passages])

    def retrieve(self, question: Question) -> Retrieval:
        """The passages for a cleaned question, best first."""
        terms = self.terms(question.text)
        scores = {
            "bm25": self._mask(self._words(terms), question.programme),
            "ngrams": self._mask(self._ngrams(terms), question.programme),
            "dense": self._dense(question, terms),
        }
        rankings = {leg: fusion.ranks(values) for leg, values in scores.items()}
        fused = fusion.reciprocal_rank(rankings, LEG_WEIGHTS)
        order = sorted(fused, key=lambda column: (-fused[column], column))
        passages = self._index.passages
        hits = tuple(
            Hit(
                passage=passages[column],
                score=fused[column],
                legs={
                    leg: LegScore(ranking[column], float(scores[leg][column]))
                    for leg, ranking in rankings.items()
                    if column in ranking
                },
            )
            for column in islice(order, TOP_K)
        )
        return Retrieval(
            hits, tuple(dict.fromkeys(passages[column].section for column in order)), terms
        )

    def terms(self, text: str) -> tuple[Term, ...]:
        """The content words of a question, each with what it matches in the document."""
        return tuple(self._term(word) for word in content_words(text))

    def _term(self, word: str) -> Term:
        lexicon = self._index.lexicon
        match = word if lexicon.knows(word) else lexicon.variant(word)
        columns, _ = self._index.word_postings.row(stem(match)) if match else (np.empty(0), None)
        return Term(word, match, idf(max(1, len(columns)), len(self._index.passages)))

    def _words(self, terms: tuple[Term, ...]) -> Scores:
        return self._index.word_postings.scores(
            (stem(term.match), 1.0) for term in terms if term.match
        )

    def _ngrams(self, terms: tuple[Term, ...]) -> Scores:
        grams = ((gram, 1.0) for term in terms for gram in set(ngrams(term.word)))
        return self._index.ngram_postings.scores(grams)

    def _dense(self, question: Question, terms: tuple[Term, ...]) -> Scores:
        """Cosine similarities; 0 for passages beyond the nearest ones."""
        scores = np.zeros(len(self._index.passages), dtype=np.float32)
        vector = self._index.embedder.embed([" ".join(term.match or term.word for term in terms)])[
            0
        ]
        if not vector.any():
            return scores
        for passage, similarity in self._index.vectors.nearest(
            vector, top_k=min(DENSE_TOP_K, len(scores)), programme=question.programme
        ):
            scores[self._passage_ids[passage]] = similarity
        return scores

    def _mask(self, scores: Scores, programme: int | None) -> Scores:
        inside: NDArray[np.bool_] = self._programmes == programme
        return scores if programme is None else np.where(inside, scores, np.float32(0))
