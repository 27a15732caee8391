"""«The document does not say»: what was looked for, and what comes nearest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answer.composition import Composition
from rag.answer.frames import escape, frame, place
from rag.domain import Document, Draft, Language, Reason
from rag.search.normalisation import fold
from rag.search.retrieval import Retrieval

MAX_NEAREST = 3
"""Sections that are named as the closest ones."""

MAX_NAMED = 2
"""Missing things that are named."""

MAX_FORMS = 4
"""Names of one missing thing that are listed."""

_ABSENT: frozenset[Reason] = frozenset({"absent_topic", "absent_detail"})
_ABOUT_KNOWN: frozenset[Reason] = frozenset({"absent_detail", "false_premise"})
_COMMA: Mapping[Language, str] = {"es": ", ", "en": ", ", "pt": ", ", "zh": "、"}
_SEMICOLON: Mapping[Language, str] = {"es": "; ", "en": "; ", "pt": "; ", "zh": "；"}

Note = Literal["strange", "misquoted"]
"""A programme or section that does not exist; a quotation that the document does not have."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Why the document does not answer."""

    reason: Reason
    note: Note | None = None
    """What else there is to say."""
    missing: tuple[tuple[str, ...], ...] = ()
    """Names of what the document does not name, thing by thing."""
    near: tuple[str, ...] = ()
    """Sections that come closest to what it does not name, as far as that is known."""

    @property
    def is_outside(self) -> bool:
        """Whether no section can be close."""
        return self.reason in ("greeting", "out_of_domain") and self.note is None


class AbsenceAnswerer:
    """Drafts refusals."""

    def __init__(self, document: Document) -> None:
        """Take the document that is silent."""
        self._document = document

    def draft(self, absence: Absence, language: Language, retrieval: Retrieval) -> Draft:
        """A refusal; with the words looked for in vain and the closest passage where one is."""
        composition = Composition()
        if absence.is_outside:
            composition.say(frame(language, absence.reason))
            return composition.draft()
        composition.say(self._verdict(absence, language))
        if terms := checked_terms(absence, retrieval):
            looked_for = (_quoted(term, language) for term in terms)
            composition.say(frame(language, "looked_for", terms=_COMMA[language].join(looked_for)))
        if nearest := nearest_sections(absence, retrieval):
            sections = (self._document.section_by_id[id_] for id_ in nearest)
            places = _SEMICOLON[language].join(
                place(self._document, section, language) for section in sections
            )
            composition.say(frame(language, "nearest", places=places))
        if passage := closest_passage(nearest, retrieval):
            composition.quote(self._document.sentence_by_id[passage])
        return composition.draft()

    @staticmethod
    def _verdict(absence: Absence, language: Language) -> str:
        if absence.note:
            return frame(language, absence.note)
        if absence.reason in _ABSENT and absence.missing:
            named = dict.fromkeys(_quoted(names[0], language) for names in absence.missing)
            things = _COMMA[language].join(list(named)[:MAX_NAMED])
            return frame(language, "not_named", things=things)
        key = "other_document" if absence.reason == "other_document" else "absent"
        return frame(language, key)


def _quoted(term: str, language: Language) -> str:
    """A word that is spoken of, in quotation marks: it may be of another language."""
    return frame(language, "quoted", term=escape(term))


def nearest_sections(absence: Absence, retrieval: Retrieval) -> tuple[str, ...]:
    """Up to three sections: those known to be close to what is missing, and the best found.

    Where something is asked of a thing that the document treats, the best found comes first.
    """
    if absence.reason == "greeting" and absence.note is None:
        return ()
    near = [id_ for id_ in absence.near if id_ in retrieval.sections][: MAX_NEAREST - 1]
    leading = retrieval.sections[:1] if absence.reason in _ABOUT_KNOWN else ()
    return tuple(dict.fromkeys([*leading, *near, *retrieval.sections]))[:MAX_NEAREST]


def closest_passage(nearest: Sequence[str], retrieval: Retrieval) -> str | None:
    """Id of the best sentence found in the first of those sections that has one.

    None where no word of the question is known: then it was found by chance.
    """
    found = {hit.passage.section: hit.passage.id for hit in reversed(retrieval.hits)}
    ids = [found[section] for section in nearest if section in found]
    return ids[0] if ids and retrieval.is_grounded else None


def checked_terms(absence: Absence, retrieval: Retrieval) -> tuple[str, ...]:
    """The words looked for in vain: names of what is missing, and words that nothing knows.

    A single character is no word: in Chinese it is what is left between words.
    """
    names = [name for names in absence.missing for name in names[:MAX_FORMS]]
    unknown = [term.word for term in retrieval.terms if term.match is None and len(term.word) > 1]
    spellings: dict[str, str] = {}
    for term in (*names, *unknown):
        spellings.setdefault(fold(term), term)
    return tuple(spellings.values())
