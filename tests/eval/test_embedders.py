"""`python -m eval` over embedders: each run says which one filled the dense leg."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.eval.test_commands import evaluate
from tests.models.behaviours import exemplary
from tests.models.servers import ScriptedServer
from tests.product import assistant


@pytest.fixture(autouse=True)
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """A server of vectors that models.toml names, and a shelf of the test's own."""
    index = Path(sys.modules["rag.settings"].load().index_dir)
    assistant()
    (tmp_path / "index").symlink_to(index)
    monkeypatch.setenv("CINCO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CINCO_MODELS", str(tmp_path / "models.toml"))
    with ScriptedServer(exemplary, models=("small",)) as opened:
        (tmp_path / "models.toml").write_text(
            '[embedding.small]\nprovider = "openai"\nmodel = "small"\n'
            f'base_url = "{opened.base_url}"\n'
        )
        yield opened


def test_a_run_records_its_embedder_and_index() -> None:
    runs = [
        json.loads(evaluate("run", "--limit", "3", "--embedder", name, "--json").stdout)["run"]
        for name in ("corpus", "small")
    ]
    made = [run["conditions"] for run in runs]
    assert [one["embedder"] for one in made] == ["corpus", "small"]
    assert made[0]["index"] != made[1]["index"]


def test_an_unfinished_run_is_not_gone_on_with_by_another_embedder(tmp_path: Path) -> None:
    for name in ("corpus", "small"):
        evaluate("run", "--limit", "3", "--max-seconds", "0", "--embedder", name)
    assert len(list((tmp_path / "eval" / "runs").iterdir())) == 2


def test_runs_of_two_embedders_are_compared_by_name() -> None:
    for name in ("corpus", "small"):
        evaluate("run", "--limit", "3", "--embedder", name)
    run = evaluate("compare", "previous", "latest")
    assert run.returncode == 0
    assert "extractive + small" in run.stdout.decode()


def test_the_legs_are_ablated_with_an_embedder(server: ScriptedServer) -> None:
    run = evaluate("ablate", "--limit", "3", "--embedder", "small", "--json")
    assert "only dense" in json.loads(run.stdout)
    assert server.received


def test_an_unknown_embedder_is_one_line_that_lists_the_known_ones() -> None:
    run = evaluate("run", "--embedder", "huge")
    assert (run.returncode, run.stdout) == (1, b"")
    assert "corpus, small" in run.stderr.decode()


def test_an_embedder_that_cannot_be_reached_is_not_measured(server: ScriptedServer) -> None:
    server.__exit__()
    run = evaluate("run", "--limit", "1", "--embedder", "small")
    assert (run.returncode, run.stdout) == (1, b"")
