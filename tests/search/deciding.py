"""A linear model that has learned nothing, for tests of what rules do with a decision."""

from collections.abc import Sequence

import numpy as np

from rag.corpus.questions import CONTENT, INTENTS
from rag.search.linear import LinearModel
from rag.search.vocabulary import Vocabulary
from rag.search.weighing import Weighing


def always(
    winner: str, classes: Sequence[str] = (*INTENTS, CONTENT), lead: float = 1.0
) -> LinearModel:
    """A model that decides for the same class by the same lead, whatever it reads."""
    nothing = Weighing(Vocabulary.of([]), np.zeros(0, dtype=np.float32))
    intercepts = np.array([lead * (each == winner) for each in classes], dtype=np.float32)
    return LinearModel(classes, nothing, np.zeros((0, len(classes)), np.float16), intercepts)
