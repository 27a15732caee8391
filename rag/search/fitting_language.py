"""The language model, learned from word frequencies when the index is built. Imports wordfreq."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import wordfreq

from rag.domain import Language
from rag.search.language import (
    GRAM_SIZES,
    LATIN,
    UNKNOWN_FREQUENCY,
    LanguageModel,
    words_of,
)
from rag.search.normalisation import clean, fold, ngrams
from rag.search.vocabulary import Vocabulary, in_order

WORDS_PER_LANGUAGE = 8000
SHARE_OF_QUESTIONS = 0.4
"""How much the frequencies in questions count beside those in everything that people write.

«O documento menciona o café?»: in questions the article tells more than *menciona*, which is
commoner in Spanish prose.
"""

_SMOOTHING = 0.5


def fit_language_model(
    counts: Mapping[Language, Counter[str]],
) -> tuple[LanguageModel, Iterable[str]]:
    """The model, from the words of questions by language, and the everyday words that it knows.

    It holds word frequencies (wordfreq, Speer 2022, and the questions) and the n-grams of words.
    """
    lists = {language: wordfreq.top_n_list(language, WORDS_PER_LANGUAGE) for language in LATIN}
    everyday = {spelling for words in lists.values() for word in words for spelling in _both(word)}
    frequencies = _frequencies(everyday, counts)
    grams = {language: _grams(words) for language, words in lists.items()}
    spellings, vocabulary = in_order(frequencies), in_order(set().union(*grams.values()))
    logs = [[_log(frequencies[word].get(x, 0.0)) for x in LATIN] for word in spellings]
    model = LanguageModel(
        Vocabulary.of(spellings),
        np.array(logs, "f4"),
        Vocabulary.of(vocabulary),
        np.array([_gram_logs(grams[x], vocabulary) for x in LATIN], "f4").T.copy(),
    )
    return model, in_order(everyday)


def counted(asked: Iterable[tuple[str, Language]]) -> Mapping[Language, Counter[str]]:
    """How often each word stands in the questions of a language."""
    counts: dict[Language, Counter[str]] = {language: Counter() for language in LATIN}
    for text, language in asked:
        if language in counts:
            counts[language].update(words_of(clean(text)))
    return counts


def _frequencies(
    everyday: Iterable[str], counts: Mapping[Language, Counter[str]]
) -> Mapping[str, Mapping[Language, float]]:
    """Spelling → language → share of all words; a word of one language is looked up in all."""
    repeated = {word for counted in counts.values() for word, n in counted.items() if n > 1}
    totals = {language: counted.total() or 1 for language, counted in counts.items()}
    frequencies: dict[str, dict[Language, float]] = defaultdict(lambda: defaultdict(float))
    shares = {language: wordfreq.get_frequency_dict(language) for language in counts}
    # Sorted: sums of floats depend on their order, and every build has to give the same ones.
    for word in sorted({*everyday, *repeated}):
        for language, total in totals.items():
            general = shares[language].get(word, 0.0)
            frequency = general + SHARE_OF_QUESTIONS * (counts[language][word] / total - general)
            for spelling in _both(word):
                frequencies[spelling][language] += frequency
    return frequencies


def _both(word: str) -> set[str]:
    """As it is spelt, and without accents."""
    return {word, fold(word)}


def _grams(words: Iterable[str]) -> Counter[str]:
    grams: Counter[str] = Counter()
    for word in words:
        if word.isalpha():
            grams.update(ngrams(fold(word), GRAM_SIZES))
    return grams


def _log(frequency: float) -> float:
    return math.log(frequency + UNKNOWN_FREQUENCY)


def _gram_logs(counts: Counter[str], vocabulary: list[str]) -> list[float]:
    """Additive smoothing over the grams of all languages."""
    total = counts.total() + _SMOOTHING * len(vocabulary)
    return [math.log((counts[gram] + _SMOOTHING) / total) for gram in vocabulary]
