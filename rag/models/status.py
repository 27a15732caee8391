"""How every configured model stands, without asking it anything."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from rag.errors import RagError
from rag.models import listing
from rag.models.chat import package_of
from rag.models.discovery import LIMITS, is_loopback
from rag.models.failures import Trouble
from rag.models.listing import Limits, Listing
from rag.models.registry import CORPUS, EXTRACTIVE, ChatEntry, EmbeddingEntry, Registry, servers
from rag.settings import secret

State = Literal[
    "answers", "silent", "refuses", "no_model", "no_key", "not_installed", "no_folder", "unchecked"
]
"""`refuses`: it answers, but nothing of use. `unchecked`: nobody can be asked without cost."""

FAR_LIMITS = Limits(connect_seconds=2.0, total_seconds=3.0)
"""For a server on another machine."""

LISTING_PROVIDERS = frozenset({"ollama", "openai"})
"""Those whose list of models we can read."""

ANY_NAME = frozenset({"llamacpp", "llamafile"})
"""Servers with one model, which answers to any name."""

FOLDER_PROVIDER = "sentence-transformers"

INSTALL = {FOLDER_PROVIDER: "-e '.[local]'"}
"""Package → what pip is told, where it is an extra of ours."""

MAX_THREADS = 16


@dataclass(frozen=True, slots=True)
class Status:
    """A configured model and how it stands."""

    entry: ChatEntry | EmbeddingEntry
    state: State
    problem: str | None = None
    remedy: str | None = None

    @property
    def is_usable(self) -> bool:
        """Whether nothing speaks against asking it."""
        return self.state in {"answers", "unchecked"}


@dataclass(frozen=True, slots=True)
class Row:
    """What there is to show of one model; without a server, of what the program does itself."""

    name: str
    kind: Literal["chat", "embedding"]
    is_default: bool
    state: State
    server: str | None = None
    """What people call it."""
    provider: str | None = None
    model: str | None = None
    address: str | None = None
    problem: str | None = None
    remedy: str | None = None


def rows(registry: Registry, found: tuple[Status, ...]) -> tuple[Row, ...]:
    """Every name that can be asked for, the built-in ones first of their kind."""
    embedder = registry.embedder or CORPUS
    shown = [_row(status, registry.default, embedder) for status in found]
    return (
        Row(EXTRACTIVE, "chat", registry.default == EXTRACTIVE, "answers"),
        *(row for row in shown if row.kind == "chat"),
        Row(CORPUS, "embedding", embedder == CORPUS, "answers"),
        *(row for row in shown if row.kind == "embedding"),
    )


def _row(status: Status, default: str, embedder: str) -> Row:
    entry = status.entry
    is_chat = isinstance(entry, ChatEntry)
    preset = servers().get(entry.server or "")
    return Row(
        name=entry.name,
        kind="chat" if is_chat else "embedding",
        is_default=entry.name == (default if is_chat else embedder),
        state=status.state,
        server=preset.title if preset else entry.provider,
        provider=entry.provider,
        model=entry.model,
        address=entry.base_url,
        problem=status.problem,
        remedy=status.remedy,
    )


def statuses(registry: Registry) -> tuple[Status, ...]:
    """Every chat model and every embedder, asked side by side; nothing raises."""
    entries = (*registry.chat.values(), *registry.embedding.values())
    if not entries:
        return ()
    with ThreadPoolExecutor(min(MAX_THREADS, len(entries))) as pool:
        return tuple(pool.map(status_of, entries))


def enumerate_models(
    entry: ChatEntry | EmbeddingEntry, limits: Limits | None = None
) -> Listing | Trouble | None:
    """What the entry's server lists, or why not; `None` where there is no such list.

    Raises:
        SettingsError: `.env` cannot be read.
    """
    address = entry.base_url
    if address is None or entry.provider not in LISTING_PROVIDERS:
        return None
    limits = limits or (LIMITS if is_loopback(address) else FAR_LIMITS)
    key = secret(entry.key_env) if entry.key_env else None
    return listing.ask(address, entry.provider, limits, key)


def has_model(entry: ChatEntry | EmbeddingEntry, answer: Listing) -> bool:
    """Whether the server has the model; one without a list of names is believed."""
    return not answer.models or entry.server in ANY_NAME or answer.find(entry.model) is not None


def status_of(entry: ChatEntry | EmbeddingEntry) -> Status:
    """How one model stands, within the limits of its kind of address; nothing raises."""
    try:
        return _unasked(entry) or _asked(entry)
    except RagError as error:
        return Status(entry, "refuses", error.problem, error.remedy)


def _unasked(entry: ChatEntry | EmbeddingEntry) -> Status | None:
    """What is known without a request."""
    if not _is_installed(package := _package(entry.provider)):
        install = INSTALL.get(package, package)
        problem = f"Falta el paquete {package}."
        remedy = f"Ejecute `.venv/bin/pip install {install}`."
        return Status(entry, "not_installed", problem, remedy)
    if entry.provider == FOLDER_PROVIDER and not Path(entry.model).expanduser().is_dir():
        problem, remedy = f"No existe la carpeta {entry.model}.", "Corrija model en models.toml."
        return Status(entry, "no_folder", problem, remedy)
    if entry.key_env and not secret(entry.key_env):
        problem = f"{entry.key_env} no está definida."
        remedy = f"Defina {entry.key_env} en el entorno o en .env."
        return Status(entry, "no_key", problem, remedy)
    return None


def _asked(entry: ChatEntry | EmbeddingEntry) -> Status:
    answer = enumerate_models(entry)
    if answer is None:
        return Status(entry, "unchecked")
    if isinstance(answer, Trouble):
        return _troubled(entry, answer)
    if has_model(entry, answer):
        return Status(entry, "answers")
    return Status(entry, "no_model", **_missing(entry, answer))


def _troubled(entry: ChatEntry | EmbeddingEntry, found: Trouble) -> Status:
    # Some servers have no list; whether they answer shows only when they are asked.
    if found.kind == "unknown_model":
        return Status(entry, "unchecked")
    error = found.as_error(entry)
    state: State = "silent" if found.kind in {"unreachable", "timeout"} else "refuses"
    return Status(entry, state, error.problem, error.remedy)


def _missing(entry: ChatEntry | EmbeddingEntry, answer: Listing) -> Mapping[str, str]:
    return {
        "problem": f"El servidor no tiene «{entry.model}».",
        "remedy": f"Corrija model en models.toml; hay: {names(answer)}.",
    }


def names(answer: Listing, most: int = 8) -> str:
    """The first models of a list, in a line."""
    shown = [served.name for served in answer.models[:most]]
    return ", ".join(shown + ["…"] * (len(answer.models) > most)) or "ninguno"


def _package(provider: str) -> str:
    return provider if provider == FOLDER_PROVIDER else package_of(provider)


def _is_installed(package: str) -> bool:
    name = package.replace("-", "_")
    return name.isidentifier() and find_spec(name) is not None
