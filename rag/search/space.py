"""Texts as weighted features: the TF-IDF space that the embedder and the classifier share."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.domain import LANGUAGES
from rag.search.normalisation import ngrams, word_units, words
from rag.search.weighing import Weighed, Weighing

STEMMERS = tuple(language for language in LANGUAGES if language != "zh")


def features(text: str) -> list[str]:
    """Stems in every language, and character n-grams, which bridge word families and languages.

    Function words count too: «who pays» and «who comes» are learned from whole questions.
    """
    return [feature for word in words(text) for feature in _word_features(word)]


@lru_cache(maxsize=65536)
def _word_features(word: str) -> tuple[str, ...]:
    units = (f"w:{unit}" for unit in word_units(word, STEMMERS))
    return (*units, *(f"c:{gram}" for gram in ngrams(word)))


class FeatureSpace:
    """The weighing of texts."""

    def __init__(self, weighing: Weighing) -> None:
        """Take the weighing of their features."""
        self._weighing = weighing
        self.weigh = lru_cache(maxsize=256)(self._weigh)

    def _weigh(self, text: str) -> Weighed:
        """Rows and weights of the text's known features."""
        return self._weighing.weigh(features(text))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays."""
        return self._weighing.arrays("space")

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "FeatureSpace":
        """The inverse of `arrays`."""
        return cls(Weighing.from_arrays("space", arrays))
