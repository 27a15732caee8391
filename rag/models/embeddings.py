"""Embedders of other makers: a server of OpenAI's dialect, Ollama, or a folder on this machine."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache, cached_property
from hashlib import sha256
from itertools import chain
from threading import Lock
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.models import ambient
from rag.models.failures import trouble
from rag.models.keys import key_of
from rag.models.local_embeddings import folder_state, open_local
from rag.models.registry import EmbeddingEntry

Vectors = NDArray[np.float32]
"""One row per text, unit length."""

Rows = Sequence[Sequence[float]]
"""Vectors as they come, of any length."""

Request = Callable[[list[str], float], Rows]
"""From texts and a time limit in seconds to their vectors, in order."""

Close = Callable[[], None]

IDENTITY = ("provider", "model", "base_url", "dimensions", "query_prefix", "passage_prefix")
"""What of an entry decides which vectors come back."""


class ModelEmbedder:
    """One entry of the registry as an embedder; safe for several threads."""

    reads_prose = True
    """A question is embedded as it was asked."""

    def __init__(self, entry: EmbeddingEntry) -> None:
        """Take the entry; key, client and server are looked for at the first text."""
        self._entry = entry
        self._lock = Lock()
        self._opened: Request | None = None
        self._connections: finalize[[], ModelEmbedder] | None = None

    @property
    def name(self) -> str:
        """What the operator calls it."""
        return self._entry.name

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits that change with whatever changes the vectors, as far as one can know."""
        identity = [getattr(self._entry, field) for field in IDENTITY]
        if self._entry.provider == "sentence-transformers":
            identity.append(folder_state(self._entry))
        return sha256(json.dumps(identity).encode()).hexdigest()[:16]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per question, in order.

        Raises:
            ModelError: the server cannot be reached, refuses, is too slow, or answers no vectors.
        """
        seconds = min(self._entry.query_seconds, self._entry.total_seconds)
        return self._embed([self._entry.query_prefix + text for text in texts], seconds)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per passage, in order; raises the same as `embed`."""
        prefix = self._entry.passage_prefix
        return self._embed([prefix + text for text in texts], self._entry.total_seconds)

    def close(self) -> None:
        """Let go of the connections, as happens with the embedder itself; a text opens others."""
        with self._lock:
            self._opened = None
            if self._connections:
                self._connections()

    def _embed(self, texts: Sequence[str], seconds: float) -> Vectors:
        rows = list(chain.from_iterable(self._batches(texts, seconds)))
        return _checked(rows, self._entry)

    def _batches(self, texts: Sequence[str], seconds: float) -> Iterator[Rows]:
        size = self._entry.batch_size
        for start in range(0, len(texts), size):
            batch = list(texts[start : start + size])
            rows = self._rows(batch, seconds)
            if len(rows) != len(batch):
                raise _unfit(self._entry, f"dio {len(rows)} vectores para {len(batch)} textos")
            yield rows

    def _rows(self, texts: list[str], seconds: float) -> Rows:
        request = self._request()
        try:
            return request(texts, seconds)
        except ModelError:
            raise
        # Every client brings exceptions of its own: here they become one kind.
        except Exception as error:
            raise trouble(error).as_error(self._entry) from error

    def _request(self) -> Request:
        with self._lock:
            if self._opened is None:
                ambient.disarm()
                self._opened, close = _OPENERS[self._entry.provider](self._entry)
                self._connections = finalize(self, close)
            return self._opened


def open_embedder(entry: EmbeddingEntry) -> ModelEmbedder:
    """The embedder of an entry; nothing is imported, read or sent before its first text."""
    return ModelEmbedder(entry)


def _open_openai(entry: EmbeddingEntry) -> tuple[Request, Close]:
    """Plain strings and floats: token arrays and base64 are what other servers stumble over."""
    import openai

    client = openai.OpenAI(
        base_url=entry.base_url,
        api_key=key_of(entry),
        max_retries=0,
        http_client=openai.DefaultHttpxClient(trust_env=False, follow_redirects=False),
    )

    def request(texts: list[str], seconds: float) -> Rows:
        limits = openai.Timeout(seconds, connect=entry.connect_seconds)
        found = client.embeddings.create(
            model=entry.model, input=texts, encoding_format="float", timeout=limits
        )
        return [item.embedding for item in sorted(found.data, key=lambda item: item.index)]

    return request, client.close


def _open_ollama(entry: EmbeddingEntry) -> tuple[Request, Close]:
    import httpx
    import ollama

    clients = ExitStack()

    @cache
    def client(seconds: float) -> ollama.Client:
        """A client for each time limit: it takes none with a request."""
        limits = httpx.Timeout(seconds, connect=entry.connect_seconds)
        opened = ollama.Client(
            entry.base_url, trust_env=False, follow_redirects=False, timeout=limits
        )
        clients.callback(opened.close)
        return opened

    def request(texts: list[str], seconds: float) -> Rows:
        return client(seconds).embed(entry.model, texts).embeddings

    return request, clients.close


def _open_local(entry: EmbeddingEntry) -> tuple[Request, Close]:
    encode = open_local(entry)
    return lambda texts, _: encode(texts), lambda: None


_OPENERS: Mapping[str, Callable[[EmbeddingEntry], tuple[Request, Close]]] = {
    "openai": _open_openai,
    "ollama": _open_ollama,
    "sentence-transformers": _open_local,
}


def _checked(rows: Rows, entry: EmbeddingEntry) -> Vectors:
    """The vectors as unit rows, all as long as they must be."""
    if not rows:
        return np.zeros((0, entry.dimensions or 0), dtype=np.float32)
    try:
        lengths = sorted({len(row) for row in rows})
        if len(lengths) > 1:
            raise _unfit(entry, f"mezcla vectores de {lengths[0]} y {lengths[1]} dimensiones")
        vectors = np.asarray(rows, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise _unfit(entry, "da algo que no son vectores") from error
    if entry.dimensions not in (None, lengths[0]):
        raise _unfit(entry, f"da vectores de {lengths[0]} dimensiones, no de {entry.dimensions}")
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    if not (np.isfinite(norms).all() and norms.all()):
        raise _unfit(entry, "da vectores nulos o que no son números")
    return np.asarray(vectors / norms, dtype=np.float32)


def _unfit(entry: EmbeddingEntry, problem: str) -> ModelError:
    return ModelError(
        f"El modelo «{entry.name}» {problem}.",
        remedy=f"Revise model y dimensions de [embedding.{entry.name}] en models.toml; "
        "si el servidor cambió de modelo, ejecute `cinco index --rebuild`.",
    )
