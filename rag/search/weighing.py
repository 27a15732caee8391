"""TF-IDF weights of named features: the space that linear models and the embedder work in."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from rag.search.vocabulary import Vocabulary

Weighed = tuple[NDArray[np.intp], NDArray[np.float32]]
"""Rows of the known features, and their weights."""


class Weighing:
    """A vocabulary with idf weights."""

    def __init__(self, vocabulary: Vocabulary, idf: NDArray[np.float32]) -> None:
        """Take one idf per row."""
        self._vocabulary = vocabulary
        self._idf = idf

    def weigh(self, features: Iterable[str]) -> Weighed:
        """Weights `(1 + ln tf) · idf`, unit length."""
        counts = Counter(features)
        rows = self._vocabulary.rows(list(counts))
        known = rows >= 0
        tf = np.array([1 + math.log(count) for count in counts.values()], dtype=np.float32)
        weights = tf[known] * self._idf[rows[known]]
        length = float(np.linalg.norm(weights)) or 1.0
        return rows[known], np.asarray(weights / length, dtype=np.float32)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays, under keys that begin with the name."""
        return {**self._vocabulary.arrays(name), f"{name}.idf": self._idf}

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, NDArray[np.generic]]) -> "Weighing":
        """The inverse of `arrays`."""
        idf = arrays[f"{name}.idf"].astype(np.float32, copy=False)
        return cls(Vocabulary.from_arrays(name, arrays), idf)
