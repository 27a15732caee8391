import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from rag.doctor import examine_model, examine_models
from rag.errors import InputError
from rag.models import registry
from rag.models.finding import Finding
from rag.models.registry import Registry
from rag.models.status import State, Status, rows, statuses
from rag.settings import Settings
from tests.models.behaviours import ZOO, exemplary
from tests.models.entries import KEY, KEY_VARIABLE, dead_url, fields, preset, write_models
from tests.models.exchange import Failure
from tests.models.ollama_wire import ScriptedOllama
from tests.models.servers import ScriptedServer
from tests.models.test_checkup import Routed, refuse
from tests.product import COMMAND, ROOT, cinco_here

DEAD: Mapping[str, object] = {"provider": "openai", "model": "m", "base_url": f"{dead_url()}/v1"}


def status(**values: object) -> Status:
    """How a model with these values stands."""
    (found,) = statuses(Registry.model_validate({"chat": {"mine": values}}))
    return found


class TestStatus:
    @pytest.mark.parametrize("dialect", [ScriptedServer, ScriptedOllama])
    def test_a_model_that_its_server_has(self, dialect: type[ScriptedServer]) -> None:
        with dialect(exemplary) as server:
            assert status(**fields(server)).state == "answers"

    @pytest.mark.parametrize("dialect", [ScriptedServer, ScriptedOllama])
    def test_a_model_that_its_server_lacks(self, dialect: type[ScriptedServer]) -> None:
        with dialect(exemplary, models=("a", "b")) as server:
            found = status(**fields(server, model="c"))
        assert (found.state, "a, b" in (found.remedy or "")) == ("no_model", True)

    def test_a_model_is_not_asked(self) -> None:
        with ScriptedServer(exemplary) as server:
            status(**fields(server))
            assert [r.path for r in server.received if "chat" in r.path] == []

    @pytest.mark.parametrize(
        ("values", "state"),
        [
            (DEAD, "silent"),
            ({**DEAD, "key_env": "CINCO_TEST_NO_KEY"}, "no_key"),
            ({"provider": "mistralai", "model": "m"}, "not_installed"),
            ({"provider": "../x.y", "model": "m"}, "not_installed"),
            ({"provider": "azure_openai", "model": "m"}, "unchecked"),
        ],
    )
    def test_what_stands_in_the_way(self, values: dict[str, object], state: State) -> None:
        found = status(**values)
        assert (found.state, found.is_usable) == (state, state == "unchecked")
        assert (found.remedy is None) == found.is_usable

    def test_a_server_without_a_list(self) -> None:
        with Routed(exemplary, {}) as server:
            assert status(**fields(server)).state == "unchecked"

    @pytest.mark.parametrize("failure", [Failure(200, "<html>", is_html=True), Failure(503, "no")])
    def test_something_else_at_its_address(self, failure: Failure) -> None:
        with Routed(exemplary, {"GET /v1/models": lambda _: failure}) as server:
            assert status(**fields(server)).state == "refuses"

    def test_a_rejected_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(KEY_VARIABLE, KEY)
        with Routed(exemplary, {"GET /v1/models": refuse}) as server:
            found = status(**fields(server, key_env=KEY_VARIABLE))
        assert (found.state, KEY in repr(found)) == ("refuses", False)

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        values = {"provider": "sentence-transformers", "model": str(tmp_path / "falta")}
        (found,) = statuses(Registry.model_validate({"embedding": {"folder": values}}))
        assert found.state in {"no_folder", "not_installed"}

    def test_many_slow_ones_take_as_long_as_one(self) -> None:
        with Routed(exemplary, {"GET /v1/models": lambda _: wait(server)}) as server:
            entries = {f"m{n}": fields(server) for n in range(8)}
            started = time.monotonic()
            found = statuses(Registry.model_validate({"chat": entries}))
        assert {status.state for status in found} == {"silent"}
        assert time.monotonic() - started < 3

    def test_nothing_is_named_nothing_is_asked(self) -> None:
        assert statuses(Registry()) == ()


def wait(server: ScriptedServer) -> Failure:
    """Nothing, for as long as the server runs."""
    server.closing.wait(30)
    return Failure(500, "late")


class TestRows:
    def test_mark_the_default_of_either_kind(self) -> None:
        embedding = {"vec": {"provider": "openai", "model": "m", "base_url": DEAD["base_url"]}}
        known = Registry.model_validate(
            {"default": "mine", "chat": {"mine": DEAD}, "embedding": embedding}
        )
        marked = {(row.name, row.kind): row.is_default for row in rows(known, statuses(known))}
        assert marked == {
            ("extractive", "chat"): False,
            ("mine", "chat"): True,
            ("corpus", "embedding"): True,
            ("vec", "embedding"): False,
        }


class TestDoctor:
    def test_no_server_and_no_model_is_fine(self) -> None:
        found = examine_models(Settings(models=None), {})
        assert all(finding.ok and finding.remedy for finding in found)
        assert found[0].name == "servidores locales"

    def test_lists_servers_with_their_models(self, tmp_path: Path) -> None:
        settings = Settings(models=write_models(tmp_path, {}))
        with ScriptedOllama(exemplary, models=("qwen3:4b",)) as server:
            found = examine_models(settings, preset("ollama", server))
        assert found[0] == Finding("Ollama", ok=True, detail=f"{server.base_url}: qwen3:4b")

    def test_says_how_each_configured_model_stands(self, tmp_path: Path) -> None:
        with ScriptedServer(exemplary) as server:
            path = write_models(tmp_path, {"chat.good": fields(server), "chat.gone": DEAD})
            _, *found = examine_models(Settings(models=path), {})
        assert [(f.name, f.ok) for f in found] == [("modelo good", True), ("modelo gone", False)]

    def test_says_what_is_wrong_with_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "models.toml"
        path.write_text("default = ", encoding="utf-8")
        found = examine_models(Settings(models=path), {})[-1]
        assert (found.name, found.ok, bool(found.remedy)) == ("models.toml", False, True)

    def test_prefixes_what_it_finds_of_one_model(self, tmp_path: Path) -> None:
        with ScriptedServer(exemplary) as server:
            path = write_models(tmp_path, {"chat.good": fields(server)})
            found = list(examine_model(Settings(models=path), "good"))
        assert all(finding.ok and finding.name.startswith("good · ") for finding in found)

    def test_has_nothing_to_try_without_a_model(self) -> None:
        (found,) = examine_model(Settings(models=None), registry.EXTRACTIVE)
        assert found.ok

    def test_knows_no_model_that_nobody_named(self) -> None:
        with pytest.raises(InputError, match="extractive"):
            examine_model(Settings(models=None), "nadie")


class TestCommands:
    def test_models_lists_every_name_its_state_and_the_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with ScriptedServer(exemplary) as server:
            entries = {"chat.good": fields(server), "chat.gone": DEAD}
            path = write_models(tmp_path, entries, default="good")
            monkeypatch.setenv("CINCO_MODELS", str(path))
            run = cinco_here("models")
        lines = run.stdout.decode().splitlines()
        assert run.returncode == 0
        assert [line[:2] + line.split()[-1] for line in lines[1:3]] == ["* responde", "  responde"]
        assert "no responde" in lines[2]
        assert str(path) in lines[-1]

    def test_models_as_json(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = write_models(tmp_path, {"chat.gone": {**DEAD, "server": "vllm"}}, default="gone")
        monkeypatch.setenv("CINCO_MODELS", str(path))
        listed = json.loads(cinco_here("models", "--json").stdout)
        gone = next(model for model in listed["models"] if model["name"] == "gone")
        assert (listed["file"], listed["default"]) == (str(path), "gone")
        assert (gone["state"], gone["server"], gone["is_default"]) == ("silent", "vLLM", True)

    def test_models_without_a_file_says_how_to_write_one(self) -> None:
        assert "docs/models.example.toml" in cinco_here("models").stdout.decode()

    def test_models_with_a_broken_file_is_an_expected_failure(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "models.toml"
        path.write_text("[chat.x]\nmodel = 5\n", encoding="utf-8")
        monkeypatch.setenv("CINCO_MODELS", str(path))
        run = cinco_here("models")
        assert (run.returncode, run.stdout, run.stderr.count(b"\n")) == (1, b"", 1)

    def test_doctor_names_the_models_that_there_are(self) -> None:
        run = cinco_here("doctor", "--model", "nadie")
        assert (run.returncode, run.stdout, b"extractive" in run.stderr) == (1, b"", True)

    @pytest.mark.parametrize("behaviour", ["exemplary", "html_error"])
    def test_no_command_shows_the_key(self, behaviour: str, tmp_path: Path) -> None:
        with ScriptedServer(ZOO[behaviour]) as server:
            entries = {"chat.mine": fields(server, key_env=KEY_VARIABLE)}
            path = write_models(tmp_path, entries)
            outputs = [
                program(path, *words)
                for words in (
                    ("models",),
                    ("models", "--json"),
                    ("doctor", "--models", "--model", "mine"),
                    ("doctor", "--model", "mine", "--json"),
                )
            ]
            sent = {request.headers.get("authorization") for request in server.received}
        assert sent == {f"Bearer {KEY}"}
        assert [KEY in output for output in outputs] == [False] * 4
        assert ["mine" in output for output in outputs] == [True] * 4


def program(models: Path, *words: str) -> str:
    """All that the program writes, as talkative as it can be; its document is missing."""
    environment = {
        **os.environ,
        "CINCO_MODELS": str(models),
        "CINCO_LOG_LEVEL": "DEBUG",
        "CINCO_SOURCE": str(models.parent / "falta.txt"),
        KEY_VARIABLE: KEY,
    }
    run = subprocess.run(
        [*COMMAND, *words], capture_output=True, cwd=ROOT, env=environment, check=False
    )
    return (run.stdout + run.stderr).decode()


def test_the_doctor_imports_no_vendor_until_a_model_is_tried() -> None:
    heavy = ("langchain", "langchain_core", "openai", "tiktoken", "ollama")
    code = f"import rag.doctor, rag.models.status, sys; print(set({heavy!r}) & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
    assert run.stdout.decode().strip() == "set()"
