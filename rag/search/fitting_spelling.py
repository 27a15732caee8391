"""What a speller learns when the index is built. Imports wordfreq."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import wordfreq

from rag.corpus.analytical_index import AnalyticalIndex
from rag.domain import Document, Language
from rag.search.fitting_language import SHARE_OF_QUESTIONS, WORDS_PER_LANGUAGE, counted
from rag.search.language import LATIN
from rag.search.naming import Name
from rag.search.normalisation import words
from rag.search.spelling import Frequencies, Speller

REAL_WORDS = 30_000
"""Commonest words of each language that are no mistakes."""

RARE_WORDS = 60_000
"""The next commonest are rare, and so is what stands in questions alone, where some is misspelt."""

Text = tuple[str, Language]


def fit_speller(
    document: Document,
    entries: AnalyticalIndex,
    counts: Mapping[Language, Counter[str]],
    names: Iterable[Name],
) -> Speller:
    """The speller, from the words of questions by language; words of names are no mistakes."""
    fixed = counted([*_of_document(document), *((e.text, e.language) for e in entries.terms)])
    frequencies = {x: _shares(x, counts[x], fixed[x]) for x in LATIN}
    real = {word for name in names for word in words(name.text)}
    rare: set[str] = set()
    for language in LATIN:
        listed = wordfreq.top_n_list(language, RARE_WORDS)
        real.update(_folded([*listed[:REAL_WORDS], *fixed[language]]))
        rare.update(_folded([*listed[REAL_WORDS:], *counts[language]]))
    return Speller.of(frequencies, real, rare)


def _folded(spellings: Iterable[str]) -> Iterator[str]:
    return (word for spelling in spellings for word in words(spelling))


def _of_document(document: Document) -> Iterator[Text]:
    for section in document.sections:
        yield section.title, "es"
        yield from ((sentence.text, "es") for sentence in section.sentences)


def _shares(language: Language, asked: Counter[str], fixed: Counter[str]) -> Frequencies:
    """How often everyday words, those of document and terms, and repeated ones are written.

    Of the repeated ones only those among the real words: some are misspelt time and again.
    """
    total = asked.total() or 1
    general = wordfreq.get_frequency_dict(language)
    repeated = {word for word, count in asked.items() if count > 1}
    listed = wordfreq.top_n_list(language, REAL_WORDS)
    known = {*listed[:WORDS_PER_LANGUAGE], *fixed, *repeated.intersection(listed)}
    share = SHARE_OF_QUESTIONS
    return {w: (1 - share) * general.get(w, 0.0) + share * asked[w] / total for w in known}
