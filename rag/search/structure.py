"""Questions about the document's structure: a learned intent, and what it is asked of, by rules."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from rag.corpus.questions import CONTENT, INTENTS, Intent
from rag.domain import Document, Language
from rag.search.annotation import KNOWN, NUMBER, Annotator
from rag.search.asking import quoted
from rag.search.cues import CueReader, Cues
from rag.search.intents import intent_features
from rag.search.linear import LinearModel
from rag.search.narrowing import PLAIN, is_absent, is_talk, part_words, qualifiers
from rag.search.normalisation import fold
from rag.search.patterns import pattern
from rag.search.references import PROGRAMME, Named, ReferenceReader
from rag.search.requests import COUNTING, LOCATING, SEEKING, Request

CONTENT_LEAD = 0.75
"""By how much the decision value of a question about content must exceed that of an intent.

In five folds .833 of 3,000 structural and .979 of 15,600 other questions are read rightly.
"""

_MIN_COMPARED = 2
_MAX_ORDINAL_DIGITS = 2

MAX_SPLITS = 8
"""Places at which the topics of a comparison may be parted."""


class StructureReader:
    """Recognises structural questions about one document."""

    def __init__(self, document: Document, annotator: Annotator, intents: LinearModel) -> None:
        """Take the document that is asked about, and what was learned when it was indexed."""
        self._references = ReferenceReader(document)
        self._named = lru_cache(maxsize=16)(self._references.read)
        self._cues = CueReader(annotator)
        self._intents = intents

    def read(self, question: str, language: Language) -> Request | None:
        """What the question asks of the structure; `None` where it asks about content."""
        cues = self.cues(question, language)
        decision = self._intents.decide(intent_features(cues))
        kind: Intent = max(INTENTS, key=decision.__getitem__)
        if decision[CONTENT] - decision[kind] > CONTENT_LEAD:
            return None
        kind = "mentions" if kind == "count" and _counts_mentions(cues) else kind
        request = self._request(kind, cues, question)
        return request if _is_complete(request) and not _is_elsewhere(request, cues) else None

    def cues(self, question: str, language: Language) -> Cues:
        """The question taken apart."""
        return self._cues.read(self.named(question), language)

    def named(self, question: str) -> Named:
        """The programmes and sections that a question names."""
        return self._named(fold(question))

    def programmes_in(self, question: str) -> tuple[tuple[int, ...], str]:
        """The programmes that a question names, and the folded question without their names."""
        named = self.named(question)
        return named.programmes, named.marked.replace(PROGRAMME, " ")

    def placed_in(self, question: str) -> tuple[tuple[int, ...], str]:
        """The programmes that it names by their place alone, and the folded rest."""
        return self._references.by_place(fold(question))

    def themes(self, text: str) -> tuple[int, ...]:
        """The programmes whose names stand in a text, with the word «programme» or not."""
        return self._references.themes(fold(text))

    def without_names(self, text: str) -> str:
        """The folded text without the names of programmes."""
        return self._references.without_names(fold(text))

    @staticmethod
    def without_talk(folded: str) -> str:
        """The folded question without the words that ask about a document."""
        for key in ("list", "mention", "unit", "which", "where", "overview", "programme"):
            folded = pattern("structure", "cues", key).sub(" ", folded)
        return folded

    def _request(self, kind: Intent, cues: Cues, question: str) -> Request:
        named = cues.named
        programmes, sections = named.programmes, named.sections
        is_whole = kind in _COUNTED or (kind in _WHOLE and cues.has("programme"))
        if is_whole and not programmes and not sections and not cues.classes:
            programmes = self._references.themes(named.marked)
        if kind == "outline":
            return _outline(cues, programmes, sections)
        parts = _sought(cues, question) if kind in SEEKING else ()
        topic = " ".join(parts if kind in LOCATING else cues.residue.split())
        request = Request(
            kind,
            sections,
            programmes,
            topic="" if programmes and kind in _WHOLE else topic,
            parts=parts,
            splits=tuple(_splits(cues.residue)) if kind == "compare" else (),
            is_of_programmes=not programmes and not cues.has("unit"),
        )
        return _of_names(request, cues, question) if kind in COUNTING else request


_WHOLE = ("outline", "count", "compare", "overview")
"""Kinds that are asked of programmes as a whole."""

_COUNTED = ("outline", "count")


def _of_names(request: Request, cues: Cues, question: str) -> Request:
    """The request with the class of names that it asks for, and what narrows that.

    «Which forums are there on poverty?» is not answered by the list of all forums.
    """
    narrowing = qualifiers(cues)
    parts = tuple(token.text for token in narrowing)
    if cues.classes and (text := quoted(question)):
        parts = (fold(text),)
    is_whole = cues.has("all") or request.programmes or request.sections
    is_some = request.kind == "names" and any(t.label == KNOWN for t in narrowing)
    return replace(
        request,
        names=cues.classes,
        parts=parts,
        part=" ".join(token.text for token in part_words(cues)),
        is_tentative=(is_some and not is_whole) or any(map(is_absent, narrowing)),
    )


def _outline(cues: Cues, programmes: tuple[int, ...], sections: tuple[str, ...]) -> Request:
    """The headings of programmes, of the parts before them, or of everything."""
    fronts = tuple(id_ for id_ in sections if not id_[0].isdigit())
    if programmes:
        return Request("outline", fronts, programmes)
    if sections and not fronts:
        return Request("overview", sections)
    has_programmes = cues.has("programme") and not cues.has("unit")
    is_of_parts = bool(fronts) or cues.has("part") or not has_programmes
    return Request("outline", is_of_parts=is_of_parts, is_of_programmes=True)


def _sought(cues: Cues, question: str) -> tuple[str, ...]:
    """What is looked for everywhere: what is quoted, or else what is named, or the words."""
    if text := quoted(question):
        return (fold(text),)
    tokens = [t for t in cues.topic if t.label != NUMBER or len(t.text) > _MAX_ORDINAL_DIGITS]
    things = [t.text for t in tokens if t.label not in PLAIN and t.label != KNOWN]
    known = [t.text for t in tokens if t.label == KNOWN and not is_talk(t.text)]
    return tuple(known or things or [t.text for t in tokens if not is_talk(t.text)])


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """The text parted at each word that may stand between two topics, the surest words first."""
    for key in ("sure", "loose"):
        for match in list(pattern("structure", "joins", key).finditer(text))[:MAX_SPLITS]:
            sides = text[: match.start()].strip(_EDGE), text[match.end() :].strip(_EDGE)
            if key == "sure" and all(sides):
                sides = _BREAK.split(sides[0])[-1], _BREAK.split(sides[1])[0]
            if all(sides):
                yield sides


_EDGE = " ?¿!¡.,:"
_BREAK = re.compile(r"[,:;，：；]\s*")


def _is_complete(request: Request) -> bool:
    """Whether it says enough to be answered."""
    if request.kind == "names":
        return bool(request.names)
    if request.kind == "mentions":
        return bool(request.parts)
    if request.kind == "compare":
        named = len(request.sections) + len(request.programmes)
        return named >= _MIN_COMPARED or bool(request.splits)
    if request.kind == "overview":
        return bool(request.sections or request.programmes or request.topic)
    return True


def _counts_mentions(cues: Cues) -> bool:
    """Whether it is asked how often something is named, not how many parts there are."""
    is_of_parts = cues.classes or cues.named.programmes or cues.named.sections
    return cues.has("times") and not is_of_parts and bool(cues.topic)


def _is_elsewhere(request: Request, cues: Cues) -> bool:
    """Whether what is asked for is no part of the document."""
    if request.kind not in _COUNTED or request.programmes or request.names:
        return False
    things = [token for token in cues.topic if token.thing is not None]
    if request.kind == "outline":
        things = [token for token in things if token.label != KNOWN]
    return bool(things) and not cues.has("programme")
