"""From text to the units that are matched: words, stems, character n-grams."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import snowballstemmer

from rag.domain import LANGUAGES, Language

STOPWORDS = Path(__file__).parent / "data" / "stopwords.toml"
TRADITIONAL = Path(__file__).parent / "data" / "traditional.toml"

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
"""Chinese characters; what stands between the two blocks are symbols."""
_WORD = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_MARKS = re.compile(r"[\u0300-\u036f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    r"""The text without control and bidirectional marks and lone surrogates, white space folded.

    >>> clean('  ¿Qué\x00 dice\u202e de\n\tChina? ')
    '¿Qué dice de China?'
    """
    text = _SURROGATE.sub("", _CONTROL.sub("", text))
    return " ".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without diacritics, Chinese in simplified characters.

    ñ becomes n, since people leave its tilde out like an accent.

    >>> fold('Jóvenes de ESPAÑA'), fold('團結')
    ('jovenes de espana', '团结')
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    folded = _MARKS.sub("", decomposed)
    return folded if folded.isascii() else folded.translate(_simplified())


@cache
def _simplified() -> dict[int, int]:
    """Traditional Chinese characters → simplified ones, as code points."""
    table = tomllib.loads(TRADITIONAL.read_text(encoding="utf-8"))
    traditional, simplified = ("".join(table[k].split()) for k in ("traditional", "simplified"))
    return {ord(a): ord(b) for a, b in zip(traditional, simplified, strict=True)}


def words(text: str) -> list[str]:
    """Folded words in order; a run of Chinese characters counts as one word.

    >>> words('Científico-tecnológica, Resolución 1540 中国5G')
    ['cientifico', 'tecnologica', 'resolucion', '1540', '中国', '5g']
    """
    return _WORD.findall(fold(text))


Spans = list[tuple[str, int]]


def word_spans(text: str) -> Spans:
    """Folded words with where they begin in the folded text."""
    return [(match[0], match.start()) for match in _WORD.finditer(fold(text))]


def content_words(text: str) -> list[str]:
    """Words that carry a topic, in order, each once; Chinese runs are cut at function words.

    Words that nearly every question holds (`China`, `países`) count only where there are no others.
    """
    stop = _listing("es", "en", "pt")
    kept: list[str] = []
    for word in words(text):
        if is_han(word):
            kept.extend(piece for piece in _cut("zh").split(word) if piece)
        elif word not in stop and len(word) > 1:
            kept.append(word)
    telling = [piece for word in kept for piece in _telling(word)]
    return list(dict.fromkeys(telling or kept))


def _telling(word: str) -> list[str]:
    """The word, or what is left of it, without what nearly every question holds."""
    if is_han(word):
        return [piece for piece in _cut("ubiquitous").split(word) if piece]
    return [] if word in _listing("ubiquitous") else [word]


def is_ubiquitous(word: str) -> bool:
    """Whether nearly every question holds the folded word, so that it tells nothing."""
    return not _telling(word)


def is_han(word: str) -> bool:
    """Whether a word is written in Chinese characters."""
    return "\u3400" <= word[:1] <= "\u9fff"


@cache
def _cut(table: str) -> re.Pattern[str]:
    """The Chinese entries of a table, longest first."""
    entries = [word for word in _listing(table) if is_han(word)]
    return re.compile("|".join(sorted(entries, key=len, reverse=True)))


@cache
def _listing(*tables: str) -> frozenset[str]:
    listing = tomllib.loads(STOPWORDS.read_text(encoding="utf-8"))
    return frozenset(word for table in tables for word in listing[table].split())


def stopwords() -> frozenset[str]:
    """Function words and question words of all four languages."""
    return _listing(*LANGUAGES)


STEMMED: Mapping[Language, str] = {"es": "spanish", "en": "english", "pt": "portuguese"}
"""Languages with a Snowball stemmer; Chinese is cut into pairs of characters instead."""


@cache
def _stemmer(language: Language) -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer(STEMMED[language])


@lru_cache(maxsize=65536)
def stem(word: str, language: Language = "es") -> str:
    """The stem of a folded word.

    Accents are folded before stemming: Snowball gives `jóvenes → joven` but `joven → jov`. A word
    whose stem is a function word stays whole: `comando`, which is no form of `com`.
    """
    found = str(_stemmer(language).stemWord(word))
    return word if found in stopwords() else found


@lru_cache(maxsize=65536)
def word_units(word: str, languages: tuple[Language, ...]) -> tuple[str, ...]:
    """What a folded word is matched by: its stems, each once; for Chinese, pairs of characters.

    >>> word_units('cooperacion', ('es', 'en')), word_units('清洁能源', ('es',))
    (('cooper', 'cooperacion'), ('清洁', '洁能', '能源'))
    """
    if is_han(word):
        return tuple(word[i : i + 2] for i in range(len(word) - 1)) or (word,)
    return tuple(sorted({stem(word, language) for language in languages}))


def stems(text: str, language: Language = "es") -> list[str]:
    """Units of the words that are no stop words, in order, repeated as in the text."""
    languages: tuple[Language, ...] = ("es",) if language == "zh" else (language,)
    return [unit for word in topical(text) for unit in word_units(word, languages)]


@lru_cache(maxsize=65536)
def ngrams(word: str, sizes: tuple[int, ...] = (3, 4, 5)) -> tuple[str, ...]:
    """Character n-grams of a folded word, its borders marked; up to three characters of Chinese.

    >>> ngrams('mar', (3,))
    ('<ma', 'mar', 'ar>')
    """
    if is_han(word):
        return tuple(word[i : i + n] for n in (1, 2, 3) for i in range(len(word) - n + 1))
    bordered = f"<{word}>"
    return tuple(bordered[i : i + n] for n in sizes for i in range(len(bordered) - n + 1))


def topical(text: str) -> list[str]:
    """The words that are no stop words, in order, repeated as in the text."""
    stop = stopwords()
    return [word for word in words(text) if word not in stop]


def text_ngrams(text: str) -> list[str]:
    """Character n-grams of every word that is no stop word."""
    return [gram for word in topical(text) for gram in ngrams(word)]
