"""A llama.cpp server for the session, and entries of models.toml that lead to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.llamacpp.running import PYTHON, LlamaServer, running, write_model

# The other interpreter's: it imports what is not installed here.
collect_ignore = ["tiny_model.py"]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model file."""
    if not PYTHON.exists():
        pytest.fail(f"There is no {PYTHON}: run `make test-llamacpp`.", pytrace=False)
    return write_model(tmp_path_factory.mktemp("model") / "tiny.gguf")


@pytest.fixture(scope="session")
def server(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    """The server, ready."""
    with running(tiny_model, tmp_path_factory.mktemp("llamacpp")) as started:
        yield started
