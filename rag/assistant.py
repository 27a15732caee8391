"""`Assistant.ask`: understand → retrieve → answer → verify. Here the rooms are wired together."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from rag.answer.extractive import ExtractiveAnswerer
from rag.answer.silence import MAX_NEAREST, OUTSIDE, AbsenceAnswerer
from rag.answer.structural import StructuralAnswerer
from rag.answer.verification import Verifier
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
from rag.search.normalisation import content_words, words
from rag.search.places import Places
from rag.search.retriever import PASSAGE_LEGS, SECTION_LEGS, Retrieval, Retriever
from rag.search.silence import SilenceDecision, SilenceJudge
from rag.search.store import IndexStore
from rag.search.structure import Request
from rag.search.understanding import Understanding
from rag.settings import Settings

log = logging.getLogger(__name__)

CONTEXT = 0.35
"""Weight of what was talked about before in a follow-up that has words of its own."""

LEANING = 1.0
"""The same in a follow-up that has none."""

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


class _Clock:
    """Milliseconds per step."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._steps: dict[str, float] = dict.fromkeys(
            ("understand", "retrieve", "answer", "verify"), 0.0
        )

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self._steps[name] += 1000 * (time.perf_counter() - started)

    def timings(self) -> dict[str, float]:
        steps = self._steps | {"total": 1000 * (time.perf_counter() - self._started)}
        return {name: round(milliseconds, 2) for name, milliseconds in steps.items()}


class Assistant:
    """Answers questions about one document; safe for several threads."""

    def __init__(
        self, document: Document, index: Index, *, legs: LegWeights = DEFAULT_LEGS
    ) -> None:
        """Wire the rooms over one document and its index."""
        self.document = document
        self.index_fingerprint = index.fingerprint
        places = Places(document)
        self._understanding = Understanding(document, index.language)
        section_legs, passage_legs = legs
        self._retriever = Retriever(
            index,
            [section.id for section in document.sections],
            section_legs=section_legs,
            passage_legs=passage_legs,
        )
        self._answerer = ExtractiveAnswerer(document)
        self._structural = StructuralAnswerer(document, names.read(), self._treating, places.of)
        self._absence = AbsenceAnswerer(document)
        self._silence = SilenceJudge(index.answerability, self._retriever)
        self._verifier = Verifier(document)

    def ask(self, question: Question, history: Sequence[Question] = ()) -> Answer:
        """The verified answer; expected failures have the status `rejected` or `error`."""
        clock = _Clock()
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
        return self._silence.judge(reading.text, self._retrieve(reading))

    def silence_features(
        self, question: Question, history: Sequence[Question] = ()
    ) -> Mapping[str, float]:
        """The features of the silence decision, for fitting it.

        Raises:
            RagError: the question cannot be processed or the index cannot be read.
        """
        reading = self._understanding.read(question, history)
        return self._silence.features(reading.text, self._retrieve(reading))

    def _answer(self, reading: Reading, clock: _Clock) -> Answer:
        if request := self._placed(reading):
            with clock.step("answer"):
                draft = self._structural.draft(request, reading.language)
            if draft:
                return self._answered(draft, reading, clock)
        with clock.step("retrieve"):
            retrieval = self._retrieve(reading)
        decision = self._silence.judge(reading.text, retrieval)
        if decision.is_silent or not retrieval.is_grounded or not retrieval.hits:
            return self._not_in_document(retrieval, reading, decision)
        with clock.step("answer"):
            draft = self._answerer.draft(retrieval, reading.language)
        answer = self._answered(draft, reading, clock, retrieval)
        return replace(answer, confidence=decision.confidence)

    def _placed(self, reading: Reading) -> Request | None:
        """The structural request; «which programme is that in?» gets the section talked about."""
        request = reading.request
        if request and request.kind == "programme_of" and not (request.topic or request.sections):
            return replace(request, sections=self._retrieve(reading).sections[:1])
        return request

    def _retrieve(self, reading: Reading) -> Retrieval:
        weight = LEANING if reading.is_leaning else CONTEXT
        question = Question(reading.text, reading.language, reading.programme)
        return self._retriever.retrieve(question, reading.context, weight)

    def _treating(self, topic: str) -> Sequence[str]:
        """The section of that title, or the one that treats the topic best."""
        asked = set(words(topic))
        titled = [s for s in self.document.sections if asked.issuperset(content_words(s.title))]
        if titled:
            return [max(titled, key=lambda section: len(section.title)).id]
        return self._retriever.retrieve(Question(topic)).sections[:1]

    def _answered(
        self, draft: Draft, reading: Reading, clock: _Clock, retrieval: Retrieval | None = None
    ) -> Answer:
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

    def _not_in_document(
        self, retrieval: Retrieval, reading: Reading, decision: SilenceDecision
    ) -> Answer:
        """«It does not say», with what was looked for and the closest passage."""
        terms = tuple(term.word for term in retrieval.terms if term.match is None)
        draft = self._absence.draft(reading.language, decision.reason, terms, retrieval)
        citations, rejected = self._verifier.verify_draft(draft)
        is_elsewhere = decision.reason in OUTSIDE
        return Answer(
            status="not_in_document",
            language=reading.language,
            text=draft.text,
            provenance=self._provenance(),
            reason=decision.reason,
            citations=citations,
            sentences=draft.sentences,
            nearest=() if is_elsewhere else retrieval.sections[:MAX_NEAREST],
            retrieved=retrieval.sections,
            rejected_citations=rejected,
            confidence=decision.confidence,
            checked_terms=terms,
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
