"""From drafts, and from what models wrote, to answers: verified, explained, with their origin."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answer.silence import Absence, AbsenceAnswerer, Note, checked_terms, nearest_sections
from rag.answer.verification import Verifier
from rag.domain import (
    Answer,
    Document,
    Draft,
    Failure,
    Fallback,
    Language,
    Provenance,
    Status,
    Usage,
)
from rag.errors import RagError
from rag.search.reading import Reading
from rag.search.retrieval import Retrieval
from rag.search.silence import SilenceDecision

if TYPE_CHECKING:
    from rag.answer.chat import ChatAnswer


@dataclass(frozen=True, slots=True)
class Writing:
    """Who wrote, and with which prompts."""

    model: str
    prompt: str

    def origin(self, provenance: Provenance, usage: Usage | None) -> Provenance:
        """Where an answer comes from that the model had a part in."""
        return replace(provenance, mode="model", model=self.model, prompt=self.prompt, tokens=usage)


def writing(model: str) -> Writing:
    """The model with the prompts that it is asked with now.

    Raises:
        PromptError: a prompt file cannot be read.
    """
    from rag.answer import packing, prompts

    return Writing(model, prompts.version(packing.NAMES))


class Assembler:
    """Makes answers about one document."""

    def __init__(self, document: Document, verifier: Verifier, index_fingerprint: str) -> None:
        """Take the document, what looks up quotes, and the index that answers come from."""
        self._document = document
        self._verifier = verifier
        self._absence = AbsenceAnswerer(document)
        self._provenance = Provenance(document=document.sha256, index=index_fingerprint)

    def answered(
        self, draft: Draft, reading: Reading, retrieval: Retrieval | None = None
    ) -> Answer:
        """The draft with its verified citations and all that explains it."""
        citations, rejected = self._verifier.verify_draft(draft)
        cited = [self._document.sentence_by_id[c.sentence].section for c in citations]
        terms = retrieval.terms if retrieval else ()
        return Answer(
            status="answered",
            language=reading.language,
            text=draft.text,
            provenance=self._provenance,
            citations=citations,
            sentences=draft.sentences,
            retrieved=retrieval.sections if retrieval else tuple(dict.fromkeys(cited)),
            rejected_citations=rejected,
            checked_terms=tuple(term.word for term in terms if term.match is None),
            understood_as=_understood(reading),
            warnings=retrieval.warnings if retrieval else (),
        )

    def written(
        self,
        chat: "ChatAnswer",
        by: Writing,
        reading: Reading,
        evidence: tuple[Retrieval, SilenceDecision],
    ) -> Answer:
        """What a model wrote, as it was checked; its «it does not say» in the program's words."""
        retrieval, decision = evidence
        origin = by.origin(self._provenance, chat.usage)
        warnings = (*retrieval.warnings, *chat.warnings)
        if chat.is_refusal:
            refusal = self.refused(reading, retrieval, decision)
            return replace(refusal, provenance=origin, warnings=warnings)
        return Answer(
            status="answered",
            language=reading.language,
            text=chat.text,
            provenance=origin,
            citations=chat.citations,
            sentences=chat.sentences,
            retrieved=retrieval.sections,
            rejected_citations=chat.rejected,
            understood_as=_understood(reading),
            warnings=warnings,
        )

    def refused(self, reading: Reading, retrieval: Retrieval, decision: SilenceDecision) -> Answer:
        """«It does not say», with what was looked for and the closest passage."""
        note: Note | None = "misquoted" if decision.misquotes else None
        absence = Absence(decision.reason, note, decision.missing, decision.near)
        if reading.is_strange:
            absence = Absence("absent_detail", "strange")
        answer = self.answered(
            self._absence.draft(absence, reading.language, retrieval), reading, retrieval
        )
        return replace(
            answer,
            status="not_in_document",
            reason=absence.reason,
            nearest=nearest_sections(absence, retrieval),
            checked_terms=checked_terms(absence, retrieval),
        )

    def failed(self, status: Status, language: Language, error: RagError) -> Answer:
        """An expected failure as an answer."""
        return Answer(
            status=status,
            language=language,
            text=str(error),
            provenance=self._provenance,
            error=Failure(error.problem, error.remedy),
        )


def fallen_back(
    answer: Answer, model: str, reason: str, chat: "ChatAnswer | None" = None
) -> Answer:
    """The extractive answer in a model's place, saying so."""
    written = chat.raw if chat and chat.raw else None
    tokens = chat.usage if chat else None
    return replace(
        answer,
        fallback=Fallback(model, reason, written),
        provenance=replace(answer.provenance, tokens=tokens),
        warnings=(*answer.warnings, *(chat.warnings if chat else ())),
    )


def _understood(reading: Reading) -> str | None:
    """The question as interpreted, where it is more than what was typed."""
    if not reading.is_interpreted:
        return None
    return " · ".join(dict.fromkeys(part for part in (reading.text, reading.context) if part))
