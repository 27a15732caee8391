"""Which proper names a question asks for: their class, and what narrows it."""

from collections.abc import Sequence
from dataclasses import replace

from rag.search.annotation import KNOWN, Token
from rag.search.asking import quoted
from rag.search.cues import Cues, classes_in
from rag.search.excluding import parted
from rag.search.narrowing import (
    alternatives,
    around,
    hints,
    is_absent,
    leading,
    part_words,
    qualifiers,
    with_alternatives,
)
from rag.search.normalisation import fold
from rag.search.patterns import pattern
from rag.search.requests import Request


def of_names(request: Request, cues: Cues, question: str) -> Request:
    """The request with the class of names that it asks for, and what narrows that.

    «Which forums are there on poverty?» is not answered by the list of all forums.
    """
    cues, left_out, has_more = parted(cues)
    classes, text = _called(cues, question)
    listed = () if text else alternatives(cues)
    narrowing = with_alternatives(qualifiers(cues), listed)
    is_whole = cues.has("all") or request.programmes or request.sections
    is_some = request.kind == "names" and any(t.label == KNOWN for t in narrowing)
    is_closed = cues.has("all") or text is not None
    told = () if is_closed else with_alternatives(hints(cues), listed)
    known = [token for token in (*narrowing, *told) if token.label == KNOWN]
    return replace(
        request,
        names=classes,
        parts=_texts(narrowing) if text is None else tuple(filter(None, [text])),
        hints=_texts(told),
        themes=_texts((*(() if is_closed else leading(cues)), *known)),
        around="" if text or has_more or _wants_all(cues) else around(question),
        alternatives=_texts(listed),
        excluded=_texts(left_out),
        part=" ".join(_texts(part_words(cues))),
        is_tentative=(is_some and not is_whole) or any(map(is_absent, narrowing)),
        is_literal=bool(text),
    )


def _wants_all(cues: Cues) -> bool:
    """Whether all names of the class are wanted, whoever asks: «I am a farmer: name all»."""
    several = pattern("structure", "narrowing", "several")
    return not all(map(several.fullmatch, cues.said("all")))


def _called(cues: Cues, question: str) -> tuple[tuple[str, ...], str | None]:
    """The classes asked for, and what stands in quotation marks that a name must say.

    No text where a class is quoted, `None` without a quotation.
    """
    text = quoted(question) if cues.classes else None
    if text is None:
        return cues.classes, None
    called = classes_in(fold(text))
    return (called, "") if called else (cues.classes, fold(text))


def _texts(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token.text for token in tokens))
