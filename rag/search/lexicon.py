"""The words of document and index, and which of them a misspelt word stands for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.corpus.analytical_index import AnalyticalIndex
from rag.domain import Document
from rag.search.normalisation import ngrams, words
from rag.search.packing import packed, unpacked
from rag.search.postings import Postings

MIN_SIMILARITY = 0.55
"""Dice coefficient of character trigrams that a variant has: «antartida» / «antartica» is .67."""

MIN_LENGTH = 4
"""Shorter words must match exactly: nearly every three letters are close to some word."""


class Lexicon:
    """Words of the document with their character trigrams."""

    def __init__(
        self, trigrams: Postings, sizes: NDArray[np.float32], words: NDArray[np.generic]
    ) -> None:
        """Take how many trigrams each word has, and the words, packed."""
        self._trigrams = trigrams
        self._sizes = sizes
        self._packed = words
        self.variant = lru_cache(maxsize=4096)(self._variant)

    @classmethod
    def of(cls, words: Iterable[str]) -> "Lexicon":
        """The lexicon of the words of a text."""
        vocabulary = tuple(sorted(set(words)))
        rows: dict[str, dict[int, float]] = defaultdict(dict)
        for column, word in enumerate(vocabulary):
            for gram in ngrams(word, (3,)):
                rows[gram][column] = 1.0
        sizes = [len(set(ngrams(word, (3,)))) for word in vocabulary]
        return cls(
            Postings.of(rows, len(vocabulary)), np.array(sizes, np.float32), packed(vocabulary)
        )

    @cached_property
    def _words(self) -> list[str]:
        return unpacked(self._packed)

    def _variant(self, word: str) -> str | None:
        """The word of the document that is spelt most alike; `None` where none is near enough."""
        if len(word) < MIN_LENGTH or word.isdigit():
            return None
        grams = set(ngrams(word, (3,)))
        shared = self._trigrams.scores(list(grams))
        dice = 2 * shared / (self._sizes + len(grams))
        best = int(np.argmax(dice))
        return self._words[best] if dice[best] >= MIN_SIMILARITY else None

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays."""
        words = {"lexicon.sizes": self._sizes, "lexicon.words": self._packed}
        return self._trigrams.arrays("lexicon") | words

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "Lexicon":
        """The inverse of `arrays`."""
        sizes = arrays["lexicon.sizes"].astype(np.float32, copy=False)
        return cls(Postings.from_arrays("lexicon", arrays), sizes, arrays["lexicon.words"])


def vocabulary(document: Document, entries: AnalyticalIndex) -> Iterable[str]:
    """The folded words of document and terms."""
    for section in document.sections:
        yield from words(f"{document.breadcrumb(section)} {section.title}")
        for sentence in section.sentences:
            yield from words(sentence.text)
    for entry in entries.terms:
        yield from words(entry.text)
