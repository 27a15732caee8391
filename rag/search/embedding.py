"""Texts as dense vectors. The default embedder is computed from the corpus: nothing to download."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.search.space import FeatureSpace

Vectors = NDArray[np.float32]
"""One row per text, unit length."""


class Embedder(Protocol):
    """Whatever turns texts into vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per text, in order; zeros for a text without known features."""
        ...


class CorpusEmbedder:
    """Latent semantic analysis (Deerwester et al. 1990): TF-IDF projected on singular vectors."""

    def __init__(self, space: FeatureSpace, projection: NDArray[np.float16]) -> None:
        """Take the singular vectors; shape (features, dimensions)."""
        self._space = space
        self._projection = projection

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._projection.shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per text, in order."""
        return np.stack([self._embed(text) for text in texts])

    def _embed(self, text: str) -> Vectors:
        rows, weights = self._space.weigh(text)
        vector = weights @ self._projection[rows].astype(np.float32)
        length = float(np.linalg.norm(vector))
        return np.asarray(vector / length if length else vector, dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything but the space as arrays."""
        return {"lsa.projection": self._projection}

    @classmethod
    def from_arrays(
        cls, space: FeatureSpace, arrays: Mapping[str, NDArray[np.generic]]
    ) -> "CorpusEmbedder":
        """The inverse of `arrays`."""
        return cls(space, arrays["lsa.projection"].astype(np.float16, copy=False))
