"""Which models a server says that it has: one short request, without LangChain."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.models.failures import Trouble, trouble

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 2_000_000
"""Longer lists are not read: whatever sends them is no model server."""

MAX_NAME = 120
"""Characters of a model's name; it comes from outside and is printed."""

MAX_TOKENS = 100_000_000
"""A context above it is a joke or a fault."""


@dataclass(frozen=True, slots=True)
class Served:
    """One model of a server."""

    name: str
    context_tokens: int | None = None
    """As the server tells it; most do not."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a server answered."""

    models: tuple[Served, ...]
    has_props: bool = False
    """Whether it tells its properties, as llama.cpp does."""

    def find(self, name: str) -> Served | None:
        """The model of that name; Ollama's `qwen3` is `qwen3:latest`."""
        wanted = {name, f"{name}:latest"}
        return next((served for served in self.models if served.name in wanted), None)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a server may take."""

    connect_seconds: float
    total_seconds: float
    """All requests together."""


class _RefusedError(Exception):
    """A status that is no success; `trouble` reads it."""

    def __init__(self, status_code: int) -> None:
        super().__init__(status_code)
        self.status_code = status_code


def ask(base_url: str, provider: str, limits: Limits, key: str | None = None) -> Listing | Trouble:
    """The models of a server that speaks Ollama's protocol or OpenAI's, or what went wrong.

    No proxy of the environment is used and no redirect followed.
    """
    import httpx

    deadline = time.monotonic() + limits.total_seconds
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx.Client(headers=headers, trust_env=False, follow_redirects=False) as client:
            web = _Web(client, deadline, limits.connect_seconds)
            return _ollama(web, base_url) if provider == "ollama" else _openai(web, base_url)
    # Not an address, no answer, no JSON, a key that no header can carry, brackets without end.
    except (httpx.HTTPError, httpx.InvalidURL, _RefusedError, ValueError, RecursionError) as error:
        return trouble(error)


@dataclass(frozen=True, slots=True)
class _Web:
    client: "httpx.Client"
    deadline: float
    connect_seconds: float

    def get(self, url: str) -> object:
        """The JSON at an address."""
        import httpx

        left = max(0.01, self.deadline - time.monotonic())
        limit = httpx.Timeout(left, connect=min(left, self.connect_seconds))
        with self.client.stream("GET", url, timeout=limit) as response:
            if response.status_code >= 300:
                raise _RefusedError(response.status_code)
            return json.loads(b"".join(self._bounded(response.iter_bytes())))

    def _bounded(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        import httpx

        room = MAX_BYTES
        for part in parts:
            room -= len(part)
            if room < 0:
                raise ValueError
            if time.monotonic() > self.deadline:
                raise httpx.ReadTimeout("")
            yield part


def _ollama(web: _Web, base_url: str) -> Listing:
    entries = _entries(web.get(f"{base_url.rstrip('/')}/api/tags"), "models")
    return Listing(tuple(Served(name) for entry in entries if (name := _name(entry, "name"))))


def _openai(web: _Web, base_url: str) -> Listing:
    import httpx

    root = base_url.rstrip("/")
    entries = _entries(web.get(f"{root}/models"), "data")
    try:
        told = _n_ctx(web.get(f"{root.removesuffix('/v1')}/props"))
    except (httpx.HTTPError, _RefusedError, ValueError, RecursionError):
        told = None
    served = (
        Served(name, _tokens(entry.get("max_model_len")) or told)
        for entry in entries
        if (name := _name(entry, "id"))
    )
    return Listing(tuple(served), has_props=told is not None)


def _entries(body: object, field: str) -> list[dict[str, object]]:
    """Raises: ValueError where it is no list of models."""
    entries = body.get(field) if isinstance(body, dict) else None
    if entries is None and isinstance(body, dict) and field in body:
        return []
    if not isinstance(entries, list):
        raise ValueError
    return [entry for entry in entries if isinstance(entry, dict)]


def _name(entry: dict[str, object], field: str) -> str:
    """What can be shown of a name."""
    name = entry.get(field)
    shown = "".join(c for c in name if c.isprintable()) if isinstance(name, str) else ""
    return shown[:MAX_NAME]


def _n_ctx(body: object) -> int | None:
    settings = body.get("default_generation_settings") if isinstance(body, dict) else None
    return _tokens(settings.get("n_ctx")) if isinstance(settings, dict) else None


def _tokens(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return value if is_count and 0 < value < MAX_TOKENS else None  # type: ignore[operator,return-value]
