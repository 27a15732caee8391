"""`Assistant.ask`: understand → retrieve → answer → verify. The only place where the rooms are wired together."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from rag.answer.extractive import ExtractiveAnswerer
from rag.answer.frames import escape, frame, place
from rag.answer.verification import Verifier
from rag.corpus import document as documents
from rag.corpus import source
from rag.domain import (
    Answer,
    AnswerSentence,
    Document,
    Failure,
    Language,
    Provenance,
    Question,
    Status,
)
from rag.errors import InputError, RagError
from rag.search.index import Index
from rag.search.normalisation import clean, words
from rag.search.retriever import Retrieval, Retriever
from rag.search.store import IndexStore
from rag.settings import Settings

log = logging.getLogger(__name__)

MAX_QUESTION = 4000
"""Characters of a question."""

MAX_NEAREST = 3


def open_assistant(
    settings: Settings, announce: Callable[[str], None] = log.info, *, rebuild: bool = False
) -> "Assistant":
    """The assistant over the configured document, its index built first where that is needed.

    Raises:
        RagError: the document or the index cannot be used.
    """
    document = documents.load(settings.source or source.BUNDLED)
    if document.sha256 != source.BUNDLED_SHA256:
        announce(f"Documento distinto del original (sha256 {document.sha256[:12]}…).")
    return Assistant(
        document, IndexStore(settings.index_dir, announce).open(document, rebuild=rebuild)
    )


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

    def __init__(self, document: Document, index: Index) -> None:
        self.document = document
        self.index_fingerprint = index.fingerprint
        self._retriever = Retriever(index)
        self._answerer = ExtractiveAnswerer(document)
        self._verifier = Verifier(document)

    def ask(self, question: Question, history: Sequence[Question] = ()) -> Answer:
        """The verified answer. Expected failures come back as an answer with status `rejected` or `error`."""
        clock = _Clock()
        language = question.language or "es"
        try:
            with clock.step("understand"):
                understood = self.understand(question, history)
            answer = self._answer(understood, language, clock)
        except InputError as error:
            answer = self._failed("rejected", language, error)
        except RagError as error:
            answer = self._failed("error", language, error)
        return replace(answer, provenance=replace(answer.provenance, timings_ms=clock.timings()))

    def understand(self, question: Question, history: Sequence[Question] = ()) -> Question:
        """The question cleaned.

        Raises:
            InputError: there is nothing to go on, too much, or a programme that does not exist.
        """
        if len(question.text) > MAX_QUESTION:
            raise InputError(
                f"La pregunta tiene {len(question.text)} caracteres; el límite es {MAX_QUESTION}.",
                remedy="Acórtela o divídala en varias.",
            )
        text = clean(question.text)
        if not words(text):
            raise InputError(
                "La pregunta no contiene palabras.",
                remedy="Escriba qué quiere saber del documento.",
            )
        known = self.document.programme_by_number
        if question.programme is not None and question.programme not in known:
            raise InputError(
                f"No existe el programa {question.programme}.",
                remedy=f"Elija uno de {', '.join(map(str, known))}.",
            )
        return replace(question, text=text)

    def search(self, question: Question, history: Sequence[Question] = ()) -> Retrieval:
        """The ranking behind an answer.

        Raises:
            RagError: the question cannot be processed or the index cannot be read.
        """
        return self._retriever.retrieve(self.understand(question, history))

    def _answer(self, question: Question, language: Language, clock: _Clock) -> Answer:
        with clock.step("retrieve"):
            retrieval = self._retriever.retrieve(question)
        if not retrieval.is_grounded or not retrieval.hits:
            return self._not_in_document(retrieval, language)
        with clock.step("answer"):
            draft = self._answerer.draft(retrieval, language)
        with clock.step("verify"):
            citations, rejected = self._verifier.verify_draft(draft)
        return Answer(
            status="answered",
            language=language,
            text=draft.text,
            provenance=self._provenance(),
            citations=citations,
            sentences=draft.sentences,
            retrieved=retrieval.sections,
            rejected_citations=rejected,
            checked_terms=tuple(term.word for term in retrieval.terms if term.match is None),
        )

    def _not_in_document(self, retrieval: Retrieval, language: Language) -> Answer:
        nearest = retrieval.sections[:MAX_NEAREST]
        terms = tuple(term.word for term in retrieval.terms if term.match is None)
        parts = [frame(language, "absent")]
        if terms:
            parts.append(frame(language, "looked_for", terms=", ".join(map(escape, terms))))
        if nearest:
            sections = (self.document.section_by_id[id_] for id_ in nearest)
            places = "; ".join(place(self.document, section, language) for section in sections)
            parts.append(frame(language, "nearest", places=places))
        return Answer(
            status="not_in_document",
            language=language,
            text=" ".join(parts),
            provenance=self._provenance(),
            reason="absent_topic",
            sentences=tuple(AnswerSentence(part, "frame") for part in parts),
            nearest=nearest,
            retrieved=retrieval.sections,
            checked_terms=terms,
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
