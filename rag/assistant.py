"""`Assistant.ask`: understand → retrieve → answer → verify. Here the rooms are wired together."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from rag.answer.assembly import Assembler, fallen_back, writing
from rag.answer.extractive import ExtractiveAnswerer
from rag.answer.structural import StructuralAnswerer
from rag.answer.verification import Verifier
from rag.clock import Clock
from rag.corpus import document as documents
from rag.corpus import names, source
from rag.domain import Answer, Document, Question
from rag.errors import InputError, ModelError, PromptError, RagError
from rag.indexing import open_index
from rag.search.evidence import Evidence, Finder
from rag.search.index import Index
from rag.search.places import Places
from rag.search.placing import Placer
from rag.search.reading import Reading
from rag.search.retrieval import Retrieval
from rag.search.retriever import DENSE, PASSAGE_LEGS, SECTION_LEGS, Retriever
from rag.search.silence import SilenceDecision, SilenceJudge
from rag.search.topics import Topics
from rag.search.understanding import Understanding
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.answer.chat import ChatAnswer, ChatAnswerer
    from rag.answer.support import Coefficients, SupportJudge
    from rag.answer.writing import Writer

log = logging.getLogger(__name__)

REMEMBERED = 512
"""Earlier questions of conversations, each of which is read again with every new one."""

LegWeights = tuple[Mapping[str, float], Mapping[str, float]]
"""Weights of the retrieval legs that rank sections, and of those that rank passages."""

DEFAULT_LEGS: LegWeights = (SECTION_LEGS, PASSAGE_LEGS)


def open_assistant(
    settings: Settings,
    announce: Callable[[str], None] = log.info,
    *,
    rebuild: bool = False,
    legs: LegWeights = DEFAULT_LEGS,
    embedder: str | None = None,
) -> "Assistant":
    """The assistant over the configured document, its index built first where that is needed.

    An embedder that is not named is the configured one, and done without where it fails.

    Raises:
        RagError: the document or the index cannot be used.
    """
    document = documents.load(settings.source or source.BUNDLED)
    if document.sha256 != source.BUNDLED_SHA256:
        announce(f"Documento distinto del original (sha256 {document.sha256[:12]}…).")
    index = open_index(document, settings, announce, rebuild=rebuild, embedder=embedder)
    return Assistant(document, index, legs=legs)


class Assistant:
    """Answers questions about one document; safe for several threads."""

    def __init__(
        self, document: Document, index: Index, *, legs: LegWeights = DEFAULT_LEGS
    ) -> None:
        """Wire the rooms over one document and its index."""
        self.document = document
        self.index_fingerprint = index.fingerprint
        section_legs, passage_legs = legs
        ids = [section.id for section in document.sections]
        retriever = Retriever(index, ids, section_legs=section_legs, passage_legs=passage_legs)
        self._finder = Finder(retriever, SilenceJudge(index.silence, index.annotator, retriever))
        self._placer = Placer(self._finder)
        is_complete = lru_cache(REMEMBERED)(self._finder.is_complete)
        self._understanding = Understanding(document, index, is_complete)
        self._answerer = ExtractiveAnswerer(document)
        topics = Topics(document, retriever)
        self._structural = StructuralAnswerer(document, names.read(), topics, Places(document))
        self._index = index
        self._verifier = Verifier(document)
        self._assembler = Assembler(document, self._verifier, index.fingerprint)

    def ask(
        self,
        question: Question,
        history: Sequence[Question] = (),
        writer: "Writer | None" = None,
    ) -> Answer:
        """The verified answer, by a chat model where one is given that is of use.

        Expected failures have the status `rejected` or `error`; where the model fails, the
        extractive answer stands in for it and says so in `fallback`.
        """
        clock = Clock()
        language = question.language or "es"
        try:
            with clock.step("understand"):
                reading = self._understanding.read(question, history)
            language = reading.language
            answer = self._answer(reading, clock, history, writer)
        except InputError as error:
            answer = self._assembler.failed("rejected", language, error)
        except RagError as error:
            answer = self._assembler.failed("error", language, error)
        return replace(answer, provenance=replace(answer.provenance, timings_ms=clock.timings()))

    def search(self, question: Question, history: Sequence[Question] = ()) -> Retrieval:
        """The ranking behind an answer.

        Raises:
            RagError: the question cannot be processed or the index cannot be read.
        """
        return self._finder.retrieve(self._understanding.read(question, history))

    def judge(self, question: Question, history: Sequence[Question] = ()) -> SilenceDecision:
        """The decision whether the document answers, explained; raises the same as `search`."""
        return self._finder.find(self._understanding.read(question, history))[1]

    def silence_features(
        self, question: Question, history: Sequence[Question] = ()
    ) -> tuple[Mapping[str, float], float]:
        """The features of the silence decision and its share of the threshold, for fitting it.

        Raises:
            RagError: the question cannot be processed or the index cannot be read.
        """
        return self._finder.silence_features(self._understanding.read(question, history))

    def support(self, coefficients: "Coefficients | None" = None) -> "SupportJudge":
        """What weighs statements against sentences; with other coefficients, for fitting them.

        It looks words up without the dense leg: verdicts must not change with the embedder.
        """
        from rag.answer.support import SupportJudge

        section_legs, passage_legs = (
            {name: weight for name, weight in legs.items() if name != DENSE}
            for legs in (SECTION_LEGS, PASSAGE_LEGS)
        )
        ids = [section.id for section in self.document.sections]
        lexical = Retriever(self._index, ids, section_legs=section_legs, passage_legs=passage_legs)
        return SupportJudge(self.document, lexical, self._index.annotator, coefficients)

    def _answer(
        self, reading: Reading, clock: Clock, history: Sequence[Question], writer: "Writer | None"
    ) -> Answer:
        evidence = cache(lambda: self._evidence(reading, clock))
        if request := self._placer.placed(reading, evidence):
            with clock.step("answer"):
                draft = self._structural.draft(request, reading.language)
            if draft:
                with clock.step("verify"):
                    return self._assembler.answered(draft, reading)
        retrieval, decision = evidence()
        is_hopeless = reading.is_strange or not retrieval.is_grounded or not retrieval.hits
        if writer is None or is_hopeless or decision.is_certain:
            answer = self._extracted(reading, retrieval, decision, clock)
        else:
            answer = self._by_model(reading, (retrieval, decision), clock, history, writer)
        return replace(answer, confidence=decision.confidence)

    def _extracted(
        self, reading: Reading, retrieval: Retrieval, decision: SilenceDecision, clock: Clock
    ) -> Answer:
        """The answer without a model."""
        is_empty = not retrieval.is_grounded or not retrieval.hits
        if reading.is_strange or decision.is_silent or is_empty:
            with clock.step("verify"):
                return self._assembler.refused(reading, retrieval, decision)
        with clock.step("answer"):
            draft = self._answerer.draft(retrieval, reading.language, beyond=reading.wants_more)
        with clock.step("verify"):
            return self._assembler.answered(draft, reading, retrieval)

    def _by_model(
        self,
        reading: Reading,
        evidence: Evidence,
        clock: Clock,
        history: Sequence[Question],
        writer: "Writer",
    ) -> Answer:
        """What the model writes, checked; where that is of no use, the answer without it."""
        name = writer.model.traits.name
        chat: ChatAnswer | None = None
        try:
            with clock.step("answer"):
                search = lambda r: evidence[0] if r is reading else self._finder.retrieve(r)  # noqa: E731
                chat, wider, found = self._writer.respond(reading, history, writer, search)
            if chat.failure is None:
                return self._assembler.written(chat, writing(name), wider, (found, evidence[1]))
            reason = chat.failure
        except (ModelError, PromptError) as error:
            reason = str(error)
        return fallen_back(self._extracted(reading, *evidence, clock), name, reason, chat)

    @cached_property
    def _writer(self) -> "ChatAnswerer":
        """Only made when a model is asked."""
        from rag.answer.chat import ChatAnswerer
        from rag.answer.checking import ReplyChecker

        checker = ReplyChecker(self.document, self._verifier, self.support())
        return ChatAnswerer(self.document, checker, self._index.language)

    def _evidence(self, reading: Reading, clock: Clock) -> Evidence:
        """What was found, and whether it answers."""
        with clock.step("retrieve"):
            return self._finder.find(reading)
