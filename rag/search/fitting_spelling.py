"""What a speller learns when the index is built. Imports wordfreq."""

from collections import Counter
from collections.abc import Iterable, Iterator

import wordfreq

from rag.corpus.analytical_index import AnalyticalIndex
from rag.domain import Document, Language
from rag.search.fitting_language import SHARE_OF_QUESTIONS, WORDS_PER_LANGUAGE, counted
from rag.search.language import LATIN
from rag.search.naming import Name
from rag.search.normalisation import words
from rag.search.spelling import Frequencies, Speller

REAL_WORDS = 60_000
"""Commonest words of each language that are no mistakes: of 1,442 questions with few mistakes, a
list of 20,000 had 43 words mended and this one 18."""

Text = tuple[str, Language]


def fit_speller(
    document: Document, entries: AnalyticalIndex, asked: Iterable[Text], names: Iterable[Name]
) -> Speller:
    """The speller, from questions with their languages; words of names are no mistakes."""
    counts = counted(asked)
    fixed = counted([*_of_document(document), *((e.text, e.language) for e in entries.terms)])
    frequencies = {x: _shares(x, counts[x], fixed[x]) for x in LATIN}
    real = {word for name in names for word in words(name.text)}
    for language in LATIN:
        typed = (*wordfreq.top_n_list(language, REAL_WORDS), *counts[language], *fixed[language])
        real.update(word for spelling in typed for word in words(spelling))
    return Speller.of(frequencies, real)


def _of_document(document: Document) -> Iterator[Text]:
    for section in document.sections:
        yield section.title, "es"
        yield from ((sentence.text, "es") for sentence in section.sentences)


def _shares(language: Language, asked: Counter[str], fixed: Counter[str]) -> Frequencies:
    """How often everyday words, those of document and terms, and repeated ones are written."""
    total = asked.total() or 1
    general = wordfreq.get_frequency_dict(language)
    repeated = (word for word, count in asked.items() if count > 1)
    known = {*wordfreq.top_n_list(language, WORDS_PER_LANGUAGE), *fixed, *repeated}
    share = SHARE_OF_QUESTIONS
    return {w: (1 - share) * general.get(w, 0.0) + share * asked[w] / total for w in known}
