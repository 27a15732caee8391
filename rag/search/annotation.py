"""What the words of a question stand for: things the document names, things it lacks, the rest."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rag.domain import Language
from rag.search.normalisation import (
    Spans,
    is_han,
    stem,
    stopwords,
    word_spans,
    word_units,
    words,
)
from rag.search.packing import packed, unpacked
from rag.search.space import STEMMERS

KNOWN = "KNOWN"
"""Class of what the document names. Classes are upper case: no folded word equals one."""

NUMBER = "NUMBER"
WORD = "WORD"
"""A word that document or index have, though it names no thing by itself."""

RARE = "RARE"
"""A word that neither they nor everyday speech have."""

PROPER = frozenset(
    {
        "COMPANY",
        "COUNTRY",
        "CURRENCY",
        "EVENT",
        "ORGANISATION",
        "PERSON",
        "PLACE",
        "PROJECT",
        "WRITING",
    }
)
"""Classes of proper names that the document lacks."""

MAX_WORDS = 8
"""Words of the longest name that is looked for."""

MAX_HAN = 12
"""The same in Chinese characters."""


@dataclass(frozen=True, slots=True)
class Name:
    """One way to call a thing."""

    text: str
    language: Language
    label: str
    """Of what class the thing is: `KNOWN`, `COUNTRY`, `COMPANY` …"""
    thing: int
    """Names of the same thing have the same number."""

    @property
    def key(self) -> str:
        """What it is matched by."""
        return key(self.text, self.language)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a question, or several that name one thing."""

    text: str
    """Folded."""
    start: int
    """Where it begins in the folded question."""
    end: int
    label: str | None = None
    """`None` for function words and everyday words."""
    thing: int | None = None


def key(text: str, language: Language) -> str:
    """Stems in the language, or the very Chinese characters.

    >>> key("Minas de Litio", "es"), key("锂矿", "zh")
    ('es min de liti', 'zh 锂矿')
    """
    if language == "zh":
        return f"zh {''.join(words(text))}"
    return " ".join([language, *(stem(word, language) for word in words(text))])


class Annotator:
    """Finds names in questions, the longest first, from left to right."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Take what `arrays` returned."""
        self._arrays = arrays
        self._row_of = {k: row for row, k in enumerate(unpacked(arrays["annotation.keys"]))}
        self._labels = unpacked(arrays["annotation.labels"])
        self._label_of = arrays["annotation.label"].tolist()
        self._thing_of = arrays["annotation.thing"].tolist()
        self._units = frozenset(unpacked(arrays["annotation.units"]))
        self._common = frozenset(unpacked(arrays["annotation.common"]))

    @classmethod
    def of(cls, names: Iterable[Name], units: Iterable[str], common: Iterable[str]) -> "Annotator":
        """From names, the units of the words that the index knows, and everyday words."""
        return cls(arrays_of(names, units, common))

    def tokens(self, text: str, language: Language) -> tuple[Token, ...]:
        """The question's words in order, names taken together."""
        found: list[Token] = []
        pieces = word_spans(text)
        position = 0
        while position < len(pieces):
            word, start = pieces[position]
            if is_han(word):
                found.extend(self._han(word, start))
                position += 1
                continue
            token, taken = self._at(pieces, position, language)
            found.append(token)
            position += taken
        return tuple(found)

    def forms(self, thing: int, languages: Iterable[Language]) -> tuple[str, ...]:
        """What the thing is called in those languages, the first language first."""
        rows = [row for row, number in enumerate(self._thing_of) if number == thing]
        found = (
            self._forms[row] for code in languages for row in rows if self._keys[row][:2] == code
        )
        return tuple(dict.fromkeys(found))

    def knows(self, word: str) -> bool:
        """Whether document or index have a word of the same family."""
        return any(unit in self._units for unit in word_units(word, STEMMERS))

    @cached_property
    def _forms(self) -> list[str]:
        return unpacked(self._arrays["annotation.forms"])

    @cached_property
    def _keys(self) -> list[str]:
        return list(self._row_of)

    def _named(self, key_: str, text: str, start: int, end: int) -> Token | None:
        row = self._row_of.get(key_)
        if row is None:
            return None
        return Token(text, start, end, self._labels[self._label_of[row]], self._thing_of[row])

    def _at(self, pieces: Spans, position: int, language: Language) -> tuple[Token, int]:
        """The token that begins there, and how many words it takes."""
        code: Language = "es" if language == "zh" else language
        start = pieces[position][1]
        for count in range(min(MAX_WORDS, len(pieces) - position), 0, -1):
            here = [word for word, _ in pieces[position : position + count]]
            if count == 1 and here[0] in stopwords():
                break
            stemmed = " ".join([code, *(stem(word, code) for word in here)])
            last, begin = pieces[position + count - 1]
            if token := self._named(stemmed, " ".join(here), start, begin + len(last)):
                return token, count
        return self._plain(*pieces[position]), 1

    def _plain(self, word: str, start: int) -> Token:
        label: str | None = WORD if self.knows(word) else RARE
        if word.isdigit():
            label = NUMBER
        elif word in stopwords() or (label == RARE and word in self._common):
            label = None
        return Token(word, start, start + len(word), label)

    def _han(self, run: str, start: int) -> Iterator[Token]:
        """The pieces of a run of Chinese characters: names, function words, known pairs."""
        position = 0
        while position < len(run):
            token = self._han_at(run, position, start)
            yield token
            position += len(token.text)

    def _han_at(self, run: str, position: int, start: int) -> Token:
        begin = start + position
        for count in range(min(MAX_HAN, len(run) - position), 1, -1):
            here = run[position : position + count]
            if token := self._named(f"zh {here}", here, begin, begin + count):
                return token
            if here in stopwords():
                return Token(here, begin, begin + count)
            if count == 2 and here in self._units:
                return Token(here, begin, begin + count, WORD)
        return Token(run[position], begin, begin + 1)

    def arrays(self) -> Mapping[str, NDArray[np.generic]]:
        """Everything as arrays."""
        return self._arrays


def arrays_of(
    names: Iterable[Name], units: Iterable[str], common: Iterable[str]
) -> dict[str, NDArray[np.generic]]:
    """An annotator as arrays; of several names with one key the first counts."""
    by_key: dict[str, Name] = {}
    for name in names:
        by_key.setdefault(name.key, name)
    labels = sorted({name.label for name in by_key.values()})
    return {
        "annotation.keys": packed(by_key),
        "annotation.labels": packed(labels),
        "annotation.label": np.array([labels.index(n.label) for n in by_key.values()], np.uint8),
        "annotation.thing": np.array([n.thing for n in by_key.values()], np.int32),
        "annotation.forms": packed(name.text for name in by_key.values()),
        "annotation.units": packed(sorted(set(units))),
        "annotation.common": packed(sorted(set(common))),
    }
