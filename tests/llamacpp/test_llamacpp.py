"""The product against a real llama.cpp server, whose model talks nonsense: none may be shown."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from rag import settings
from rag.answer.frames import frame
from rag.answer.writing import Writer
from rag.assistant import open_assistant
from rag.domain import Answer, Language, Message, Piece, Question
from rag.errors import ModelError
from rag.models import checkup
from rag.models.chat import open_chat
from rag.models.discovery import discover
from rag.models.embeddings import ModelEmbedder, open_embedder
from rag.models.registry import ChatEntry, EmbeddingEntry, servers
from rag.models.shelf import LazyChat
from tests.llamacpp.running import (
    DIMENSIONS,
    MAX_MODEL_BYTES,
    MODELS,
    NARROW_CONTEXT,
    LlamaServer,
    write_model,
)
from tests.models.entries import write_models
from tests.product import assistant, cinco, document

QUESTIONS: Mapping[Language, str] = {
    "es": "¿Qué dice el documento sobre la energía nuclear?",
    "en": "What does the paper say about nuclear energy?",
    "pt": "O que diz o documento sobre energia nuclear?",
    "zh": "文件对核能有什么说法？",
}

UNFIT = ("unsupported", "wrong_language", "silent_model", "spent", "cut")
"""Frames that say why nonsense is not shown."""

MESSAGES = (Message("system", "Conteste en español."), Message("user", "¿Qué es la CELAC?"))

ENOUGH_SECONDS = 60.0


def fields(server: LlamaServer, **more: object) -> dict[str, object]:
    """What models.toml says of the tiny model."""
    return {
        "server": "llamacpp",
        "model": "tiny",
        "base_url": server.base_url,
        "context_tokens": 4096,
        "answer_tokens": 200,
        "first_token_seconds": ENOUGH_SECONDS,
        "total_seconds": ENOUGH_SECONDS,
        **more,
    }


def entry(server: LlamaServer, **more: object) -> ChatEntry:
    """The tiny model as an entry."""
    return ChatEntry.model_validate({"name": "tiny", **fields(server, **more)})


def vectors(server: LlamaServer, **more: object) -> dict[str, object]:
    """What models.toml says of the tiny model as an embedder."""
    return {
        "server": "llamacpp",
        "model": "tiny-vectors",
        "base_url": server.base_url,
        "query_seconds": ENOUGH_SECONDS,
        **more,
    }


@pytest.fixture
def embedders(server: LlamaServer) -> Iterator[ModelEmbedder]:
    """The tiny model as an embedder."""
    values = {"name": "tiny-vectors", **vectors(server, dimensions=DIMENSIONS, batch_size=2)}
    embedder = open_embedder(EmbeddingEntry.model_validate(values))
    yield embedder
    embedder.close()


@pytest.fixture
def models_file(server: LlamaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models.toml that started programs read."""
    entries = {"chat.tiny": fields(server), "embedding.tiny-vectors": vectors(server)}
    path = write_models(tmp_path, entries)
    monkeypatch.setenv("CINCO_MODELS", str(path))
    return path


def reply(chat: ChatEntry) -> list[Piece]:
    """What the model replies to the messages."""
    with closing(open_chat(chat)) as model:
        return list(model.stream(MESSAGES))


def text_of(pieces: Iterable[Piece]) -> str:
    """The text of a reply."""
    return "".join(piece.text for piece in pieces)


def asked(chat: ChatEntry, language: Language = "es") -> Answer:
    """The answer to the question in a language, with the model as its writer."""
    with closing(LazyChat(chat)) as model:
        return assistant().ask(Question(QUESTIONS[language]), (), Writer(model))


def assert_extractive(answer: Answer, language: Language = "es") -> None:
    """What would have been said without a model, every quote of it in the document."""
    alone = assistant().ask(Question(QUESTIONS[language]))
    assert (answer.status, answer.provenance.mode) == ("answered", "extractive")
    assert (answer.text, answer.citations) == (alone.text, alone.citations)
    assert answer.citations
    for citation in answer.citations:
        assert citation.verdict == "verified"
        assert document().source[citation.start : citation.end] == citation.quote


def reason_of(answer: Answer) -> str:
    """Why the model's text is not the answer."""
    assert answer.fallback is not None
    assert answer.fallback.model == "tiny"
    return answer.fallback.reason


class TestModel:
    def test_it_is_small_and_the_same_each_time(self, tiny_model: Path, tmp_path: Path) -> None:
        written = tiny_model.read_bytes()
        assert len(written) < MAX_MODEL_BYTES
        assert write_model(tmp_path / "again.gguf").read_bytes() == written


class TestListing:
    def test_discovery_finds_the_server_and_its_models(self, server: LlamaServer) -> None:
        here = servers()["llamacpp"].model_copy(update={"base_url": server.base_url})
        (found,) = discover({"llamacpp": here})
        assert (found.title, [m.name for m in found.models]) == ("llama.cpp", list(MODELS))

    def test_the_list_of_models_says_that_both_answer(self, models_file: Path) -> None:
        run = cinco("models", "--json")
        listed = json.loads(run.stdout)
        states = {row["name"]: row["state"] for row in listed["models"] if row["model"]}
        assert (run.returncode, listed["file"]) == (0, str(models_file))
        assert states == {"tiny": "answers", "tiny-vectors": "answers"}


class TestCheckup:
    def test_every_step_is_taken_and_every_fault_has_a_remedy(self, server: LlamaServer) -> None:
        found = {finding.name: finding for finding in checkup.check(entry(server))}
        assert (found["servidor"].ok, found["flujo"].ok) == (True, True)
        assert "contexto" in found
        assert all(finding.ok or finding.remedy for finding in found.values())

    def test_a_context_that_is_too_narrow_is_found(self, server: LlamaServer) -> None:
        *_, last = checkup.check(entry(server, model="tiny-narrow"))
        assert (last.name, last.ok, bool(last.remedy)) == ("contexto", False, True)


class TestChat:
    def test_a_reply_comes_in_pieces(self, server: LlamaServer) -> None:
        with closing(LazyChat(entry(server))) as model:
            assert sum(bool(piece.text) for piece in model.stream(MESSAGES)) > 10

    def test_the_same_seed_says_the_same(self, server: LlamaServer) -> None:
        warm = entry(server, temperature=1.0, seed=5)
        other = warm.model_copy(update={"seed": 6})
        first, second, third = (text_of(reply(chat)) for chat in (warm, warm, other))
        assert first == second != third

    def test_the_limit_of_tokens_holds_and_shows(self, server: LlamaServer) -> None:
        pieces = reply(entry(server, answer_tokens=64))
        assert 0 < sum(bool(piece.text) for piece in pieces) <= 64
        assert any(piece.is_cut for piece in pieces)

    def test_a_reply_that_was_left_does_not_block_the_next(self, server: LlamaServer) -> None:
        taken: list[Piece] = []
        with closing(open_chat(entry(server, answer_tokens=2000))) as model:
            for piece in model.stream(MESSAGES, lambda: len(taken) > 3):
                taken.append(piece)
        assert len(taken) == 4
        started = time.monotonic()
        assert text_of(reply(entry(server)))
        assert time.monotonic() - started < ENOUGH_SECONDS


class TestEmbeddings:
    def test_vectors_are_unit_rows_in_order(self, embedders: ModelEmbedder) -> None:
        texts = [QUESTIONS["es"], QUESTIONS["zh"], "CELAC", "a", QUESTIONS["es"]]
        found = embedders.embed(texts)
        assert found.shape == (5, DIMENSIONS)
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
        assert np.allclose(found[0], found[4], atol=1e-4)
        assert not np.allclose(found[0], found[2], atol=1e-2)

    def test_passages_and_questions_are_embedded_alike(self, embedders: ModelEmbedder) -> None:
        (question,), (passage,) = embedders.embed(["CELAC"]), embedders.embed_passages(["CELAC"])
        assert np.allclose(question, passage, atol=1e-4)

    def test_other_dimensions_than_configured_are_an_error(self, server: LlamaServer) -> None:
        values = {"name": "tiny-vectors", **vectors(server, dimensions=DIMENSIONS + 1)}
        embedder = open_embedder(EmbeddingEntry.model_validate(values))
        with pytest.raises(ModelError, match=f"{DIMENSIONS} dimensiones"):
            embedder.embed(["CELAC"])
        embedder.close()

    def test_an_index_with_its_vectors_answers(self, models_file: Path) -> None:
        assert models_file == settings.load().models
        answer = open_assistant(settings.load(), embedder="tiny-vectors").ask(
            Question(QUESTIONS["es"])
        )
        assert (answer.status, answer.warnings) == ("answered", ())


class TestAnswer:
    @pytest.mark.parametrize("language", list(QUESTIONS))
    def test_nonsense_gives_way_to_the_extractive_answer(
        self, server: LlamaServer, language: Language
    ) -> None:
        started = time.monotonic()
        answer = asked(entry(server), language)
        assert time.monotonic() - started < ENOUGH_SECONDS
        assert_extractive(answer, language)
        assert reason_of(answer) in {frame(language, name) for name in UNFIT}

    @pytest.mark.parametrize("seed", range(4))
    def test_whatever_nonsense_it_is(self, server: LlamaServer, seed: int) -> None:
        warm = entry(server, temperature=0.3 + seed / 3, seed=seed, repair=seed % 2 == 1)
        answer = asked(warm)
        assert_extractive(answer)
        assert reason_of(answer) in {frame("es", name) for name in UNFIT}
        assert answer.fallback is not None
        assert answer.fallback.text

    def test_a_prompt_that_the_server_refuses(self, server: LlamaServer) -> None:
        """The entry promises more context than the server has."""
        answer = asked(entry(server, model="tiny-narrow"))
        assert_extractive(answer)
        assert "El modelo «tiny»" in reason_of(answer)

    def test_a_prompt_that_never_fits(self, server: LlamaServer) -> None:
        narrow = entry(server, context_tokens=NARROW_CONTEXT, answer_tokens=NARROW_CONTEXT // 2)
        answer = asked(narrow)
        assert_extractive(answer)
        assert frame("es", "no_room") in reason_of(answer)

    def test_too_little_time(self, server: LlamaServer) -> None:
        answer = asked(entry(server, total_seconds=0.05))
        assert_extractive(answer)
        assert "no terminó en 0.05 segundos" in reason_of(answer)

    def test_two_at_once(self, server: LlamaServer) -> None:
        """The server breaks off what it is at when another asks, without saying so."""
        with ThreadPoolExecutor(3) as pool:
            for answer in pool.map(lambda _: asked(entry(server, retries=0)), range(6)):
                assert_extractive(answer)
                assert reason_of(answer)


class TestProgram:
    def test_ask(self, models_file: Path) -> None:
        run = cinco("ask", "--model", "tiny", "--json", QUESTIONS["es"])
        answer = json.loads(run.stdout)
        assert (run.returncode, answer["status"]) == (0, "answered"), models_file.read_text()
        assert answer["mode"] == "extractive"
        assert answer["fallback"]["model"] == "tiny"
        assert answer["fallback"]["reason"] in {frame("es", name) for name in UNFIT}
        assert {citation["verdict"] for citation in answer["citations"]} == {"verified"}

    def test_ask_tells_people_why(self, models_file: Path) -> None:
        run = cinco("ask", "--model", "tiny", QUESTIONS["es"])
        told = " ".join(run.stdout.decode().split())
        assert run.returncode == 0, models_file.read_text()
        assert any(frame("es", name) in told for name in UNFIT), told
