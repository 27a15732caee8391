"""What questions sound like that a document of this kind answers, or does not."""

from collections.abc import Iterable, Iterator, Sequence

from rag.domain import Language
from rag.search.annotation import KNOWN, WORD, Annotator, Token
from rag.search.asking import asked_kinds, asked_part
from rag.search.normalisation import fold, is_han, words
from rag.search.patterns import pattern

SILENT = "silent"
"""Class of all that the document does not answer, for whatever reason."""

_START, _END = "START", "END"
_KNOWN = {WORD, KNOWN}


def question_features(text: str, language: Language, annotator: Annotator) -> list[str]:
    """Words, their pairs, the kinds of thing asked for, and the question's form.

    The form is the question with classes in place of names and telling words: «does it mention
    COMPANY», «how many WORD in COUNTRY»; it carries over to things that no example names.
    """
    text = pattern("asking", "about", "document").sub(" ", fold(text))
    units = list(_units(text))
    kinds = sorted(asked_kinds(text))
    tokens = annotator.tokens(text, language)
    part = asked_part(text)
    begins = text.rfind(part)
    whole = [_START, *_form(tokens), _END]
    asked = list(_form(t for t in tokens if begins <= t.start < begins + len(part)))
    classes = sorted({unit for unit in asked if unit.isascii() and unit.isupper()})
    return [
        *units,
        *_runs("", units, 2),
        *(f"asks:{kind}" for kind in kinds),
        *(f"form:{unit}" for unit in whole),
        *_runs("form:", whole, 2),
        *_runs("form:", whole, 3),
        *(f"asked:{unit}" for unit in asked),
        *_runs("asked:", asked, 2),
        *(f"asks:{kind} of {each}" for kind in kinds for each in classes),
        *(f"has:{each}" for each in classes),
    ]


def _units(text: str) -> Iterator[str]:
    """Words, and pairs of Chinese characters."""
    for word in words(text):
        if is_han(word) and len(word) > 1:
            yield from (word[i : i + 2] for i in range(len(word) - 1))
        else:
            yield word


def _form(tokens: Iterable[Token]) -> Iterator[str]:
    """Function words as they are, classes for the rest; what the document knows counts once."""
    previous = ""
    for token in tokens:
        unit = token.label or token.text
        if not (unit in _KNOWN and previous in _KNOWN):
            yield unit
        previous = unit


def _runs(prefix: str, units: Sequence[str], length: int) -> Iterator[str]:
    for start in range(len(units) - length + 1):
        yield prefix + " ".join(units[start : start + length])
