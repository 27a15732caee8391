"""The index with the embedder that was chosen, through the doors of the product."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.assistant import open_assistant
from rag.domain import Question
from rag.errors import InputError, ModelError
from rag.settings import Settings
from tests.models.behaviours import exemplary
from tests.models.servers import ScriptedServer
from tests.product import assistant, cinco_here

QUESTION = "¿Apoya la energía nuclear con fines pacíficos?"


class Shop:
    """A data folder with the session's index, and a models.toml that names two embedders."""

    def __init__(self, folder: Path, server: ScriptedServer) -> None:
        self.server = server
        self.settings = Settings(data_dir=folder, models=folder / "models.toml")
        self.choose("small")

    def choose(self, embedder: str) -> None:
        """Change the one line."""
        entries = "".join(
            f'[embedding.{name}]\nprovider = "openai"\nmodel = "{name}"\nbatch_size = 500\n'
            f'base_url = "{self.server.base_url}"\n'
            for name in ("small", "large")
        )
        text = f'embedder = "{embedder}"\n{entries}'
        (self.settings.data_dir / "models.toml").write_text(text)

    @property
    def requests(self) -> int:
        return len(self.server.received)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    index = Path(sys.modules["rag.settings"].load().index_dir)
    expected = assistant().index_fingerprint
    folder = tmp_path / "index"
    folder.mkdir()
    (newest,) = sorted(index.glob(f"{expected}-*"))[-1:]
    (folder / newest.name).symlink_to(newest)
    monkeypatch.setenv("CINCO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CINCO_MODELS", str(tmp_path / "models.toml"))
    with ScriptedServer(exemplary, models=("small", "large")) as server:
        yield Shop(tmp_path, server)


def test_one_line_of_the_file_changes_the_embedder_and_back(shop: Shop) -> None:
    fingerprints = {}
    for name in ("small", "large", "corpus"):
        shop.choose(name)
        fingerprints[name] = open_assistant(shop.settings).index_fingerprint
    requests = shop.requests
    for name, fingerprint in fingerprints.items():
        shop.choose(name)
        assert open_assistant(shop.settings).index_fingerprint == fingerprint
    assert (len(set(fingerprints.values())), shop.requests) == (3, requests)


def test_another_embedder_does_not_build_the_index_anew(shop: Shop) -> None:
    lines: list[str] = []
    open_assistant(shop.settings, lines.append)
    assert [line for line in lines if "índice" in line.lower()] == []


def test_without_its_server_a_configured_embedder_is_done_without(shop: Shop) -> None:
    shop.server.__exit__()
    answer = open_assistant(shop.settings).ask(Question(QUESTION))
    (warning,) = answer.warnings
    assert (answer.status, answer.provenance.index) == ("answered", assistant().index_fingerprint)
    assert ("vectores del documento" in warning, shop.server.base_url in warning) == (True, False)


def test_without_its_server_an_embedder_that_was_named_is_an_error(shop: Shop) -> None:
    shop.server.__exit__()
    with pytest.raises(ModelError, match="no responde"):
        open_assistant(shop.settings, embedder="large")


def test_an_unknown_embedder_lists_the_known_ones(shop: Shop) -> None:
    with pytest.raises(InputError) as failure:
        open_assistant(shop.settings, embedder="huge")
    assert "corpus, small, large" in failure.value.remedy


def test_cinco_index_makes_the_vectors_and_says_so(shop: Shop) -> None:
    first, second = cinco_here("index"), cinco_here("index")
    assert (first.returncode, shop.requests) == (0, 1)
    assert "«small» listos" in first.stderr.decode()
    assert "«small»: construido" in first.stdout.decode()
    assert "«small»: ya estaba al día" in second.stdout.decode()


def test_cinco_index_fails_where_the_server_is_gone(shop: Shop) -> None:
    shop.server.__exit__()
    run = cinco_here("index")
    assert (run.returncode, run.stdout) == (1, b"")
    assert "no responde" in run.stderr.decode()


def test_an_answer_carries_the_warning_in_its_json(shop: Shop) -> None:
    cinco_here("index")
    shop.server.__exit__()
    run = cinco_here("ask", QUESTION, "--json")
    answer = json.loads(run.stdout)
    assert (answer["status"], len(answer["warnings"]), run.returncode) == ("answered", 1, 0)
