"""«The document does not say»: what was looked for, and what comes nearest."""

from collections.abc import Sequence

from rag.answer.composition import Composition
from rag.answer.frames import escape, frame, place
from rag.domain import Document, Draft, Language, Reason
from rag.search.retriever import Retrieval

MAX_NEAREST = 3
"""Sections that are named as the closest ones."""

OUTSIDE: frozenset[Reason] = frozenset({"greeting", "out_of_domain"})
"""Reasons for which no section is close."""


class AbsenceAnswerer:
    """Drafts refusals."""

    def __init__(self, document: Document) -> None:
        """Take the document that is silent."""
        self._document = document

    def draft(
        self, language: Language, reason: Reason, terms: Sequence[str], retrieval: Retrieval
    ) -> Draft:
        """A refusal; with the words looked for in vain and the closest passage where one is."""
        composition = Composition()
        if reason in OUTSIDE:
            composition.say(frame(language, reason))
            return composition.draft()
        key = "other_document" if reason == "other_document" else "absent"
        composition.say(frame(language, key))
        if terms:
            composition.say(frame(language, "looked_for", terms=", ".join(map(escape, terms))))
        if nearest := retrieval.sections[:MAX_NEAREST]:
            sections = (self._document.section_by_id[id_] for id_ in nearest)
            places = "; ".join(place(self._document, section, language) for section in sections)
            composition.say(frame(language, "nearest", places=places))
        if retrieval.hits and retrieval.is_grounded:
            composition.quote(self._document.sentence_by_id[retrieval.hits[0].passage.id])
        return composition.draft()
