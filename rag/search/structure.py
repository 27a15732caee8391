"""Questions about the document's structure: a learned intent, and what it is asked of, by rules."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rag.corpus.questions import CONTENT, INTENTS, Intent
from rag.domain import Document, Language
from rag.search.annotation import KNOWN, Annotator
from rag.search.asked_names import of_names
from rag.search.asking import quoted
from rag.search.comparing import splits
from rag.search.cues import CueReader, Cues
from rag.search.grammar import SECTION
from rag.search.intents import intent_features
from rag.search.linear import LinearModel
from rag.search.normalisation import fold
from rag.search.ordering import ENDS, extreme, neighbour, order_of
from rag.search.overrides import is_of_one, settled
from rag.search.patterns import pattern, without
from rag.search.references import PROGRAMME, Named, ReferenceReader
from rag.search.requests import COUNTING, LOCATING, SEEKING, Request
from rag.search.seeking import sought

CONTENT_LEAD = 0.25
"""By how much the decision value of a question about content must exceed that of an intent.

Of 3,800 questions of dev, calibration and three pools, 11 more are answered rightly than with .75,
and as many structural ones.
"""

UNSAID_LEAD = 2.0
"""By how much that of a comparison must exceed it where no word compares."""

_MIN_COMPARED = 2

_FEW = 2
"""More sections than these are listed where their headings are asked for, and not summed up."""


_TALK = ("list", "mention", "unit", "which", "where", "overview", "programme")


class StructureReader:
    """Recognises structural questions about one document."""

    def __init__(self, document: Document, annotator: Annotator, intents: LinearModel) -> None:
        """Take the document that is asked about, and what was learned when it was indexed."""
        self._programmes = document.programmes
        self._references = ReferenceReader(document)
        self._named = lru_cache(maxsize=16)(self._references.read)
        self._cues = CueReader(annotator)
        self._intents = intents

    def read(self, question: str, language: Language) -> Request | None:
        """What the question asks of the structure; `None` where it asks about content."""
        cues = self.cues(question, language)
        decision = self._intents.decide(intent_features(cues))
        likeliest: Intent = max(INTENTS, key=decision.__getitem__)
        lead = CONTENT_LEAD
        if likeliest == "compare" and not cues.has("compare"):
            lead = -UNSAID_LEAD
        learned = None if decision[CONTENT] - decision[likeliest] > lead else likeliest
        kind = settled(learned, cues, self._references.themes(cues.named.marked))
        if kind == "names" and not cues.classes and (quoted(question) or cues.names_known):
            kind = "mentions"
        if kind is None:
            return None
        request = self._request(kind, cues, question)
        if request.is_tentative and decision[CONTENT] - decision[kind] > lead / 2:
            return None
        return request if _is_complete(request, cues) and not _is_elsewhere(request, cues) else None

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
        return without("structure", "cues", _TALK, folded)

    def _request(self, kind: Intent, cues: Cues, question: str) -> Request:
        sections, programmes = cues.named.sections, self._programmes_of(kind, cues)
        if kind in ("outline", "compare") and programmes and cues.has("others"):
            return Request("outline", is_of_programmes=True)
        if kind in _COUNTED and _is_of_parts(cues):
            return Request("outline", is_of_parts=True)
        if kind == "outline" or (kind == "overview" and _is_of_all(cues)):
            every = tuple(programme.number for programme in self._programmes)
            return _outline(cues, programmes, sections, every)
        parts = sought(cues, question) if kind in SEEKING else ()
        if kind == "compare" and cues.names_known:
            parts = tuple(token.text for token in cues.topic)
        request = Request(
            kind,
            sections,
            programmes,
            topic=_topic(kind, cues, parts, programmes),
            parts=parts,
            is_known=kind in SEEKING and cues.names_known,
            splits=tuple(splits(cues.residue)) if kind == "compare" else (),
            is_of_programmes=not programmes and not cues.is_of_sections,
        )
        return of_names(request, cues, question) if kind in COUNTING else request

    def _programmes_of(self, kind: Intent, cues: Cues) -> tuple[int, ...]:
        """Those that are named, by their themes too, or that are asked for by their size."""
        named = cues.named
        is_bare = not named.programmes and not named.sections
        is_whole = kind in _COUNTED or (kind in _WHOLE and cues.has("programme"))
        if not is_bare or not is_whole or (cues.classes and kind != "compare"):
            return named.programmes
        themes = self._references.themes(named.marked)
        is_of_size = kind == "count" and not themes and not cues.classes
        return extreme(cues, self._programmes) if is_of_size else themes


_WHOLE = ("outline", "count", "compare", "overview")
"""Kinds that are asked of programmes as a whole."""

_COUNTED = ("outline", "count")


def _is_of_all(cues: Cues) -> bool:
    """Whether nothing is named but the document as a whole."""
    named = cues.named
    is_plain = not named.programmes and not named.sections and not cues.has("programme")
    is_named = cues.names_thing
    document = pattern("structure", "whole", "document")
    return is_plain and not is_named and document.search(named.marked) is not None


def _topic(kind: Intent, cues: Cues, parts: Sequence[str], programmes: Sequence[int]) -> str:
    """What is looked for, in words; of a comparison, all of the question but its references."""
    if kind == "compare":
        return _all_but_references(cues)
    if programmes and kind in _WHOLE:
        return ""
    return " ".join(parts if kind in LOCATING else cues.residue.split())


def _all_but_references(cues: Cues) -> str:
    return " ".join(cues.named.marked.replace(PROGRAMME, " ").replace(SECTION, " ").split())


def _outline(
    cues: Cues,
    programmes: tuple[int, ...],
    sections: tuple[str, ...],
    everything: tuple[int, ...],
) -> Request:
    """The headings of programmes, of the parts before them, or of everything, or one by order."""
    if order := order_of(cues, is_of_one=is_of_one(cues)):
        is_of_each = order in ENDS and cues.has("programme") and cues.has("each")
        programmes = programmes or (everything if is_of_each else ())
        request = Request("outline", sections, programmes, _all_but_references(cues), order=order)
        return replace(request, splits=tuple(splits(cues.residue)))
    fronts = tuple(id_ for id_ in sections if not id_[0].isdigit())
    if (beside := neighbour(cues, programmes, everything)) is not None:
        return Request("outline", fronts, beside, is_of_programmes=not beside)
    if programmes:
        return Request("outline", fronts, programmes)
    if sections and not fronts:
        return Request("outline" if len(sections) > _FEW else "overview", sections)
    has_programmes = cues.has("programme") and not cues.has("unit")
    is_of_five = pattern("structure", "whole", "five").search(cues.named.marked) is not None
    is_said = not is_of_five and (cues.has("part") or not has_programmes)
    if fronts and not _is_beside(cues):
        return Request("outline", sections)
    is_of_parts = bool(fronts) or is_said
    return Request("outline", is_of_parts=is_of_parts, is_of_programmes=True)


def _is_of_parts(cues: Cues) -> bool:
    """Whether the parts before the programmes are asked for, and nothing else."""
    is_before = pattern("structure", "whole", "before").search(cues.named.marked) is not None
    is_said = pattern("structure", "whole", "parts").search(cues.named.marked) is not None
    is_of_first = cues.named.programmes in ((), (1,))
    return is_before and is_of_first and is_said and not cues.has("unit")


def _is_beside(cues: Cues) -> bool:
    """Whether it speaks of what stands beside the parts that it names."""
    return cues.has("previous") or cues.has("next") or cues.has("between")


def _is_complete(request: Request, cues: Cues) -> bool:
    """Whether it says enough to be answered."""
    if request.kind == "names":
        return bool(request.names)
    if request.kind == "mentions":
        return bool(request.parts)
    if request.kind == "compare":
        named = len(request.sections) + len(request.programmes)
        return named >= _MIN_COMPARED or bool(cues.topic)
    if request.kind == "overview":
        return bool(request.sections or request.programmes or request.topic)
    return True


def _is_elsewhere(request: Request, cues: Cues) -> bool:
    """Whether what is asked for is no part of the document."""
    if request.kind not in _COUNTED or request.programmes or request.names:
        return False
    things = [token for token in cues.topic if token.thing is not None]
    if request.kind == "outline":
        things = [token for token in things if token.label != KNOWN]
    return bool(things) and not cues.has("programme")
