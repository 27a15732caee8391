"""The commands dial nobody, whatever the environment asks them to.

The network guard of `tests/conftest.py` is in every process and refuses what would leave this
machine. It lets loopback through: so every address that the environment suggests leads to a trap.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.conftest import Refusals
from tests.product import ROOT
from tests.search.folders import TOPIC, write_short_source
from tests.search.sample import PROGRAM

PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
ADDRESS_VARIABLES = (
    "HF_ENDPOINT",
    "LANGCHAIN_ENDPOINT",
    "LANGSMITH_ENDPOINT",
    "OLLAMA_HOST",
    "OPENAI_API_BASE",
    "OPENAI_BASE_URL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "CHROMA_OTEL_COLLECTION_ENDPOINT",
)
OTHER_VARIABLES = {
    "ANONYMIZED_TELEMETRY": "True",
    "CHROMA_API_IMPL": "chromadb.api.fastapi.FastAPI",
    "CHROMA_SERVER_HOST": "127.0.0.1",
    "CHROMA_OTEL_GRANULARITY": "all",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "trap",
    "LANGSMITH_TRACING": "true",
    "OPENAI_API_KEY": "trap",
}


class Trap:
    """A server that every suggested address leads to."""

    def __init__(self, listener: socket.socket) -> None:
        """Take a listening socket that does not block."""
        self._listener = listener
        port = listener.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        proxies = dict.fromkeys((*PROXY_VARIABLES, *map(str.lower, PROXY_VARIABLES)), url)
        addresses = dict.fromkeys(ADDRESS_VARIABLES, url)
        self.environment: Mapping[str, str] = {
            **proxies,
            **addresses,
            **OTHER_VARIABLES,
            "CHROMA_SERVER_HTTP_PORT": str(port),
        }

    def callers(self) -> int:
        """How many connections there were since the last call."""
        found = 0
        while True:
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:
                return found
            connection.close()
            found += 1


@pytest.fixture
def trap() -> Iterator[Trap]:
    """The trap, set."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        listener.setblocking(False)
        yield Trap(listener)


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for the commands, in turn."""
    folder = tmp_path_factory.mktemp("data")
    write_short_source(folder / "source.txt")
    return folder


COMMANDS = {
    "index": ("index", "--rebuild"),
    "ask": ("ask", TOPIC),
    "batch": ("ask", "--jsonl", "-"),
    "search": ("search", TOPIC),
    "outline": ("outline",),
    "doctor": ("doctor",),
    "models": ("models",),
    "doctor of models": ("doctor", "--models"),
}
"""The last one looks for model servers at their usual ports of this machine, which are no
suggestion: the trap has none of them."""


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_calls_no_address_that_the_environment_suggests(
    command: tuple[str, ...], trap: Trap, data_folder: Path, refusals: Refusals
) -> None:
    run = subprocess.run(
        [*PROGRAM, *command],
        env={
            **os.environ,
            **trap.environment,
            "CINCO_DATA_DIR": str(data_folder),
            "CINCO_SOURCE": str(data_folder / "source.txt"),
        },
        cwd=ROOT,
        input=b'{"question": "energ\\u00eda nuclear"}',
        capture_output=True,
        check=False,
    )
    assert (run.returncode, trap.callers(), refusals.take()) == (0, 0, []), run.stderr


def test_the_trap_notices_a_process_that_heeds_the_environment(trap: Trap) -> None:
    fetch = "import urllib.request; urllib.request.urlopen('http://example.invalid', timeout=1)"
    environment = {**os.environ, **trap.environment}
    process = subprocess.Popen(
        [sys.executable, "-c", fetch], env=environment, stderr=subprocess.DEVNULL
    )
    process.wait()
    assert trap.callers() == 1
