"""The dense leg: passages by the cosine of their vectors to the question's."""

import logging
import time
from dataclasses import dataclass

import numpy as np

from rag.errors import ModelError
from rag.search.embedding import Vectors
from rag.search.index import Index
from rag.search.postings import Scores

log = logging.getLogger(__name__)

TOP_K = 100
"""Passages asked for from the vector store; the others count as 0."""

PAUSE_SECONDS = 30.0
"""How long an embedder that failed is left alone, so that not every search waits for it."""


@dataclass(frozen=True, slots=True)
class Similarities:
    """What the leg says."""

    scores: Scores
    """One per passage, none below 0; all 0 where it has no say."""
    warning: str | None = None
    """Why it has none, where its embedder failed."""


class DenseLeg:
    """Scores every passage of an index; safe for several threads."""

    def __init__(self, index: Index, *, has_say: bool = True) -> None:
        """Take the embedder and the collection of an index; without a say neither is asked."""
        self._has_say = has_say
        self._embedder = index.embedder
        self._vectors = index.vectors
        self._columns = {passage.id: column for column, passage in enumerate(index.passages)}
        # Models from elsewhere find everything a little alike: to cut their list off would tear a
        # gap between its last passage and the next.
        self._top_k = len(self._columns) if self._embedder.reads_prose else TOP_K
        self._failure = (0.0, "")

    def scores(self, question: str, words: str, programme: int | None) -> Similarities:
        """The similarities to a question, or to its corrected words, whichever the embedder takes.

        Raises:
            IndexStoreError: the collection does not fit the embedder, or cannot be read.
        """
        scores = np.zeros(len(self._columns), dtype=np.float32)
        text = question if self._embedder.reads_prose else words
        until, warning = self._failure
        if time.monotonic() < until:
            return Similarities(scores, warning)
        if not self._has_say or not text.strip():
            return Similarities(scores)
        try:
            vector = self._embedder.embed([text])[0]
        except ModelError as error:
            return Similarities(scores, self._failed(error))
        return Similarities(self._filled(scores, vector, programme))

    def _failed(self, error: ModelError) -> str:
        """What is said of a failure, now and until the embedder is tried again."""
        log.info("dense leg left out: %s", error.problem)
        warning = f"Se buscó sin vectores. {error}"
        self._failure = (time.monotonic() + PAUSE_SECONDS, warning)
        return warning

    def _filled(self, scores: Scores, vector: Vectors, programme: int | None) -> Scores:
        if vector.any():
            top_k = min(self._top_k, len(scores))
            for passage, cosine in self._vectors.nearest(vector, top_k=top_k, programme=programme):
                scores[self._columns[passage]] = max(0.0, cosine)
        return scores
