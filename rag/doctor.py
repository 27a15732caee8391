"""Is everything in place? One finding per line, each with its remedy."""

from collections.abc import Callable
from dataclasses import dataclass

from rag.assistant import Assistant, open_assistant
from rag.corpus import document as documents
from rag.corpus import source
from rag.domain import Document
from rag.errors import RagError
from rag.models import tokens
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """What was checked and what came of it."""

    name: str
    ok: bool
    detail: str
    remedy: str | None = None


def examine(settings: Settings) -> tuple[Finding, ...]:
    """The state of document, index and token vocabulary; never raises an expected failure."""
    return (
        _finding("documento", lambda: _document(settings)),
        _finding("índice", lambda: _index(open_assistant(settings))),
        _finding("vocabulario", _vocabulary),
    )


def _finding(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, ok=True, detail=check())
    except RagError as error:
        return Finding(name, ok=False, detail=error.problem, remedy=error.remedy)


def _document(settings: Settings) -> str:
    document = documents.load(settings.source or source.BUNDLED)
    origin = "original" if document.sha256 == source.BUNDLED_SHA256 else "distinto del original"
    return f"{_counts(document)}; sha256 {document.sha256[:12]}…, {origin}"


def _counts(document: Document) -> str:
    restored = [section.id for section in document.sections if section.restored]
    return (
        f"{len(document.sections)} secciones, {len(document.programmes)} programas, "
        f"{len(document.sentences)} oraciones; "
        f"encabezados restaurados: {', '.join(restored) or 'ninguno'}"
    )


def _index(assistant: Assistant) -> str:
    return f"huella {assistant.index_fingerprint}, al día"


def _vocabulary() -> str:
    tokens.ranks()
    return "o200k_base completo"
