"""What went wrong at a model server, told from whatever its client raised."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rag.errors import ModelError
from rag.models.registry import ChatEntry, EmbeddingEntry, servers

Kind = Literal[
    "unreachable",
    "timeout",
    "key",
    "unknown_model",
    "busy",
    "server",
    "context",
    "system_role",
    "redirect",
    "broken",
]

PASSING: frozenset[Kind] = frozenset({"busy", "server"})

UNREACHED = frozenset({"ConnectError", "ConnectTimeout", "ConnectionRefusedError"})
"""Names of exceptions; OpenAI's client wraps the second in a timeout of its own."""

_SYSTEM = re.compile(
    r"system.{0,40}(role|message|prompt).{0,40}(not|un)\W?support|"
    r"(not|un)\W?support\w*.{0,40}system|roles must alternate",
    re.IGNORECASE,
)
_CONTEXT = re.compile(
    r"context.{0,20}(length|window|size)|maximum context|too many tokens|"
    r"exceed\w*.{0,30}(context|tokens)",
    re.IGNORECASE,
)

_BY_STATUS: Mapping[int, Kind] = {
    401: "key",
    403: "key",
    404: "unknown_model",
    408: "timeout",
    409: "busy",
    413: "context",
    429: "busy",
}

_TEXTS: Mapping[Kind, tuple[str, str]] = {
    "unreachable": (
        "no responde",
        "Arranque el servidor o corrija base_url; `cinco doctor --models` dice qué hay.",
    ),
    "timeout": (
        "no contestó a tiempo",
        "Suba first_token_seconds en models.toml, o elija un modelo más rápido.",
    ),
    "key": ("rechazó la clave", "Revise la variable de entorno que nombra key_env."),
    "unknown_model": (
        "dice que no tiene «{model}»",
        "Corrija model en models.toml; `cinco doctor --models` enumera los que hay.",
    ),
    "busy": ("está saturado", "Espere un poco y pregunte otra vez."),
    "server": ("falló", "Mire el registro del servidor del modelo y pregunte otra vez."),
    "context": ("dice que la petición es demasiado larga", "{context}"),
    "system_role": (
        "no admite las instrucciones del sistema",
        "Elija otro modelo u otra plantilla de conversación.",
    ),
    "redirect": (
        "quiere desviar la petición a otra dirección",
        "Escriba en base_url la dirección definitiva; no se sigue ningún desvío.",
    ),
    "broken": (
        "cortó la respuesta o contestó algo que no se entiende",
        "Mire el registro del servidor del modelo; `cinco doctor --models` lo prueba.",
    ),
}

_OF_EMBEDDERS: Mapping[Kind, str] = {
    "timeout": "Suba query_seconds o total_seconds en models.toml, o baje batch_size.",
    "context": "Baje batch_size en models.toml o elija un modelo de contexto más largo.",
}
"""Remedies that are others for embedders."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failure of a model server. Holds nothing of prompt, key or address."""

    kind: Kind
    retry_after_seconds: float | None = None

    @property
    def may_pass(self) -> bool:
        """Whether trying again makes sense."""
        return self.kind in PASSING

    def as_error(self, entry: ChatEntry | EmbeddingEntry) -> ModelError:
        """The same, told to people."""
        problem, remedy = _TEXTS[self.kind]
        if isinstance(entry, EmbeddingEntry):
            remedy = _OF_EMBEDDERS.get(self.kind, remedy)
        preset = servers().get(entry.server or "")
        values = {
            "model": entry.model,
            "context": preset.context if preset else "Baje context_tokens en models.toml.",
        }
        return ModelError(
            f"El modelo «{entry.name}» {problem.format(**values)}.", remedy=remedy.format(**values)
        )


def trouble(error: BaseException) -> Trouble:
    """What an exception of a client means; clients differ, so names and statuses are read."""
    links = tuple(_chain(error))
    for link in links:
        status = _status(link)
        if status is not None:
            return Trouble(_of_status(status, str(link)), _retry_after(links))
    names = {type(link).__name__ for link in links}
    if names & UNREACHED or type(error) is ConnectionError:
        return Trouble("unreachable")
    return Trouble("timeout" if any("Timeout" in name for name in names) else "broken")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and those that it came from, the innermost last."""
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status >= 300 else None


def _of_status(status: int, text: str) -> Kind:
    if status < 400:
        return "redirect"
    if status in (400, 422, 500) and _SYSTEM.search(text):
        return "system_role"
    if status in (400, 413, 422, 500) and _CONTEXT.search(text):
        return "context"
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return "server" if status >= 500 else "broken"


def _retry_after(links: Iterable[BaseException]) -> float | None:
    """What the server asks for; Ollama's client keeps the response in the cause only."""
    responses = (getattr(link, "response", None) for link in links)
    found = (getattr(response, "headers", None) for response in responses)
    headers = next((each for each in found if isinstance(each, Mapping)), {})
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None
