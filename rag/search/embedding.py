"""Texts as dense vectors. The default embedder is computed from the corpus: nothing to download."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.search.space import FeatureSpace

Vectors = NDArray[np.float32]
"""One row per text, unit length."""


class Embedder(Protocol):
    """Whatever turns questions into vectors of the passages' space."""

    @property
    def reads_prose(self) -> bool:
        """Whether it takes a question as it was asked, not the corrected words that tell."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per text, in order; zeros for a text without known features."""


class PassageEmbedder(Embedder, Protocol):
    """One that was not learned from the corpus: it makes the passages' vectors as well."""

    @property
    def name(self) -> str:
        """What the operator calls it."""

    @property
    def fingerprint(self) -> str:
        """Changes with whatever changes its vectors."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per passage, in order."""


class CorpusEmbedder:
    """Latent semantic analysis (Deerwester et al. 1990): TF-IDF projected on singular vectors."""

    reads_prose = False

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
