"""Is everything in place? One finding per line, each with its remedy."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from rag.assistant import Assistant, open_assistant
from rag.corpus import document as documents
from rag.corpus import source
from rag.domain import Document
from rag.errors import RagError
from rag.models import registry, tokens
from rag.models.checkup import check
from rag.models.discovery import Found, discover
from rag.models.finding import Finding, spanish
from rag.models.registry import ChatEntry, Server
from rag.models.status import Status, statuses
from rag.settings import Settings

START = "Para usar un modelo, arranque Ollama, llama.cpp, llamafile, vLLM o LM Studio."
WAKE = "Arranque su servidor o corrija base_url en models.toml."
NAME = "Copie docs/models.example.toml en models.toml para nombrar modelos."

MAX_SHOWN = 12
"""Models of a server in its line."""


def examination(
    settings: Settings, *, models: bool = False, model: str | None = None
) -> Iterator[Finding]:
    """The findings as they come: the product, then the model servers, then one model.

    Raises:
        InputError: no model has that name; before the first finding.
        SettingsError: models.toml is not valid, and a model was named; likewise.
    """
    chosen = () if model is None else examine_model(settings, model)
    parts: list[Callable[[], tuple[Finding, ...]]] = [lambda: examine(settings)]
    if models:
        parts.append(lambda: examine_models(settings))
    return chain(chain.from_iterable(part() for part in parts), chosen)


def examine(settings: Settings) -> tuple[Finding, ...]:
    """The state of document, index and token vocabulary; never raises an expected failure."""
    return (
        _finding("documento", lambda: _document(settings)),
        _finding("índice", lambda: _index(open_assistant(settings))),
        _finding("vocabulario", _vocabulary),
    )


def examine_models(
    settings: Settings, presets: Mapping[str, Server] | None = None
) -> tuple[Finding, ...]:
    """The model servers of this machine and every configured model; never raises.

    No server and no configured model is fine: the extractive mode needs neither.
    """
    found = tuple(_found(server) for server in discover(presets))
    nobody = Finding("servidores locales", ok=True, detail="ninguno responde.", remedy=START)
    try:
        known = tuple(_status(status) for status in statuses(registry.read(settings)))
    except RagError as error:
        known = (Finding("models.toml", ok=False, detail=error.problem, remedy=error.remedy),)
    unnamed = Finding("models.toml", ok=True, detail="no nombra ningún modelo.", remedy=NAME)
    return (*(found or (nobody,)), *(known or (unnamed,)))


def examine_model(settings: Settings, name: str) -> Iterator[Finding]:
    """What one configured model can do, finding by finding.

    Raises:
        InputError: no model has that name.
        SettingsError: models.toml is not valid.
    """
    entry = registry.read(settings).find(name)
    if entry is None:
        return iter((Finding(name, ok=True, detail="el modo sin modelo; no hay qué probar"),))
    return _checked(entry)


def _checked(entry: ChatEntry) -> Iterator[Finding]:
    for finding in check(entry):
        yield replace(finding, name=f"{entry.name} · {finding.name}")


def _found(server: Found) -> Finding:
    shown = [
        f"{model.name} ({spanish(model.context_tokens)} tokens)"
        if model.context_tokens
        else model.name
        for model in server.models
    ]
    more = [f"y {len(shown) - MAX_SHOWN} más"] if len(shown) > MAX_SHOWN else []
    models = ", ".join(shown[:MAX_SHOWN] + more) or "sin modelos"
    return Finding(server.title, ok=True, detail=f"{server.address}: {models}")


def _status(status: Status) -> Finding:
    kind = "modelo" if isinstance(status.entry, ChatEntry) else "vectores"
    told = "responde" if status.state == "answers" else "no se comprueba sin preguntarle"
    return Finding(
        f"{kind} {status.entry.name}",
        ok=status.is_usable,
        detail=status.problem or told,
        remedy=WAKE if status.state == "silent" else status.remedy,
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
