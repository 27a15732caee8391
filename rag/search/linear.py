"""Linear models over named features: learned when the index is built, arrays afterwards."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.search.packing import packed, unpacked
from rag.search.weighing import Weighing


class LinearModel:
    """One decision value per class."""

    def __init__(
        self,
        classes: Sequence[str],
        weighing: Weighing,
        coefficients: NDArray[np.float16],
        intercepts: NDArray[np.float32],
    ) -> None:
        """Take shapes (features, classes) and (classes,)."""
        self.classes = tuple(classes)
        self._weighing = weighing
        self._coefficients = coefficients
        self._intercepts = intercepts

    def decide(self, features: Iterable[str]) -> Mapping[str, float]:
        """Class → decision value; higher is likelier."""
        rows, weights = self._weighing.weigh(features)
        decision = weights @ self._coefficients[rows].astype(np.float32) + self._intercepts
        return dict(zip(self.classes, decision.tolist(), strict=True))

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays, under keys that begin with the name."""
        return {
            **self._weighing.arrays(name),
            f"{name}.classes": packed(self.classes),
            f"{name}.coef": self._coefficients,
            f"{name}.intercept": self._intercepts,
        }

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, NDArray[np.generic]]) -> "LinearModel":
        """The inverse of `arrays`."""
        return cls(
            unpacked(arrays[f"{name}.classes"]),
            Weighing.from_arrays(name, arrays),
            arrays[f"{name}.coef"].astype(np.float16, copy=False),
            arrays[f"{name}.intercept"].astype(np.float32, copy=False),
        )
