"""From text to the units that are matched: words, stems, character n-grams."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import snowballstemmer

STOPWORDS = Path(__file__).parent / "data" / "stopwords.toml"

_WORD = re.compile(r"[^\W_]+")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without control and bidirectional marks and lone surrogates, white space folded.

    >>> clean('  ¿Qué\\x00 dice\\u202e de\\n\\tChina? ')
    '¿Qué dice de China?'
    """
    text = _SURROGATE.sub("", _CONTROL.sub("", text))
    return " ".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without diacritics; ñ becomes n, since people leave its tilde out like an accent.

    >>> fold('Jóvenes de ESPAÑA')
    'jovenes de espana'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Folded words in order.

    >>> words('Científico-tecnológica, Resolución 1540')
    ['cientifico', 'tecnologica', 'resolucion', '1540']
    """
    return _WORD.findall(fold(text))


def content_words(text: str) -> list[str]:
    """Words that carry a topic, in order, each once."""
    stop = stopwords()
    return list(
        dict.fromkeys(w for w in words(text) if w not in stop and (len(w) > 1 or not w.isascii()))
    )


@cache
def stopwords() -> frozenset[str]:
    """Function words and question words of all four languages."""
    table = tomllib.loads(STOPWORDS.read_text(encoding="utf-8"))
    return frozenset(word for listing in table.values() for word in listing.split())


@cache
def _stemmer() -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer("spanish")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Spanish stem of a folded word.

    Accents are folded before stemming: Snowball gives `jóvenes → joven` but `joven → jov`.
    """
    return str(_stemmer().stemWord(word))


def stems(text: str) -> list[str]:
    """Stems of the words that are no stop words, in order, repeated as in the text."""
    stop = stopwords()
    return [stem(word) for word in words(text) if word not in stop]


def ngrams(word: str, sizes: tuple[int, ...] = (3, 4, 5)) -> list[str]:
    """Character n-grams of a folded word, its borders marked.

    >>> ngrams('mar', (3,))
    ['<ma', 'mar', 'ar>']
    """
    bordered = f"<{word}>"
    return [bordered[i : i + n] for n in sizes for i in range(len(bordered) - n + 1)]


def text_ngrams(text: str) -> list[str]:
    """Character n-grams of every word that is no stop word."""
    stop = stopwords()
    return [gram for word in words(text) if word not in stop for gram in ngrams(word)]
