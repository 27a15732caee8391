"""A real llama.cpp server in a process of its own, with the tiny model under three names."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from rag.corpus.source import BUNDLED
from tests.product import ROOT

PYTHON = Path(os.environ.get("LLAMACPP_PYTHON", ROOT / ".venv-llamacpp" / "bin" / "python"))
"""The interpreter that has `llama_cpp` and `gguf`; `make test-llamacpp` names it."""

WRITER = Path(__file__).parent / "tiny_model.py"

MAX_MODEL_BYTES = 600_000
DIMENSIONS = 64
CONTEXT = 16_384
NARROW_CONTEXT = 1024

MODELS: Mapping[str, Mapping[str, int | bool]] = {
    "tiny": {"n_ctx": CONTEXT},
    "tiny-narrow": {"n_ctx": NARROW_CONTEXT},
    "tiny-vectors": {"n_ctx": 2048, "embedding": True},
}
"""Name → how the server loads the same file."""

# One thread: two that wait for each other on a busy machine are forty times slower.
SHARED: Mapping[str, int | bool] = {
    "n_threads": 1,
    "n_threads_batch": 1,
    "logits_all": False,
    "verbose": False,
}

START_SECONDS = 60.0
STOP_SECONDS = 10.0

KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "PYTHONPATH", "CINCO_TESTS_REFUSALS")
"""Of the environment: the server takes settings from HOST, PORT, MODEL, SEED and many more.
The last two keep the network guard at work in it."""


@dataclass(frozen=True, slots=True)
class LlamaServer:
    """Where it listens."""

    origin: str

    @property
    def base_url(self) -> str:
        """What a client is configured with."""
        return f"{self.origin}/v1"


def write_model(path: Path) -> Path:
    """The path, with the tiny model in it."""
    subprocess.run([PYTHON, WRITER, path, BUNDLED], check=True, env=_environment(), timeout=60)
    return path


@contextmanager
def running(model: Path, folder: Path) -> Iterator[LlamaServer]:
    """The server over the model, ready, for as long as the context lasts."""
    server = LlamaServer(f"http://127.0.0.1:{(port := _free_port())}")
    config = folder / "config.json"
    config.write_text(json.dumps(_config(model, port)), encoding="utf-8")
    log = folder / "server.log"
    command: tuple[str | Path, ...] = (
        PYTHON,
        "-m",
        "llama_cpp.server",
        "--config_file",
        config,
    )
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=_environment())
    try:
        _wait_until_ready(server, process, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _config(model: Path, port: int) -> dict[str, object]:
    models = [
        {"model": str(model), "model_alias": name, **SHARED, **more}
        for name, more in MODELS.items()
    ]
    return {"host": "127.0.0.1", "port": port, "models": models}


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in KEPT if name in os.environ}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_until_ready(server: LlamaServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{server.base_url}/models", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text(errors='replace')[-4000:]}")
