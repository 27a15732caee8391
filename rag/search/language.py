"""Which of the four languages a question is in, told offline and from very few words."""

import re
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.domain import Language
from rag.search.normalisation import fold, ngrams
from rag.search.vocabulary import Vocabulary

LATIN: tuple[Language, ...] = ("es", "en", "pt")
"""The languages that must be told apart by their words; Chinese shows by its script."""

GRAM_SIZES = (1, 2, 3)
UNKNOWN_FREQUENCY = 2e-7
"""What stands for the frequency of a word that a language's list does not have."""

_GRAM_WEIGHT = 0.25
_GRAM_WEIGHT_OF_KNOWN = 0.3
"""A known word tells its language by itself; its letters add little."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS: Mapping[Language, re.Pattern[str]] = {
    "es": re.compile(r"[¿¡ñ]", re.IGNORECASE),
    "pt": re.compile(r"[ãõçêôâà]", re.IGNORECASE),
}
_LETTER_BONUS = 6.0
"""A letter that only one of the languages has outweighs about one frequent word."""

_DEFAULT_BONUS = 1.5
"""Spanish wins a tie: it is the language of the document."""


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without digits."""
    return _WORD.findall(text.lower())


class LanguageModel:
    """Naive Bayes over words, backed by character n-grams; frequencies from wordfreq's lists."""

    def __init__(
        self,
        words: Vocabulary,
        word_logs: NDArray[np.float32],
        grams: Vocabulary,
        gram_logs: NDArray[np.float32],
    ) -> None:
        """Take log probabilities; shapes (words, 3) and (grams, 3), columns as in `LATIN`."""
        self._words = words
        self._word_logs = word_logs
        self._grams = grams
        self._gram_logs = gram_logs
        self._of_word = lru_cache(maxsize=4096)(self._word_scores)

    def detect(self, text: str) -> Language:
        """The language of a cleaned question; Spanish where nothing tells."""
        if _HAN.search(text):
            return "zh"
        scores = self._scores(text)
        return LATIN[int(np.argmax(scores))]

    def _scores(self, text: str) -> NDArray[np.float32]:
        scores = np.zeros(len(LATIN), dtype=np.float32)
        scores[0] += _DEFAULT_BONUS
        for column, language in enumerate(LATIN):
            if language in _LETTERS and _LETTERS[language].search(text):
                scores[column] += _LETTER_BONUS
        for word in words_of(text):
            scores += self._of_word(word)
        return scores

    def _word_scores(self, word: str) -> NDArray[np.float32]:
        """Log probabilities of a word; its exact spelling first, then without accents."""
        folded = fold(word)
        row = self._words.row(word)
        row = self._words.row(folded) if row is None else row
        rows = self._grams.rows(ngrams(folded, GRAM_SIZES))
        letters = self._gram_logs[rows[rows >= 0]].sum(axis=0) * np.float32(_GRAM_WEIGHT)
        if row is None:
            return np.asarray(letters, dtype=np.float32)
        known = self._word_logs[row] + letters * np.float32(_GRAM_WEIGHT_OF_KNOWN)
        return np.asarray(known, dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays."""
        return {
            **self._words.arrays("language.words"),
            "language.word_logs": self._word_logs,
            **self._grams.arrays("language.grams"),
            "language.gram_logs": self._gram_logs,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "LanguageModel":
        """The inverse of `arrays`."""
        return cls(
            Vocabulary.from_arrays("language.words", arrays),
            arrays["language.word_logs"].astype(np.float32, copy=False),
            Vocabulary.from_arrays("language.grams", arrays),
            arrays["language.gram_logs"].astype(np.float32, copy=False),
        )
