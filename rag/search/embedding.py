"""Texts as vectors. The default embedder is computed from the corpus: no model, no download, no network."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.search.normalisation import stems, text_ngrams

Vectors = NDArray[np.float32]
"""One row per text, unit length."""


class Embedder(Protocol):
    """Whatever turns texts into vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per text, in order; a text without known features gives a row of zeros."""
        ...


def features(text: str) -> list[str]:
    """The units that latent semantic analysis counts: stems, and character n-grams (which bridge word families)."""
    return [f"w:{stem}" for stem in stems(text)] + [f"c:{gram}" for gram in text_ngrams(text)]


class CorpusEmbedder:
    """Latent semantic analysis (Deerwester et al. 1990): TF-IDF, log tf, projected on the main singular vectors."""

    def __init__(
        self, vocabulary: Sequence[str], idf: NDArray[np.float32], projection: Vectors
    ) -> None:
        self._vocabulary = tuple(vocabulary)
        self._row_of = {feature: row for row, feature in enumerate(self._vocabulary)}
        self._idf = idf
        self._projection = projection
        """Shape (features, dimensions)."""

    @property
    def dimensions(self) -> int:
        return int(self._projection.shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._embed(text) for text in texts])

    def _embed(self, text: str) -> Vectors:
        counts = Counter(feature for feature in features(text) if feature in self._row_of)
        if not counts:
            return np.zeros(self.dimensions, dtype=np.float32)
        rows = np.array([self._row_of[feature] for feature in counts])
        tf = np.array([1 + math.log(count) for count in counts.values()], dtype=np.float32)
        vector = (tf * self._idf[rows]) @ self._projection[rows]
        length = float(np.linalg.norm(vector))
        return np.asarray(vector / length if length else vector, dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        return {
            "lsa.vocabulary": np.frombuffer("\n".join(self._vocabulary).encode(), dtype=np.uint8),
            "lsa.idf": self._idf,
            "lsa.projection": self._projection,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "CorpusEmbedder":
        """The inverse of `arrays`."""
        return cls(
            arrays["lsa.vocabulary"].tobytes().decode().split("\n"),
            arrays["lsa.idf"].astype(np.float32, copy=False),
            arrays["lsa.projection"].astype(np.float32, copy=False),
        )
