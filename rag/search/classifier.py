"""A linear classifier over sections, learned from the document and its analytical index."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rag.search.postings import Scores
from rag.search.space import FeatureSpace


class SectionClassifier:
    """One-against-the-rest decision values (linear support vector machine)."""

    def __init__(
        self,
        space: FeatureSpace,
        coefficients: NDArray[np.float16],
        intercepts: NDArray[np.float32],
    ) -> None:
        """Take shapes (features, sections) and (sections,)."""
        self._space = space
        self._coefficients = coefficients
        self._intercepts = intercepts

    def decide(self, text: str) -> Scores:
        """One decision value per section, in document order; higher is likelier."""
        rows, weights = self._space.weigh(text)
        decision = weights @ self._coefficients[rows].astype(np.float32)
        return np.asarray(decision + self._intercepts, dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything but the space as arrays."""
        return {"sections.coef": self._coefficients, "sections.intercept": self._intercepts}

    @classmethod
    def from_arrays(
        cls, space: FeatureSpace, arrays: Mapping[str, NDArray[np.generic]]
    ) -> "SectionClassifier":
        """The inverse of `arrays`."""
        return cls(
            space,
            arrays["sections.coef"].astype(np.float16, copy=False),
            arrays["sections.intercept"].astype(np.float32, copy=False),
        )
