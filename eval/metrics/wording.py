"""Text made comparable: folded, split into words, freed of Markdown."""

import re
import unicodedata
from collections.abc import Set

_MARK = re.compile(r"[\u0300-\u036f]")
_WORD = re.compile(r"\w+")
_NOT_WORD = re.compile(r"[\W_]+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPHASIS = re.compile(r"\*\*|__|`|^\s*(?:>|[-*#]+|\d+\.)\s+", re.MULTILINE)


def fold(text: str) -> str:
    """The text in compatibility form, lower case, without accents.

    >>> fold("¿CAMIÓN ＡＢＣ?")
    '¿camion abc?'
    """
    return _MARK.sub("", unicodedata.normalize("NFKD", text.casefold()))


def bare(text: str) -> str:
    """The folded text with single spaces for all that is neither letter nor digit.

    >>> bare("  ¿Becas, en China?! ")
    'becas en china'
    """
    return _NOT_WORD.sub(" ", fold(text)).strip()


def words(text: str) -> list[str]:
    """The folded words in order.

    >>> words("La Agenda 2030")
    ['la', 'agenda', '2030']
    """
    return _WORD.findall(fold(text))


def plain(markdown: str) -> str:
    r"""What a reader sees: escapes resolved, emphasis and markers of lists and quotes dropped.

    >>> plain(r"> En **Paz, \(5\) Ciber**")
    'En Paz, (5) Ciber'
    """
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub("", markdown))


def ngrams(text: str, size: int = 3) -> Set[str]:
    """The character n-grams of the bare text, a space at both ends.

    >>> sorted(ngrams("Paz"))
    [' pa', 'az ', 'paz']
    """
    padded = f" {bare(text)} "
    return {padded[i : i + size] for i in range(max(1, len(padded) - size + 1))}
