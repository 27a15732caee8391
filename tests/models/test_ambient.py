"""The environment chooses no address, turns no tracing on and adds nothing to a request."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from rag.models import ambient
from tests.models.behaviours import says
from tests.models.entries import fields, write_models
from tests.models.ollama_wire import ScriptedOllama
from tests.models.servers import ScriptedServer
from tests.product import COMMAND, ROOT
from tests.test_no_network import Trap

FOREIGN_KEY = "sk-of-the-environment"
HEADER = "x-of-the-environment"

ASK = """
import json, sys

from langchain_core.tracers.langchain import wait_for_all_tracers
from langsmith import utils

from rag import settings
from rag.domain import Message
from rag.models.shelf import ModelShelf

traced_before = utils.tracing_is_enabled()
shelf = ModelShelf(settings.load())
said = {}
for name in ("near", "ollama"):
    model = shelf.find(name)
    said[name] = "".join(p.text for p in model.stream((Message("user", "¿pregunta privada?"),)))
    model.close()
wait_for_all_tracers()
traced = [traced_before, utils.tracing_is_enabled()]
json.dump({"said": said, "traced": traced}, sys.stdout)
"""
"""Asks both models, in a process that has read by then what its environment says of tracing."""

HEED = """
import os
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI

try:
    ChatOpenAI(model="m", max_retries=0, timeout=0.5).invoke([HumanMessage("hola")])
finally:
    os._exit(0)
"""
"""Asks a model as LangChain would do it left alone."""


@pytest.fixture
def trap() -> Iterator[Trap]:
    """The trap, set."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        listener.setblocking(False)
        yield Trap(listener)


def hostile(trap: Trap) -> dict[str, str]:
    """Every variable that could lead a model's question elsewhere, or add to it."""
    url = trap.environment["OPENAI_BASE_URL"]
    gateways = ("LANGSMITH_GATEWAY", "LANGSMITH_GATEWAY_URL", "OPENAI_PROXY")
    return {
        **os.environ,
        **trap.environment,
        **dict.fromkeys(gateways, url),
        **dict.fromkeys(ambient.TRACING, "true"),
        "LANGCHAIN_HANDLER": "langchain",
        "LANGCHAIN_API_KEY": FOREIGN_KEY,
        "LANGSMITH_API_KEY": FOREIGN_KEY,
        "LC_OUTPUT_VERSION": "v1",
        "OLLAMA_API_KEY": FOREIGN_KEY,
        "OPENAI_API_KEY": FOREIGN_KEY,
        "OPENAI_CUSTOM_HEADERS": f"{HEADER}: 1",
        "OPENAI_LOG": "debug",
        "OPENAI_ORG_ID": FOREIGN_KEY,
        "OPENAI_PROJECT_ID": FOREIGN_KEY,
    }


def finished(*command: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, check=False, timeout=110
    )


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Path, tuple[ScriptedServer, ScriptedServer]]]:
    """A models.toml with a model of either dialect, and their servers."""
    patience = {"first_token_seconds": 20}
    with ScriptedServer(says("Cerca.")) as near, ScriptedOllama(says("Ollama.")) as ollama:
        named = {"chat.near": fields(near, **patience), "chat.ollama": fields(ollama, **patience)}
        yield write_models(tmp_path, named), (near, ollama)


def test_a_model_is_asked_at_its_own_address_and_nobody_else_is(
    trap: Trap, servers: tuple[Path, tuple[ScriptedServer, ...]]
) -> None:
    models, asked = servers
    environment = {**hostile(trap), "CINCO_MODELS": str(models)}
    run = finished(sys.executable, "-c", ASK, environment=environment)
    assert run.returncode == 0, run.stderr
    told: Any = json.loads(run.stdout)
    assert told == {"said": {"near": "Cerca.", "ollama": "Ollama."}, "traced": [True, False]}
    assert (trap.callers(), [len(server.received) for server in asked]) == (0, [1, 1])
    headers = [repr(request.headers) for server in asked for request in server.received]
    assert [one for one in headers if FOREIGN_KEY in one or HEADER in one] == []
    assert "pregunta privada" not in run.stderr.decode()


def test_the_trap_notices_a_model_that_heeds_the_environment(trap: Trap) -> None:
    run = finished(sys.executable, "-c", HEED, environment=hostile(trap))
    assert (run.returncode, trap.callers() > 0) == (0, True), run.stderr


def test_models_are_listed_from_their_own_addresses(
    trap: Trap, servers: tuple[Path, tuple[ScriptedServer, ...]]
) -> None:
    models, asked = servers
    environment = {**hostile(trap), "CINCO_MODELS": str(models)}
    run = finished(*COMMAND, "models", "--json", environment=environment)
    states = {row["name"]: row["state"] for row in json.loads(run.stdout)["models"]}
    assert (states["near"], states["ollama"], trap.callers()) == ("answers", "answers", 0)
    headers = [repr(request.headers) for server in asked for request in server.received]
    assert [one for one in headers if FOREIGN_KEY in one] == []


class TestDisarming:
    def test_addresses_go(self) -> None:
        environment = dict.fromkeys(ambient.ADDRESSES, "http://elsewhere")
        ambient.disarm(environment)
        assert environment.keys().isdisjoint(ambient.ADDRESSES)

    @pytest.mark.parametrize("before", ["true", "1", None])
    def test_tracing_is_off_whatever_it_was(self, before: str | None) -> None:
        environment = dict.fromkeys(ambient.TRACING, before) if before else {}
        told: dict[str, str] = {name: value for name, value in environment.items() if value}
        ambient.disarm(told)
        assert told == dict.fromkeys(ambient.TRACING, "false")

    def test_all_else_stays(self) -> None:
        environment = {"OPENAI_API_KEY": "sk-1", "PATH": "/bin", "CINCO_MODELS": "m.toml"}
        ambient.disarm(environment)
        kept = {name: value for name, value in environment.items() if name not in ambient.TRACING}
        assert kept == {"OPENAI_API_KEY": "sk-1", "PATH": "/bin", "CINCO_MODELS": "m.toml"}
