"""The language model, learned from word frequencies when the index is built. Imports wordfreq."""

import math
from collections import Counter
from collections.abc import Iterable

import numpy as np
import wordfreq

from rag.search.language import GRAM_SIZES, LATIN, UNKNOWN_FREQUENCY, LanguageModel
from rag.search.normalisation import fold, ngrams
from rag.search.vocabulary import Vocabulary, in_order

WORDS_PER_LANGUAGE = 8000
_SMOOTHING = 0.5


def fit_language_model() -> tuple[LanguageModel, Iterable[str]]:
    """The model, and the everyday words that it knows.

    It holds word frequencies (wordfreq, Speer 2022) and the n-grams of the same words.
    """
    lists = {language: wordfreq.top_n_list(language, WORDS_PER_LANGUAGE) for language in LATIN}
    words: dict[str, dict[str, float]] = {}
    grams: dict[str, Counter[str]] = {language: Counter() for language in LATIN}
    for language, listing in lists.items():
        for word in listing:
            frequency = wordfreq.word_frequency(word, language)
            for spelling in {word, fold(word)}:
                row = words.setdefault(spelling, {})
                row[language] = row.get(language, 0.0) + frequency
            if word.isalpha():
                grams[language].update(ngrams(fold(word), GRAM_SIZES))
    spellings, vocabulary = in_order(words), in_order(set().union(*grams.values()))
    model = LanguageModel(
        Vocabulary.of(spellings),
        np.array([[_log(words[word].get(x, 0.0)) for x in LATIN] for word in spellings], "f4"),
        Vocabulary.of(vocabulary),
        np.array([_gram_logs(grams[x], vocabulary) for x in LATIN], "f4").T.copy(),
    )
    return model, spellings


def _log(frequency: float) -> float:
    return math.log(frequency + UNKNOWN_FREQUENCY)


def _gram_logs(counts: Counter[str], vocabulary: list[str]) -> list[float]:
    """Additive smoothing over the grams of all languages."""
    total = counts.total() + _SMOOTHING * len(vocabulary)
    return [math.log((counts[gram] + _SMOOTHING) / total) for gram in vocabulary]
