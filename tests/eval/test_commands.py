"""The doors of the evaluation: exit status, one line on stderr, only results on stdout."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from eval.__main__ import main
from tests.product import Run, assistant, cinco, cinco_here


def evaluate(*arguments: str) -> Run:
    """A finished run of `python -m eval` inside this process."""
    streams = [io.TextIOWrapper(io.BytesIO(), write_through=True) for _ in range(2)]
    try:
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
            main(arguments)
    except SystemExit as ending:
        out, err = (stream.buffer for stream in streams)
        assert isinstance(out, io.BytesIO)
        assert isinstance(err, io.BytesIO)
        return Run(int(ending.code or 0), out.getvalue(), err.getvalue())


@pytest.fixture(autouse=True)
def _own_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = Path(sys.modules["rag.settings"].load().index_dir)
    assistant()
    (tmp_path / "index").symlink_to(index)
    monkeypatch.setenv("CINCO_DATA_DIR", str(tmp_path))


def test_a_run_prints_one_object_and_leaves_its_files(tmp_path: Path) -> None:
    run = evaluate("run", "--limit", "5", "--json")
    assert run.returncode == 0
    report = json.loads(run.stdout)
    assert report["summary"]["items"] == 5
    folder = tmp_path / "eval" / "runs" / report["run"]["id"]
    assert {"run.json", "results.jsonl", "report.md", "report.json", "report.html"} <= {
        path.name for path in folder.iterdir()
    }


def test_the_same_command_after_a_complete_run_makes_another(tmp_path: Path) -> None:
    for _ in range(2):
        evaluate("run", "--limit", "2")
    assert len(list((tmp_path / "eval" / "runs").iterdir())) == 2


def test_a_budget_says_that_it_stopped_the_run() -> None:
    run = evaluate("run", "--limit", "5", "--max-seconds", "0")
    assert run.returncode == 0
    assert "faltan" in run.stderr.decode()


def test_two_runs_can_be_compared() -> None:
    for _ in range(2):
        evaluate("run", "--limit", "5")
    run = evaluate("compare", "previous", "latest", "--json")
    assert run.returncode == 0
    assert json.loads(run.stdout)["differences"]["right"]["verdict"] == "equal"


def test_looking_at_the_test_part_is_recorded() -> None:
    evaluate("run", "--split", "test", "--limit", "5")
    before = json.loads(evaluate("report", "--json").stdout)
    after = json.loads(evaluate("report", "--json", "--reveal").stdout)
    assert before["run"]["test_part_used"]
    assert len(before["run"]["revealed"]) == 0
    assert len(after["run"]["revealed"]) == 1


def test_every_leg_is_ablated() -> None:
    run = evaluate("ablate", "--limit", "3", "--json")
    measured = json.loads(run.stdout)
    assert "all legs" in measured
    legs = {name.removeprefix("only ") for name in measured if name.startswith("only ")}
    assert {name.removeprefix("without ") for name in measured if name.startswith("w")} == legs


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--model", "no-such-model"),
        ("run", "--only", "no-such-item"),
        ("report", "no-such-run"),
        ("compare", "no-such-run"),
        ("check", "--dataset", "no-such-folder"),
    ],
)
def test_an_expected_failure_is_one_line_on_stderr(arguments: tuple[str, ...]) -> None:
    run = evaluate(*arguments)
    assert run.returncode == 1
    assert run.stdout == b""
    assert run.stderr.decode().count("\n") == 1


def test_an_unknown_model_lists_the_known_ones() -> None:
    assert "extractive" in evaluate("run", "--model", "gpt").stderr.decode()


@pytest.mark.parametrize("arguments", [("run", "--split", "x"), ("run", "--nonsense"), ("x",)])
def test_wrong_usage_has_status_2(arguments: tuple[str, ...]) -> None:
    assert evaluate(*arguments).returncode == 2


def test_cinco_eval_is_the_same_program() -> None:
    assert cinco_here("eval", "runs").returncode == 0
    assert cinco_here("eval", "run", "--nonsense").returncode == 2
    assert b"--split" in cinco("eval", "run", "--help").stdout
