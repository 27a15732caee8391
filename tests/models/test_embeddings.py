"""Embedders against servers that speak the real protocols, and a folder without a server."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.models.embeddings import ModelEmbedder, open_embedder
from rag.models.registry import EmbeddingEntry
from tests.models.behaviours import Failure, exemplary
from tests.models.ollama_wire import ScriptedOllama
from tests.models.servers import Json, Route, ScriptedServer, embedding

TEXTS = ["agua", "aire", "fuego", "tierra", "éter"]
KEY = "sk-secret-4711"
EMBEDDINGS = {ScriptedServer: "POST /v1/embeddings", ScriptedOllama: "POST /api/embed"}
SERVERS = pytest.mark.parametrize("kind", EMBEDDINGS, ids=["openai", "ollama"])


def entry(server: ScriptedServer, **more: object) -> EmbeddingEntry:
    """An entry for the server."""
    provider = "ollama" if isinstance(server, ScriptedOllama) else "openai"
    address = {"provider": provider, "base_url": server.base_url, "model": server.models[0]}
    return EmbeddingEntry.model_validate({"name": "scripted", **address, **more})


@contextmanager
def opened(server: ScriptedServer, **more: object) -> Iterator[ModelEmbedder]:
    """The embedder of an entry for the server, its connections closed in the end."""
    embedder = open_embedder(entry(server, **more))
    try:
        yield embedder
    finally:
        embedder.close()


def answering(kind: type[ScriptedServer], answer: Route) -> ScriptedServer:
    """A server that answers requests for vectors as told."""

    class Told(kind):  # type: ignore[misc, valid-type]
        def routes(self) -> dict[str, Route]:
            return {**super().routes(), EMBEDDINGS[kind]: answer}

    server: ScriptedServer = Told(exemplary)
    return server


def body_of(kind: type[ScriptedServer], vectors: list[Any]) -> Json:
    """A response with these vectors."""
    if kind is ScriptedOllama:
        return {"model": "m", "embeddings": vectors}
    data = [{"object": "embedding", "index": n, "embedding": v} for n, v in enumerate(vectors)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return {"object": "list", "model": "m", "data": data, "usage": usage}


def failure_of(server: ScriptedServer, texts: list[str] = TEXTS, **more: object) -> ModelError:
    """What an embedder says of a server that misbehaves."""
    with server, opened(server, **more) as embedder, pytest.raises(ModelError) as failure:
        embedder.embed_passages(texts)
    return failure.value


def expected(texts: list[str], dimension: int = 8) -> NDArray[np.float64]:
    return np.array([embedding(text, dimension) for text in texts])


@SERVERS
def test_every_text_gets_its_vector_in_order(kind: type[ScriptedServer]) -> None:
    with kind(exemplary) as server, opened(server, batch_size=2) as embedder:
        vectors = embedder.embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, expected(TEXTS), atol=1e-6)


@SERVERS
def test_texts_go_out_in_batches_as_plain_strings(kind: type[ScriptedServer]) -> None:
    with kind(exemplary) as server, opened(server, batch_size=2) as embedder:
        embedder.embed_passages(TEXTS)
    assert [request.body["input"] for request in server.received] == [
        TEXTS[:2],
        TEXTS[2:4],
        TEXTS[4:],
    ]


def test_vectors_are_asked_for_as_floats() -> None:
    with ScriptedServer(exemplary) as server, opened(server) as embedder:
        embedder.embed(TEXTS)
    assert {request.body["encoding_format"] for request in server.received} == {"float"}


@SERVERS
def test_questions_and_passages_have_prefixes_of_their_own(kind: type[ScriptedServer]) -> None:
    prefixes = {"query_prefix": "query: ", "passage_prefix": "passage: "}
    with kind(exemplary) as server, opened(server, **prefixes) as embedder:
        embedder.embed(["agua"])
        embedder.embed_passages(["agua"])
    sent = [request.body["input"] for request in server.received]
    assert sent == [["query: agua"], ["passage: agua"]]


@SERVERS
def test_vectors_of_any_length_become_unit_vectors(kind: type[ScriptedServer]) -> None:
    server = answering(kind, lambda _: body_of(kind, [[3.0, 4.0]]))
    with server, opened(server) as embedder:
        assert embedder.embed(["agua"]).tolist() == [pytest.approx([0.6, 0.8])]


def test_vectors_that_come_in_another_order_are_put_right() -> None:
    body = body_of(ScriptedServer, [[1.0, 0.0], [0.0, 1.0]])
    data = body["data"]
    assert isinstance(data, list)
    data.reverse()
    with answering(ScriptedServer, lambda _: body) as server, opened(server) as embedder:
        assert embedder.embed(["a", "b"]).tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_nothing_is_sent_before_the_first_text() -> None:
    with ScriptedServer(exemplary) as server, opened(server) as embedder:
        assert (embedder.name, len(embedder.fingerprint)) == ("scripted", 16)
    assert server.received == []


UNFIT: dict[str, tuple[list[Any], str]] = {
    "too few": ([[1.0, 0.0]], "1 vectores para 2"),
    "none": ([], "0 vectores para 2|no se entiende"),
    "of two lengths": ([[1.0, 0.0], [1.0, 0.0, 0.0]], "2 y 3 dimensiones"),
    "zeros": ([[0.0, 0.0], [1.0, 0.0]], "nulos"),
    "without dimensions": ([[], []], "nulos"),
    "not a number": ([[float("nan"), 0.0], [1.0, 0.0]], "no son números|no se entiende"),
    "infinite": ([[float("inf"), 0.0], [1.0, 0.0]], "no son números|no se entiende"),
    "text": (["AACAPwAAAAA=", "AACAPwAAAAA="], "no son vectores|no se entiende"),
    "null": ([None, None], "no son vectores|no se entiende"),
}


@SERVERS
@pytest.mark.parametrize(("vectors", "problem"), UNFIT.values(), ids=UNFIT)
def test_vectors_that_are_unfit_are_an_error_with_a_remedy(
    kind: type[ScriptedServer], vectors: list[Any], problem: str
) -> None:
    error = failure_of(answering(kind, lambda _: body_of(kind, vectors)), ["a", "b"])
    assert re.search(problem, error.problem)
    assert error.remedy


@SERVERS
def test_other_dimensions_than_configured_are_an_error_that_says_both(
    kind: type[ScriptedServer],
) -> None:
    error = failure_of(kind(exemplary), dimensions=384)
    assert "8 dimensiones, no de 384" in error.problem
    assert "cinco index --rebuild" in error.remedy


def test_dimensions_that_change_between_batches_are_an_error() -> None:
    sizes = iter([2, 3])
    server = answering(ScriptedServer, lambda _: body_of(ScriptedServer, [[1.0] * next(sizes)]))
    assert "2 y 3 dimensiones" in failure_of(server, ["a", "b"], batch_size=1).problem


FAILURES = {
    401: "rechazó la clave",
    404: "no tiene",
    307: "desviar",
    429: "saturado",
    500: "falló",
    413: "demasiado larga",
}


@SERVERS
@pytest.mark.parametrize("status", FAILURES)
def test_a_server_that_fails_is_an_error_with_a_remedy(
    kind: type[ScriptedServer], status: int
) -> None:
    told = Failure(status, "no", headers={"Location": "http://127.0.0.1:9/"})
    server = answering(kind, lambda _: told)
    error = failure_of(server)
    assert FAILURES[status] in error.problem
    assert error.remedy
    assert len(server.received) == 1


def test_a_failure_says_nothing_of_key_and_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDING_KEY", KEY)
    told = Failure(401, f"Incorrect API key provided: {KEY} for agua")
    server = answering(ScriptedServer, lambda _: told)
    error = failure_of(server, key_env="EMBEDDING_KEY")
    assert server.received[0].headers["authorization"] == f"Bearer {KEY}"
    assert not any(word in str(error) for word in (KEY, "agua"))


@SERVERS
def test_a_server_that_is_gone_is_an_error_that_names_its_address(
    kind: type[ScriptedServer],
) -> None:
    with kind(exemplary) as server:
        gone = entry(server)
    with pytest.raises(ModelError, match="no responde"):
        open_embedder(gone).embed(["agua"])


@SERVERS
def test_a_server_that_is_slow_is_an_error_within_the_limit_of_a_question(
    kind: type[ScriptedServer],
) -> None:
    def wait(_: Json) -> Json:
        server.closing.wait(20)
        return {}

    server = answering(kind, wait)
    late = pytest.raises(ModelError, match="a tiempo")
    with server, opened(server, query_seconds=0.2) as embedder, late as failure:
        embedder.embed(["agua"])
    assert "query_seconds" in failure.value.remedy


@pytest.mark.parametrize("variable", ["OPENAI_BASE_URL", "OLLAMA_HOST", "HTTP_PROXY", "ALL_PROXY"])
@SERVERS
def test_the_environment_does_not_choose_the_address(
    kind: type[ScriptedServer], variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    with kind(exemplary) as server, opened(server) as embedder:
        embedder.embed(["agua"])
    assert len(server.received) == 1


def test_a_missing_key_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMBEDDING_KEY", raising=False)
    error = failure_of(ScriptedServer(exemplary), key_env="EMBEDDING_KEY")
    assert "EMBEDDING_KEY" in error.problem


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "other"},
        {"base_url": "http://127.0.0.1:2"},
        {"query_prefix": "q"},
        {"passage_prefix": "p"},
        {"dimensions": 8},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_the_fingerprint_changes_with(changed: dict[str, object]) -> None:
    fixed = {"name": "e", "provider": "ollama", "model": "m", "base_url": "http://127.0.0.1:1"}
    first, second = (EmbeddingEntry.model_validate(e) for e in (fixed, {**fixed, **changed}))
    assert open_embedder(first).fingerprint != open_embedder(second).fingerprint


def test_the_fingerprint_stays_with_name_and_limits() -> None:
    fixed = {"provider": "ollama", "model": "m", "base_url": "http://127.0.0.1:1"}
    first = EmbeddingEntry.model_validate({"name": "e", **fixed})
    second = EmbeddingEntry.model_validate({"name": "f", "batch_size": 3, **fixed})
    assert open_embedder(first).fingerprint == open_embedder(second).fingerprint


# A folder of sentence-transformers. The package itself is not installed where these tests run.

PACKAGE = """
import json, os, pathlib
import numpy as np

class SentenceTransformer:
    def __init__(self, folder, *, local_files_only):
        assert local_files_only and os.environ["HF_HUB_OFFLINE"] == "1"
        self.size = json.loads((pathlib.Path(folder) / "config.json").read_text())["size"]

    def encode(self, texts, *, batch_size, show_progress_bar):
        assert all(isinstance(text, str) for text in texts) and not show_progress_bar
        return np.array([[len(text)] + [1.0] * (self.size - 1) for text in texts], np.float32)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model's folder."""
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text('{"size": 2}')
    return model


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A function that puts a package of this source in the place of sentence-transformers."""

    def put(source: str) -> None:
        (tmp_path / "sentence_transformers.py").write_text(source)
        monkeypatch.syspath_prepend(str(tmp_path))

    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "0")
    sys.modules.pop("sentence_transformers", None)
    yield put
    sys.modules.pop("sentence_transformers", None)


def local(folder: Path) -> ModelEmbedder:
    made = {"name": "local", "provider": "sentence-transformers", "model": str(folder)}
    return open_embedder(EmbeddingEntry.model_validate(made))


def test_a_folder_is_read_without_a_download(folder: Path, package: Callable[[str], None]) -> None:
    package(PACKAGE)
    assert local(folder).embed(["123"]).tolist() == [pytest.approx([0.94868, 0.31623], abs=1e-4)]


def test_a_missing_package_names_the_line_that_installs_it(
    folder: Path, package: Callable[[str], None]
) -> None:
    package("raise ImportError('no torch')")
    with pytest.raises(ModelError) as failure:
        local(folder).embed(["agua"])
    assert "pip install -e '.[local]'" in failure.value.remedy


@pytest.mark.parametrize("content", [None, "{}", "broken"])
def test_a_folder_without_a_model_is_an_error_that_names_it(
    content: str | None, folder: Path, package: Callable[[str], None]
) -> None:
    package(PACKAGE)
    if content is None:
        folder = folder / "nowhere"
    else:
        (folder / "config.json").write_text(content)
    with pytest.raises(ModelError, match=str(folder)):
        local(folder).embed(["agua"])


def test_the_fingerprint_of_a_folder_changes_with_its_files(folder: Path) -> None:
    before = local(folder).fingerprint
    (folder / "config.json").write_text('{"size": 12}')
    assert local(folder).fingerprint != before
