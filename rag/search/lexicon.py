"""The words of document and index, and which of them a misspelt word stands for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.search.normalisation import ngrams, stem
from rag.search.postings import Postings

MIN_SIMILARITY = 0.55
"""Dice coefficient of character trigrams that a variant has: «antartida» / «antartica» is .67."""

MIN_LENGTH = 4
"""Shorter words must match exactly: nearly every three letters are close to some word."""


class Lexicon:
    """Words of the document with their character trigrams."""

    def __init__(self, trigrams: Postings, vocabulary: tuple[str, ...]) -> None:
        self._trigrams = trigrams
        self._words = vocabulary
        self._stems = frozenset(map(stem, vocabulary))
        self._sizes = np.array(
            [len(set(ngrams(word, (3,)))) for word in vocabulary], dtype=np.float32
        )
        self.variant = lru_cache(maxsize=4096)(self._variant)

    @classmethod
    def of(cls, words: Iterable[str]) -> "Lexicon":
        """The lexicon of the words of a text."""
        vocabulary = tuple(sorted(set(words)))
        rows: dict[str, dict[int, float]] = defaultdict(dict)
        for column, word in enumerate(vocabulary):
            for gram in ngrams(word, (3,)):
                rows[gram][column] = 1.0
        return cls(Postings.of(rows, len(vocabulary)), vocabulary)

    def knows(self, word: str) -> bool:
        """Whether the document has a word of the same stem."""
        return stem(word) in self._stems

    def _variant(self, word: str) -> str | None:
        """The word of the document that is spelt most alike; `None` where none is near enough."""
        if len(word) < MIN_LENGTH or word.isdigit():
            return None
        grams = set(ngrams(word, (3,)))
        shared = self._trigrams.scores((gram, 1.0) for gram in grams)
        dice = 2 * shared / (self._sizes + len(grams))
        best = int(np.argmax(dice))
        return self._words[best] if dice[best] >= MIN_SIMILARITY else None

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays."""
        listing = np.frombuffer("\n".join(self._words).encode(), dtype=np.uint8)
        return self._trigrams.arrays("lexicon") | {"lexicon.words": listing}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "Lexicon":
        """The inverse of `arrays`."""
        vocabulary = tuple(arrays["lexicon.words"].tobytes().decode().split("\n"))
        return cls(Postings.from_arrays("lexicon", arrays), vocabulary)
