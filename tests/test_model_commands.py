"""`--model` and the one line that names the default, as another program meets them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag import terminal
from rag.binding import Modelled, open_asker
from rag.domain import Question
from rag.errors import InputError
from rag.models.shelf import LazyChat, ModelShelf
from rag.settings import Settings
from tests.eval.test_commands import evaluate
from tests.models.behaviours import ZOO, exemplary
from tests.models.entries import dead_url, fields, write_models
from tests.models.servers import ScriptedServer
from tests.product import COMMAND, ROOT, Line, assistant, cinco_here, document, parsed
from tests.test_cold_imports import HEAVY, REPORT

NUCLEAR = "¿Apoya la energía nuclear con fines pacíficos?"
PATIENT = {"first_token_seconds": 30.0, "total_seconds": 60.0}


def program(
    models: Path, *words: str, stdin: str = "", command: tuple[str, ...] = COMMAND
) -> subprocess.CompletedProcess[str]:
    """A finished run of the real program with these models."""
    assistant()
    return subprocess.run(
        [*command, *words],
        env={**os.environ, "CINCO_MODELS": str(models)},
        input=stdin,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=110,
    )


def chats(server: ScriptedServer) -> int:
    """How often a model was asked."""
    return sum(request.path == server.chat_path for request in server.received)


class TestAsking:
    def test_one_question_as_json(self, tmp_path: Path) -> None:
        with ScriptedServer(exemplary) as server:
            models = write_models(tmp_path, {"chat.mine": fields(server, **PATIENT)})
            run = program(models, "ask", NUCLEAR, "--model", "mine", "--json")
        answer: Line = json.loads(run.stdout)
        assert (run.returncode, run.stderr, chats(server)) == (0, "", 1)
        assert (answer["mode"], answer["model"], answer["fallback"]) == ("model", "mine", None)
        assert len(answer["prompt"]) == 8
        assert answer["tokens"]["prompt"] > answer["tokens"]["answer"] > 0
        verdicts = [sentence["verdict"] for sentence in answer["sentences"]]
        assert verdicts == ["supported", "frame"]
        (citation,) = answer["citations"]
        source = document().source[citation["start"] : citation["end"]]
        assert (citation["quote"], citation["verdict"]) == (source, "verified")

    def test_a_batch_in_order_whose_history_asks_nobody(self, tmp_path: Path) -> None:
        lines = [
            {"id": "a", "question": NUCLEAR},
            {"id": "b", "question": "¿Y la solar?", "history": [NUCLEAR, "¿Y la eólica?"]},
            {"id": "c", "question": "¿Cuántos programas hay?"},
            {"id": "d", "question": ""},
        ]
        sent = "".join(f"{json.dumps(line)}\n" for line in lines)
        with ScriptedServer(exemplary) as server:
            models = write_models(tmp_path, {"chat.mine": fields(server, **PATIENT)})
            run = program(models, "ask", "--jsonl", "-", "--model", "mine", stdin=sent)
        answers = parsed(run.stdout.encode())
        assert (run.returncode, chats(server)) == (1, 2)
        assert [(line["id"], line["status"], line["mode"]) for line in answers] == [
            ("a", "answered", "model"),
            ("b", "answered", "model"),
            ("c", "answered", "extractive"),
            ("d", "rejected", "extractive"),
        ]

    def test_the_extractive_mode_imports_no_vendor_beside_a_models_file(
        self, tmp_path: Path
    ) -> None:
        dead = {"provider": "openai", "model": "m", "base_url": dead_url()}
        models = write_models(tmp_path, {"chat.mine": dead}, default="extractive")
        run = program(models, "ask", NUCLEAR, command=(sys.executable, "-c", REPORT))
        report = json.loads(run.stderr)
        assert (report["status"], bool(run.stdout)) == (0, True)
        assert {"tomllib", "rag.models.registry"} <= set(report["modules"])
        assert set(HEAVY).isdisjoint(report["modules"])


@pytest.fixture
def dead_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models.toml whose servers are gone: who was asked is told by the fallback."""
    dead = {"provider": "openai", "model": "m", "base_url": f"{dead_url()}/v1", "retries": 0}
    keyless = {**dead, "key_env": "CINCO_TEST_NO_SUCH_KEY"}
    path = write_models(
        tmp_path, {"chat.one": dead, "chat.two": dead, "chat.keyless": keyless}, default="one"
    )
    monkeypatch.setenv("CINCO_MODELS", str(path))
    return path


def switch(models: Path, name: str) -> None:
    """Change the one line that says what answers."""
    head, *rest = models.read_text(encoding="utf-8").splitlines()
    assert head == 'default = "one"'
    models.write_text("\n".join([f'default = "{name}"', *rest]), encoding="utf-8")


def asked(*words: str) -> Line:
    """What `ask` says in JSON."""
    assistant()
    run = cinco_here("ask", NUCLEAR, *words, "--json")
    assert (run.returncode, run.stderr) == (0, b"")
    answer: Line = json.loads(run.stdout)
    return answer


def model_of(answer: Line) -> str | None:
    """Who was asked in vain."""
    fallback: Mapping[str, str] | None = answer["fallback"]
    return fallback["model"] if fallback else None


class TestDefault:
    @pytest.mark.parametrize(
        ("name", "model"), [("one", "one"), ("two", "two"), ("extractive", None)]
    )
    def test_one_line_switches_the_model_of_ask(
        self, name: str, model: str | None, dead_models: Path
    ) -> None:
        switch(dead_models, name)
        assert model_of(asked()) == model

    @pytest.mark.parametrize("name", ["two", "extractive"])
    def test_the_same_line_switches_the_model_of_an_evaluation(
        self, name: str, dead_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        switch(dead_models, name)
        with own_shelf(tmp_path, monkeypatch):
            run = evaluate("run", "--limit", "1", "--json")
        assert json.loads(run.stdout)["run"]["conditions"]["model"] == name

    def test_another_name_may_be_asked_for(self, dead_models: Path) -> None:
        assert model_of(asked("--model", "two")) == "two"
        assert model_of(asked("-m", "extractive")) is None


@contextmanager
def own_shelf(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A data folder of the test's own, with the session's index."""
    assistant()
    index = Path(os.environ["CINCO_DATA_DIR"]) / "index"
    with monkeypatch.context() as patch:
        (folder / "index").symlink_to(index)
        patch.setenv("CINCO_DATA_DIR", str(folder))
        yield


class TestFailures:
    def test_an_unknown_name_lists_the_known_ones(self, dead_models: Path) -> None:
        run = cinco_here("ask", NUCLEAR, "--model", "gpt")
        assert (run.returncode, run.stdout, run.stderr.count(b"\n")) == (1, b"", 1)
        assert "extractive, one, two, keyless" in run.stderr.decode()

    def test_a_dead_server_gives_the_extractive_answer(self, dead_models: Path) -> None:
        answer, extracted = asked(), asked("--model", "extractive")
        assert (answer["status"], answer["mode"]) == ("answered", "extractive")
        assert "no responde" in answer["fallback"]["reason"]
        assert answer["citations"] == extracted["citations"]

    def test_a_dead_server_is_told_in_words(self, dead_models: Path) -> None:
        assistant()
        run = cinco_here("ask", NUCLEAR)
        assert (run.returncode, run.stderr) == (0, b"")
        assert "(Respuesta extractiva en lugar de la del modelo «one»:" in run.stdout.decode()

    def test_a_missing_key_gives_the_extractive_answer_and_names_the_variable(
        self, dead_models: Path
    ) -> None:
        assert "CINCO_TEST_NO_SUCH_KEY" in asked("--model", "keyless")["fallback"]["reason"]

    def test_a_models_file_that_is_not_valid_is_an_expected_failure(
        self, dead_models: Path
    ) -> None:
        dead_models.write_text("[chat.x]\nserver = 5\n", encoding="utf-8")
        run = cinco_here("ask", NUCLEAR)
        assert (run.returncode, run.stdout, run.stderr.count(b"\n")) == (1, b"", 1)

    def test_a_models_file_that_is_missing_is_an_expected_failure(self, dead_models: Path) -> None:
        dead_models.unlink()
        run = cinco_here("ask", NUCLEAR)
        assert (run.returncode, run.stdout, b"CINCO_MODELS" in run.stderr) == (1, b"", True)


@contextmanager
def modelled(behaviour: str, folder: Path) -> Iterator[Modelled]:
    """The assistant with a model that behaves so, in this process."""
    with ScriptedServer(ZOO[behaviour]) as server:
        models = write_models(folder, {"chat.mine": fields(server)}, default="mine")
        model = ModelShelf(Settings(models=models)).find()
        assert isinstance(model, LazyChat)
        yield Modelled(assistant(), model)
        model.close()


class TestTerminal:
    def test_an_answer_in_words_shows_the_sentences_that_it_rests_on(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with modelled("exemplary", tmp_path) as asker:
            status = terminal.ask(asker, Question(NUCLEAR), as_json=False)
        shown = capsys.readouterr().out
        (quote,) = re.findall(r"^    «(.+)»$", shown, re.MULTILINE)
        assert (status, "1 frase" in shown, quote in document().source) == (0, True, True)

    def test_an_answer_that_is_not_shown_is_replaced_with_its_reason(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with modelled("own_claims", tmp_path) as asker:
            status = terminal.ask(asker, Question(NUCLEAR), as_json=False)
        shown = capsys.readouterr().out
        assert (status, "Bolivia" in shown) == (0, False)
        assert "(Respuesta extractiva en lugar de la del modelo «mine»:" in shown


class TestBinding:
    def test_an_asker_is_the_assistant_itself_where_nobody_writes(self) -> None:
        assistant()
        settings = Settings(models=None)
        asker = open_asker(settings, lambda line: None, "extractive")
        assert type(asker) is type(assistant())

    def test_an_asker_with_a_model_is_over_the_same_document_and_index(
        self, dead_models: Path
    ) -> None:
        assistant()
        asker = open_asker(Settings(models=dead_models), lambda line: None)
        assert isinstance(asker, Modelled)
        assert (asker.document.sha256, asker.index_fingerprint) == (
            document().sha256,
            assistant().index_fingerprint,
        )

    def test_an_unknown_name_is_told_before_anything_is_opened(self, tmp_path: Path) -> None:
        settings = Settings(models=None, data_dir=tmp_path / "data")
        with pytest.raises(InputError):
            open_asker(settings, lambda line: None, "nadie")
        assert not (tmp_path / "data").exists()
