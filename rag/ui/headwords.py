"""The entries of the analytical index in the order of a printed one: letters, headwords, leaves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.corpus.analytical_index import Entry
from rag.domain import Language
from rag.search.normalisation import fold

LEAF = 50
"""Headwords on one leaf."""

DIGITS = "0–9"
"""Where headwords stand that begin with no letter; after the letters."""

LONG = 6
"""Chinese headwords of so many characters or more stand together."""


@dataclass(frozen=True, slots=True)
class Headword:
    """A term as it is read, with every place that it leads to."""

    text: str
    language: Language
    entries: tuple[Entry, ...]
    """One per section, in the order of the index."""


Shelf = Mapping[str, Sequence[Headword]]
"""Letter → headwords, both in alphabetical order."""


def shelf(terms: Iterable[Entry], language: Language) -> Shelf:
    """The headwords of a language by letter; Chinese ones by their number of characters."""
    heading = _length if language == "zh" else _letter
    headwords = sorted(
        _headwords(terms, language),
        key=lambda word: (heading(word) == DIGITS, heading(word), _order(word)),
    )
    return {letter: tuple(words) for letter, words in groupby(headwords, heading)}


def matches(of: Shelf, sought: str) -> tuple[Headword, ...]:
    """Headwords with a word that begins like that, in Chinese with those characters anywhere.

    Those that themselves begin like that come first.
    """
    prefix = " ".join(fold(sought).split())
    found = [
        (not folded.startswith(prefix), word)
        for words in of.values()
        for word in words
        if _has(folded := fold(word.text), prefix, word.language)
    ]
    return tuple(word for _, word in sorted(found, key=lambda pair: pair[0]))


def leaves(headwords: Sequence[Headword]) -> list[Sequence[Headword]]:
    """The headwords cut into leaves."""
    return [headwords[start : start + LEAF] for start in range(0, len(headwords), LEAF)]


def _headwords(terms: Iterable[Entry], language: Language) -> Iterable[Headword]:
    """Spellings that differ in capitals alone are one headword."""
    found: dict[str, list[Entry]] = {}
    for entry in terms:
        if entry.language == language:
            found.setdefault(entry.text.casefold(), []).append(entry)
    for entries in found.values():
        by_section = {entry.section: entry for entry in reversed(entries)}
        kept = (entry for entry in entries if by_section[entry.section] is entry)
        yield Headword(entries[0].text, language, tuple(kept))


def _letter(word: Headword) -> str:
    first = fold(word.text)[:1].upper()
    return first if first.isalpha() else DIGITS


def _length(word: Headword) -> str:
    size = len(word.text)
    return f"{LONG}+" if size >= LONG else str(size)


def _order(word: Headword) -> tuple[str, str]:
    """Accents count only between words that are alike without them; ñ comes after n."""
    lowered = word.text.casefold()
    return fold(lowered.replace("ñ", "n\uffff")), lowered


def _has(folded: str, prefix: str, language: Language) -> bool:
    if language == "zh":
        return prefix in folded
    return f" {prefix}" in f" {folded.translate(_AS_SPACE)}"


_AS_SPACE = str.maketrans("-/(«“'’", "       ")
