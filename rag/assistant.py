"""`Assistant.ask`: understand → retrieve → answer → verify. Here the rooms are wired together."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from rag.answer.extractive import ExtractiveAnswerer
from rag.answer.silence import MAX_NEAREST, Absence, AbsenceAnswerer, Note, checked_terms
from rag.answer.structural import StructuralAnswerer
from rag.answer.verification import Verifier
from rag.clock import Clock
from rag.corpus import document as documents
from rag.corpus import names, source
from rag.domain import (
    Answer,
    Document,
    Draft,
    Failure,
    Language,
    Provenance,
    Question,
    Status,
)
from rag.errors import InputError, RagError
from rag.search.followups import Reading
from rag.search.index import Index
from rag.search.places import Places
from rag.search.retrieval import Retrieval
from rag.search.retriever import PASSAGE_LEGS, SECTION_LEGS, Retriever
from rag.search.silence import SilenceDecision, SilenceJudge
from rag.search.store import IndexStore
from rag.search.structure import LOCATING, SEEKING, Request
from rag.search.topics import Topics
from rag.search.understanding import Understanding
from rag.settings import Settings

log = logging.getLogger(__name__)

HOPELESS = 0.1
"""Confidence below which the place of something is not even looked for: a question for a place
sounds less answerable than others, and is answered by little."""

Evidence = tuple[Retrieval, SilenceDecision]
"""What was found, and the decision whether it answers."""

LegWeights = tuple[Mapping[str, float], Mapping[str, float]]
"""Weights of the retrieval legs that rank sections, and of those that rank passages."""

DEFAULT_LEGS: LegWeights = (SECTION_LEGS, PASSAGE_LEGS)


def open_assistant(
    settings: Settings,
    announce: Callable[[str], None] = log.info,
    *,
    rebuild: bool = False,
    legs: LegWeights = DEFAULT_LEGS,
) -> "Assistant":
    """The assistant over the configured document, its index built first where that is needed.

    Raises:
        RagError: the document or the index cannot be used.
    """
    document = documents.load(settings.source or source.BUNDLED)
    if document.sha256 != source.BUNDLED_SHA256:
        announce(f"Documento distinto del original (sha256 {document.sha256[:12]}…).")
    index = IndexStore(settings.index_dir, announce).open(document, rebuild=rebuild)
    return Assistant(document, index, legs=legs)


class Assistant:
    """Answers questions about one document; safe for several threads."""

    def __init__(
        self, document: Document, index: Index, *, legs: LegWeights = DEFAULT_LEGS
    ) -> None:
        """Wire the rooms over one document and its index."""
        self.document = document
        self.index_fingerprint = index.fingerprint
        places = Places(document)
        self._understanding = Understanding(document, index)
        section_legs, passage_legs = legs
        ids = [section.id for section in document.sections]
        self._retriever = Retriever(
            index, ids, section_legs=section_legs, passage_legs=passage_legs
        )
        self._answerer = ExtractiveAnswerer(document)
        topics = Topics(document, self._retriever)
        self._structural = StructuralAnswerer(
            document,
            names.read(),
            sections_of=topics.sections_of,
            pair_of=topics.pair_of,
            places_of=places.of,
        )
        self._absence = AbsenceAnswerer(document)
        self._silence = SilenceJudge(index.silence, index.annotator, self._retriever)
        self._verifier = Verifier(document)

    def ask(self, question: Question, history: Sequence[Question] = ()) -> Answer:
        """The verified answer; expected failures have the status `rejected` or `error`."""
        clock = Clock()
        language = question.language or "es"
        try:
            with clock.step("understand"):
                reading = self._understanding.read(question, history)
            language = reading.language
            answer = self._answer(reading, clock)
        except InputError as error:
            answer = self._failed("rejected", language, error)
        except RagError as error:
            answer = self._failed("error", language, error)
        return replace(answer, provenance=replace(answer.provenance, timings_ms=clock.timings()))

    def search(self, question: Question, history: Sequence[Question] = ()) -> Retrieval:
        """The ranking behind an answer.

        Raises:
            RagError: the question cannot be processed or the index cannot be read.
        """
        return self._retrieve(self._understanding.read(question, history))

    def judge(self, question: Question, history: Sequence[Question] = ()) -> SilenceDecision:
        """The decision whether the document answers, explained; raises the same as `search`."""
        reading = self._understanding.read(question, history)
        return self._silence.judge(reading.text, reading.language, self._retrieve(reading))

    def silence_features(
        self, question: Question, history: Sequence[Question] = ()
    ) -> Mapping[str, float]:
        """The features of the silence decision, for fitting it.

        Raises:
            RagError: the question cannot be processed or the index cannot be read.
        """
        reading = self._understanding.read(question, history)
        return self._silence.features(reading.text, reading.language, self._retrieve(reading))

    def _answer(self, reading: Reading, clock: Clock) -> Answer:
        evidence = cache(lambda: self._evidence(reading, clock))
        if request := self._placed(reading, evidence):
            with clock.step("answer"):
                draft = self._structural.draft(request, reading.language)
            if draft:
                return self._assembled(draft, reading, clock)
        retrieval, decision = evidence()
        is_empty = not retrieval.is_grounded or not retrieval.hits
        if reading.is_strange or decision.is_silent or is_empty:
            answer = self._refused(reading, retrieval, decision, clock)
        else:
            with clock.step("answer"):
                draft = self._answerer.draft(retrieval, reading.language, beyond=reading.wants_more)
            answer = self._assembled(draft, reading, clock, retrieval)
        return replace(answer, confidence=decision.confidence)

    def _refused(
        self, reading: Reading, retrieval: Retrieval, decision: SilenceDecision, clock: Clock
    ) -> Answer:
        """«It does not say», with what was looked for and the closest passage."""
        note: Note | None = "misquoted" if decision.misquotes else None
        absence = Absence(decision.reason, note, decision.missing)
        if reading.is_strange:
            absence = Absence("absent_detail", "strange")
        draft = self._absence.draft(absence, reading.language, retrieval)
        answer = self._assembled(draft, reading, clock, retrieval)
        nearest = () if absence.reason == "greeting" else retrieval.sections[:MAX_NEAREST]
        return replace(
            answer,
            status="not_in_document",
            reason=absence.reason,
            nearest=nearest,
            checked_terms=checked_terms(absence, retrieval),
        )

    def _placed(self, reading: Reading, evidence: Callable[[], Evidence]) -> Request | None:
        """The structural request, unless it asks for the place of what the document lacks.

        «Which programme is that in?» gets the section talked about.
        """
        request = reading.request
        if request and reading.programme and not (request.programmes or request.sections):
            request = request.within(reading.programme)
        if request is None or request.kind not in SEEKING or request.sections:
            return request
        retrieval, decision = evidence()
        is_hopeless = request.kind in LOCATING and decision.confidence < HOPELESS
        if decision.misquotes or (request.topic and is_hopeless):
            return None
        if request.topic or request.kind not in LOCATING:
            return request
        return replace(request, sections=retrieval.sections[:1])

    def _evidence(self, reading: Reading, clock: Clock) -> Evidence:
        """What was found, and whether it answers."""
        with clock.step("retrieve"):
            retrieval = self._retrieve(reading)
        return retrieval, self._silence.judge(reading.text, reading.language, retrieval)

    def _retrieve(self, reading: Reading) -> Retrieval:
        question = Question(reading.text, reading.language, reading.programme)
        return self._retriever.retrieve(
            question, reading.context, reading.weight, preferred=reading.preferred
        )

    def _assembled(
        self, draft: Draft, reading: Reading, clock: Clock, retrieval: Retrieval | None = None
    ) -> Answer:
        """The draft with its verified citations and all that explains it."""
        with clock.step("verify"):
            citations, rejected = self._verifier.verify_draft(draft)
        cited = [self.document.sentence_by_id[c.sentence].section for c in citations]
        terms = retrieval.terms if retrieval else ()
        return Answer(
            status="answered",
            language=reading.language,
            text=draft.text,
            provenance=self._provenance(),
            citations=citations,
            sentences=draft.sentences,
            retrieved=retrieval.sections if retrieval else tuple(dict.fromkeys(cited)),
            rejected_citations=rejected,
            checked_terms=tuple(term.word for term in terms if term.match is None),
            understood_as=_understood(reading),
        )

    def _failed(self, status: Status, language: Language, error: RagError) -> Answer:
        return Answer(
            status=status,
            language=language,
            text=str(error),
            provenance=self._provenance(),
            error=Failure(error.problem, error.remedy),
        )

    def _provenance(self) -> Provenance:
        return Provenance(document=self.document.sha256, index=self.index_fingerprint)


def _understood(reading: Reading) -> str | None:
    """The question as interpreted, where it is more than what was typed."""
    if not reading.is_interpreted:
        return None
    return " · ".join(dict.fromkeys(part for part in (reading.text, reading.context) if part))
