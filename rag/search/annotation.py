"""What the words of a question stand for: things the document names, things it lacks, the rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.domain import Language
from rag.search.naming import Name, arrays_of, beginning
from rag.search.normalisation import (
    Spans,
    is_han,
    stem,
    stopwords,
    word_spans,
    word_units,
)
from rag.search.packing import unpacked
from rag.search.space import STEMMERS
from rag.search.vocabulary import Vocabulary

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

MAX_HAN = 12
"""Characters of the longest Chinese name that is looked for."""


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
    near: tuple[str, ...] = ()
    """Sections that come closest to a thing that the document lacks."""


class Annotator:
    """Finds names in questions, the longest first, from left to right."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Take what `arrays` returned."""
        self._arrays = arrays
        self._keys = Vocabulary.from_arrays("annotation.keys", arrays)
        self._starts = Vocabulary.from_arrays("annotation.starts", arrays)
        self._units = Vocabulary.from_arrays("annotation.units", arrays)
        self._common = Vocabulary.from_arrays("annotation.common", arrays)
        self._longest = arrays["annotation.longest"].tolist()
        self._labels = unpacked(arrays["annotation.labels"])
        self._label_of = arrays["annotation.label"].tolist()
        self._thing_of = arrays["annotation.thing"].tolist()
        self._nears = [(), *map(tuple, map(str.split, unpacked(arrays["annotation.nears"])))]
        self._near_of = arrays["annotation.near"].tolist()
        self._plain = lru_cache(maxsize=1 << 15)(self._plain_label)
        self.tokens = lru_cache(maxsize=64)(self._tokens)
        """The question's words in order, names taken together."""

    @classmethod
    def of(cls, names: Iterable[Name], units: Iterable[str], common: Iterable[str]) -> "Annotator":
        """From names, the units of the words that the index knows, and everyday words."""
        return cls(arrays_of(names, units, common))

    def _tokens(self, text: str, language: Language) -> tuple[Token, ...]:
        code: Language = "es" if language == "zh" else language
        pieces = word_spans(text)
        stems = ["" if is_han(word) else stem(word, code) for word, _ in pieces]
        found: list[Token] = []
        position = 0
        while position < len(pieces):
            word, start = pieces[position]
            if is_han(word):
                found.extend(self._han(word, start))
                position += 1
                continue
            token, taken = self._at(pieces, stems, position, code)
            found.append(token)
            position += taken
        return tuple(found)

    def forms(self, thing: int, languages: Iterable[Language]) -> tuple[str, ...]:
        """What the thing is called in those languages, the first language first."""
        rows = np.flatnonzero(self._arrays["annotation.thing"] == thing).tolist()
        named = [self._forms[row].partition(" ") for row in sorted(rows, key=self._order)]
        return tuple(
            dict.fromkeys(name for wanted in languages for code, _, name in named if code == wanted)
        )

    def knows(self, word: str) -> bool:
        """Whether document or index have a word of the same family."""
        return any(unit in self._units for unit in word_units(word, STEMMERS))

    @cached_property
    def _forms(self) -> list[str]:
        """Language and name of every key."""
        return unpacked(self._arrays["annotation.forms"])

    def _order(self, row: int) -> int:
        """Place of a name among those of its thing: the usual ones come first."""
        return int(self._arrays["annotation.order"][row])

    def _named(self, key_: str, text: str, start: int, end: int) -> Token | None:
        row = self._keys.row(key_)
        if row is None:
            return None
        label = self._labels[self._label_of[row]]
        near = () if label == KNOWN else self._nears[self._near_of[row]]
        return Token(text, start, end, label, self._thing_of[row], near)

    def _at(
        self, pieces: Spans, stems: Sequence[str], position: int, code: Language
    ) -> tuple[Token, int]:
        """The token that begins there, and how many words it takes."""
        word, start = pieces[position]
        end = start + len(word)
        longest = self._longest_of(code, stems[position : position + 2])
        for count in range(min(longest, len(pieces) - position), 1, -1):
            stemmed = " ".join([code, *stems[position : position + count]])
            last, begin = pieces[position + count - 1]
            text = " ".join(piece for piece, _ in pieces[position : position + count])
            if token := self._named(stemmed, text, start, begin + len(last)):
                return token, count
        if word in stopwords():
            return Token(word, start, end), 1
        exact = self._named(f"{code}={word}", word, start, end)
        family = exact or self._named(f"{code} {stems[position]}", word, start, end)
        return family or Token(word, start, end, self._plain(word)), 1

    def _longest_of(self, code: str, units: Sequence[str]) -> int:
        """Words, or Chinese characters, of the longest name that begins so; else one."""
        begins = self._starts.row(beginning(code, units)) if len(units) > 1 else None
        return 1 if begins is None else int(self._longest[begins])

    def _plain_label(self, word: str) -> str | None:
        """Class of a word that names nothing."""
        if word.isdigit():
            return NUMBER
        if self.knows(word):
            return WORD
        return None if word in self._common else RARE

    def _han(self, run: str, start: int) -> Iterator[Token]:
        """The pieces of a run of Chinese characters: names, function words, known pairs."""
        position = 0
        while position < len(run):
            token = self._han_at(run, position, start)
            yield token
            position += len(token.text)

    def _han_at(self, run: str, position: int, start: int) -> Token:
        begin = start + position
        longest = self._longest_of("zh", run[position : position + 2])
        for count in range(min(MAX_HAN, len(run) - position), 0, -1):
            here = run[position : position + count]
            is_named = count <= longest
            if is_named and (token := self._named(f"zh {here}", here, begin, begin + count)):
                return token
            if here in stopwords():
                return Token(here, begin, begin + count)
            if count == 2 and here in self._units:
                return Token(here, begin, begin + count, WORD)
        return Token(run[position], begin, begin + 1)

    def arrays(self) -> Mapping[str, NDArray[np.generic]]:
        """Everything as arrays."""
        return self._arrays
