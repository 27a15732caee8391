"""Texts as weighted features: the TF-IDF space that the embedder and the classifier share."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.domain import LANGUAGES
from rag.search.normalisation import ngrams, stopwords, word_units, words

STEMMERS = tuple(language for language in LANGUAGES if language != "zh")


def features(text: str) -> list[str]:
    """Stems in every language, and character n-grams, which bridge word families and languages."""
    stop = stopwords()
    return [feature for w in words(text) if w not in stop for feature in _word_features(w)]


@lru_cache(maxsize=65536)
def _word_features(word: str) -> tuple[str, ...]:
    units = (f"w:{unit}" for unit in word_units(word, STEMMERS))
    return (*units, *(f"c:{gram}" for gram in ngrams(word)))


class FeatureSpace:
    """A vocabulary with idf weights."""

    def __init__(self, vocabulary: Sequence[str], idf: NDArray[np.float32]) -> None:
        """Take one idf per feature."""
        self.vocabulary = tuple(vocabulary)
        self._row_of = {feature: row for row, feature in enumerate(self.vocabulary)}
        self._idf = idf
        self.weigh = lru_cache(maxsize=256)(self._weigh)

    def _weigh(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Rows of the text's known features with their weights `(1 + ln tf) · idf`, unit length."""
        counts = Counter(row for f in features(text) if (row := self._row_of.get(f)) is not None)
        rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
        tf = np.array([1 + math.log(count) for count in counts.values()], dtype=np.float32)
        weights = tf * self._idf[rows] if len(rows) else tf
        length = float(np.linalg.norm(weights))
        return rows, np.asarray(weights / length if length else weights, dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays."""
        return {
            "space.vocabulary": np.frombuffer("\n".join(self.vocabulary).encode(), dtype=np.uint8),
            "space.idf": self._idf,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "FeatureSpace":
        """The inverse of `arrays`."""
        return cls(
            arrays["space.vocabulary"].tobytes().decode().split("\n"),
            arrays["space.idf"].astype(np.float32, copy=False),
        )
