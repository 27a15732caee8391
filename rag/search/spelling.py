"""Misspelt words, and which words they stand for. The only module that imports rapidfuzz."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.domain import Language
from rag.search.asking import QUOTED
from rag.search.language import LATIN
from rag.search.normalisation import fold
from rag.search.packing import packed, unpacked
from rag.search.sounds import sound
from rag.search.vocabulary import Vocabulary, in_order

MIN_LENGTH = 4
"""Letters of the shortest word that is mended: nearly every three letters are close to some word.
Of so few no letter is changed, only added, left out or swapped."""

MIN_LENGTH_OF_TWO = 9
"""Letters of a word that may have two mistakes, its first letter not among them."""

FIRST_LETTER = 0.5
"""What another first letter counts beside a mistake: it is rarely mistyped."""

MIN_LENGTH_OF_RARE = 6
COMMON = 5e-5
"""A rare word is taken for a mistake only where it has so many letters, and a letter left out or
two swapped make it of a word with this share of all words: «desarollo», but not «venderán».
"""

COMMON_SOUND = 1e-5
"""A word is taken for one that sounds the same where that has this share of all words."""

_WORD = re.compile(r"[^\W\d_]+")
_STOPS = frozenset(".?!:;…")
"""What ends a sentence."""

Correction = tuple[str, str]
"""A word as it was typed, and the word that it stands for."""

Frequencies = Mapping[str, float]
"""Spelling → share of all words of a language."""


class Speller:
    """Mends words that no list of real words has, by one that sounds the same or is spelt alike.

    The commonest of those is taken.

    Optimal string alignment (Damerau 1964: a letter added, left out, changed or swapped with its
    neighbour is one mistake), over the words of questions, document and everyday speech.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Take what `arrays` returned."""
        self._arrays = arrays
        self._real = Vocabulary.from_arrays("spelling.real", arrays)
        self._rare = Vocabulary.from_arrays("spelling.rare", arrays)
        self._words_of = lru_cache(maxsize=len(LATIN))(self._load)
        self._sounds_of = lru_cache(maxsize=len(LATIN))(self._by_sound)
        self._meant = lru_cache(maxsize=4096)(self._nearest)

    @classmethod
    def of(
        cls,
        frequencies: Mapping[Language, Frequencies],
        real: Iterable[str],
        rare: Iterable[str] = (),
    ) -> "Speller":
        """From the words that a misspelt one may stand for, and folded ones that are left alone.

        Of the latter, `rare` ones are mended too where they are close to a common word.
        """
        arrays: dict[str, NDArray[np.generic]] = {}
        folded = set(real)
        for language, shares in frequencies.items():
            words = sorted(_spellings(shares), key=lambda word: (len(fold(word)), word))
            folded.update(map(fold, words))
            arrays[f"spelling.{language}.words"] = packed(words)
            arrays[f"spelling.{language}.shares"] = np.array([shares[w] for w in words], "f4")
            arrays[f"spelling.{language}.sounds"] = packed([sound(w, language) for w in words])
        arrays |= Vocabulary.of(in_order(folded)).arrays("spelling.real")
        return cls(arrays | Vocabulary.of(in_order(set(rare) - folded)).arrays("spelling.rare"))

    def mend(self, text: str, language: Language) -> tuple[str, tuple[Correction, ...]]:
        """The text with its misspelt words mended, and what was mended.

        Quotations and names are left alone: words with a capital inside a sentence, and words in
        capitals among others that are not.
        """
        if language not in LATIN:
            return text, ()
        mended, end = "", 0
        corrections: list[Correction] = []
        for start, word in self._strange(text):
            if meant := self._meant(fold(word), language):
                spelt = meant.upper() if word.isupper() else meant
                spelt = spelt.capitalize() if word.istitle() else spelt
                corrections.append((word, spelt))
                mended += text[end:start] + spelt
                end = start + len(word)
        return mended + text[end:], tuple(corrections)

    def _strange(self, text: str) -> Iterator[tuple[int, str]]:
        """Where words stand that no list of real words has, and the words."""
        shouts = text.isupper() and len(_WORD.findall(text)) > 1
        quoted = [found.span() for found in QUOTED.finditer(text)]
        end = 0
        for found in _WORD.finditer(text):
            word, begins = found[0], not end or not _STOPS.isdisjoint(text[end : found.start()])
            end = found.end()
            folded = fold(word)
            if len(folded) < MIN_LENGTH or not folded.isascii() or folded in self._real:
                continue
            is_name = not shouts and (word.isupper() or (word[0].isupper() and not begins))
            if not is_name and not any(a <= found.start() < b for a, b in quoted):
                yield found.start(), word

    def _nearest(self, word: str, language: Language) -> str | None:
        """The commonest of the words with the fewest mistakes; `None` where none is near."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        natural, folded, starts, shares = self._words_of(language)
        is_rare = word in self._rare
        if alike := self._alike(word, language):
            return alike
        if is_rare and len(word) < MIN_LENGTH_OF_RARE:
            return None
        limit = 2 if len(word) >= MIN_LENGTH_OF_TWO and not is_rare else 1
        shortest, longest = len(word) - limit, min(len(word) + limit, len(starts) - 2)
        first = starts[min(shortest, longest)]
        among = folded[first : starts[longest + 1]]
        near = [
            (mistakes + FIRST_LETTER * (other[0] != word[0]), -shares[first + place], first + place)
            for other, mistakes, place in process.extract(
                word, among, scorer=OSA.distance, score_cutoff=limit, limit=None
            )
            if _may_stand_for(word, other, int(mistakes))
            and not (is_rare and (shares[first + place] < COMMON or _is_changed(word, other)))
        ]
        return natural[min(near)[2]] if near else None

    def _alike(self, word: str, language: Language) -> str | None:
        """The commonest of the common words that sound the same; `None` where none does."""
        natural, _, _, shares = self._words_of(language)
        places = self._sounds_of(language).get(sound(word, language), ())
        common = [place for place in places if shares[place] >= COMMON_SOUND]
        return natural[max(common, key=shares.__getitem__)] if common else None

    def _by_sound(self, language: Language) -> Mapping[str, Sequence[int]]:
        """Sound → places of the words."""
        places: dict[str, list[int]] = defaultdict(list)
        for place, heard in enumerate(unpacked(self._arrays[f"spelling.{language}.sounds"])):
            places[heard].append(place)
        return places

    def _load(
        self, language: Language
    ) -> tuple[Sequence[str], Sequence[str], Sequence[int], Sequence[float]]:
        """Words by length, the same folded, where each length begins, and their shares."""
        natural = unpacked(self._arrays[f"spelling.{language}.words"])
        folded = [fold(word) for word in natural]
        lengths = [len(word) for word in folded]
        starts = np.searchsorted(lengths, range(max(lengths, default=0) + 2)).tolist()
        return natural, folded, starts, self._arrays[f"spelling.{language}.shares"].tolist()

    def arrays(self) -> Mapping[str, NDArray[np.generic]]:
        """Everything as arrays."""
        return self._arrays


def _spellings(shares: Frequencies) -> Iterable[str]:
    """One word for every way to write without accents: «también», not «tambien»."""
    commonest: dict[str, str] = {}
    for word in sorted(shares, key=lambda word: (shares[word], word)):
        if word.isalpha() and fold(word).isascii():
            commonest[fold(word)] = word
    return commonest.values()


def _may_stand_for(word: str, other: str, mistakes: int) -> bool:
    if mistakes > 1:
        return word[0] == other[0]
    return len(word) > MIN_LENGTH or len(word) != len(other) or not _is_changed(word, other)


def _is_changed(word: str, other: str) -> bool:
    """Whether the word has a letter that the other one has not, in number."""
    return not Counter(word) <= Counter(other)
