"""What questions sound like that a document of this kind answers, or does not."""

from collections.abc import Iterable, Iterator, Sequence

from rag.domain import Language
from rag.search.annotation import KNOWN, WORD, Annotator, Token
from rag.search.asking import asked_kinds, asked_part, stances
from rag.search.normalisation import fold, is_han, ngrams, stopwords, words
from rag.search.patterns import pattern

BY_WORDS, BY_FORM = "words", "form"
"""Classes of all that the document does not answer, for whatever reason, told by the words of a
question or by its form: where both are added up, each drowns out the other in some questions."""

_FORM = ("form:", "asked:", "asks:", "has:", "stance:")
"""What features of the form begin with."""

_START, _END = "START", "END"
_KNOWN = {WORD, KNOWN}
_PARTS = (4, 5)
"""Characters of the parts of words."""


def question_features(text: str, language: Language, annotator: Annotator) -> list[str]:
    """Words and their parts, the kinds of thing asked for, its stance, and the question's form.

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
        *_grams(text),
        *_of_things(tokens, kinds),
        *_stance(text, kinds, asked),
        *(f"asks:{kind}" for kind in kinds),
        *(f"form:{unit}" for unit in whole),
        *_runs("form:", whole, 2),
        *_runs("form:", whole, 3),
        *(f"asked:{unit}" for unit in asked),
        *_runs("asked:", asked, 2),
        *(f"asks:{kind} of {each}" for kind in kinds for each in classes),
        *(f"has:{each}" for each in classes),
    ]


def is_of_form(feature: str) -> bool:
    """Whether it is one of the question's form, not of its words."""
    return feature.startswith(_FORM)


def _units(text: str) -> Iterator[str]:
    """Words, and pairs of Chinese characters."""
    for word in words(text):
        if is_han(word) and len(word) > 1:
            yield from (word[i : i + 2] for i in range(len(word) - 1))
        else:
            yield word


def _grams(text: str) -> Iterator[str]:
    """Parts of words: they carry over between inflections, and between Spanish and Portuguese."""
    stop = stopwords()
    for word in words(text):
        if word not in stop:
            yield from (f"part:{gram}" for gram in ngrams(word, _PARTS))


def _of_things(tokens: Iterable[Token], kinds: Sequence[str]) -> Iterator[str]:
    """The things that it names, whatever the language, and what it asks of each."""
    for token in tokens:
        if token.thing is not None:
            yield f"thing:{token.thing}"
            yield from (f"thing:{token.thing} asks:{kind}" for kind in kinds)


def _stance(text: str, kinds: Sequence[str], asked: Sequence[str]) -> Iterator[str]:
    """What it takes for granted: who is against what, or for what the document is against."""
    found = stances(text)
    side = "opposed" if "opposed" in found else "wanted"
    yield from (f"stance:{each}" for each in sorted(found))
    for each in sorted(found - {"opposed"}):
        yield f"stance:{each} {side}"
        yield from (f"stance:{each} asks:{kind}" for kind in kinds)
        yield from (f"stance:{each} {side} asks:{kind}" for kind in kinds)
        if KNOWN in asked:
            yield f"stance:{each} {KNOWN}"


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
