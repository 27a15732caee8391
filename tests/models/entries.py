"""Entries of models.toml that lead to scripted servers."""

import json
import socket
from collections.abc import Mapping
from pathlib import Path

from rag.models.registry import ChatEntry, Server, servers
from tests.models.ollama_wire import ScriptedOllama
from tests.models.servers import ScriptedServer

KEY = "sk-" + "clave-que-nadie-ve" * 2
KEY_VARIABLE = "CINCO_TEST_KEY"


def fields(server: ScriptedServer, /, **more: object) -> dict[str, object]:
    """What an entry for the server says; impatient, so that a test never waits long."""
    is_ollama = isinstance(server, ScriptedOllama)
    return {
        "provider": "ollama" if is_ollama else "openai",
        "model": server.models[0],
        "base_url": server.base_url,
        "first_token_seconds": 0.5,
        "total_seconds": 20.0,
        "retries": 0,
        **more,
    }


def entry(server: ScriptedServer, /, **more: object) -> ChatEntry:
    """A chat model of the server."""
    return ChatEntry.model_validate({"name": "probado", **fields(server, **more)})


def preset(name: str, server: ScriptedServer) -> dict[str, Server]:
    """A preset that leads to the server instead of the usual port."""
    return {name: servers()[name].model_copy(update={"base_url": server.base_url})}


def dead_url() -> str:
    """An address of this machine where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def write_models(folder: Path, entries: Mapping[str, Mapping[str, object]], **heads: str) -> Path:
    """A models.toml with the entries, each under its full name such as `chat.mine`."""
    lines = [f"{name} = {json.dumps(value)}" for name, value in heads.items()]
    for name, values in entries.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(v)}" for key, v in values.items())]
    path = folder / "models.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
