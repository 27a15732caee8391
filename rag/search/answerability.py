"""What questions sound like that a document of this kind does not answer."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.domain import Reason
from rag.search.asking import asked_kinds
from rag.search.normalisation import is_han, words

REASONS: tuple[Reason, ...] = (
    "absent_topic",
    "absent_detail",
    "false_premise",
    "other_document",
    "out_of_domain",
    "greeting",
)


def question_features(text: str) -> list[str]:
    """What a question sounds like: words, pairs of words, the kinds of thing it asks for."""
    units: list[str] = []
    for word in words(text):
        pairs = [word[i : i + 2] for i in range(len(word) - 1)] if is_han(word) else []
        units.extend(pairs or [word])
    pairs = [f"{first} {second}" for first, second in pairwise(units)]
    return [*units, *pairs, *(f"asks:{kind}" for kind in sorted(asked_kinds(text)))]


class AnswerabilityModel:
    """Logistic regression over what questions sound like, one output per reason and one for any."""

    def __init__(
        self,
        vocabulary: Sequence[str],
        idf: NDArray[np.float32],
        coefficients: NDArray[np.float16],
        intercepts: NDArray[np.float32],
    ) -> None:
        """Take shapes (features,), (features, 1 + reasons) and (1 + reasons,)."""
        self._vocabulary = tuple(vocabulary)
        self._row_of = {feature: row for row, feature in enumerate(self._vocabulary)}
        self._idf = idf
        self._coefficients = coefficients
        self._intercepts = intercepts

    def decide(self, text: str) -> NDArray[np.float32]:
        """Decision values: silent at all, then one per reason, as in `REASONS`."""
        counts = Counter(
            row for f in question_features(text) if (row := self._row_of.get(f)) is not None
        )
        rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
        tf = np.array([1 + math.log(count) for count in counts.values()], dtype=np.float32)
        weights = tf * self._idf[rows]
        length = float(np.linalg.norm(weights)) or 1.0
        decision = (weights / length) @ self._coefficients[rows].astype(np.float32)
        return np.asarray(decision + self._intercepts, dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays."""
        return {
            "answerability.vocabulary": np.frombuffer("\n".join(self._vocabulary).encode(), "u1"),
            "answerability.idf": self._idf,
            "answerability.coef": self._coefficients,
            "answerability.intercept": self._intercepts,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "AnswerabilityModel":
        """The inverse of `arrays`."""
        return cls(
            arrays["answerability.vocabulary"].tobytes().decode().split("\n"),
            arrays["answerability.idf"].astype(np.float32, copy=False),
            arrays["answerability.coef"].astype(np.float16, copy=False),
            arrays["answerability.intercept"].astype(np.float32, copy=False),
        )
