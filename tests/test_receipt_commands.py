"""`cinco ask --receipt` and `cinco verify`, as another program meets them."""

import json
from pathlib import Path

import pytest

from tests.product import assistant, cinco, cinco_here, document

BEIDOU = "¿Qué propone sobre el BeiDou?"


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    """The JSON form of a receipt that the program wrote."""
    path = tmp_path / "recibo.json"
    assert cinco_here("ask", BEIDOU, "--receipt", str(path)).returncode == 0
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_program_writes_a_receipt_that_verifies(tmp_path: Path) -> None:
    assistant()
    path = tmp_path / "recibo"
    asked = cinco("ask", BEIDOU, "--json", "--receipt", str(path))
    verified = cinco("verify", f"{path}.json")
    statuses = asked.returncode, verified.returncode
    kept = json.loads((tmp_path / "recibo.json").read_text(encoding="utf-8"))
    readable = (tmp_path / "recibo.md").read_text(encoding="utf-8")
    assert (statuses, verified.stderr) == ((0, 0), b"")
    assert (kept["answer"], kept["digest"] in readable) == (
        json.loads(asked.stdout)["answer"],
        True,
    )


def test_a_receipt_changes_nothing_of_what_is_printed(tmp_path: Path) -> None:
    kept = cinco_here("ask", BEIDOU, "--receipt", str(tmp_path / "r.md"))
    assert kept.stdout == cinco_here("ask", BEIDOU).stdout


def test_an_edited_receipt_ends_with_status_1_and_one_line_on_stderr(receipt: Path) -> None:
    edit(receipt, "BeiDou", "Galileo")
    run = cinco("verify", str(receipt))
    assert (run.returncode, run.stderr[:7], run.stderr.count(b"\n")) == (1, b"cinco: ", 1)
    assert "la cita no está en el documento" in run.stdout.decode()


def test_differences_are_told_as_json(receipt: Path) -> None:
    edit(receipt, '"start": ', '"start": 1')
    run = cinco_here("verify", str(receipt), "--json")
    result = json.loads(run.stdout)
    shown = run.returncode, result["holds"], result["document"]
    kinds = {difference["kind"] for difference in result["differences"]}
    assert (shown, kinds) == ((1, False, document().sha256), {"digest", "quote_elsewhere"})


def test_a_receipt_that_holds_is_told_as_json(receipt: Path) -> None:
    run = cinco_here("verify", str(receipt), "--json")
    result = json.loads(run.stdout)
    assert (run.returncode, result["holds"], result["differences"]) == (0, True, [])


def test_a_receipt_of_another_document_says_so(
    receipt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "otro.txt"
    other.write_text(document().source.replace("BeiDou", "Galileo"), encoding="utf-8")
    monkeypatch.setenv("CINCO_SOURCE", str(other))
    result = json.loads(cinco_here("verify", str(receipt), "--json").stdout)
    kinds = {difference["kind"] for difference in result["differences"]}
    assert {"document", "quote_missing"} <= kinds


def test_a_hostile_receipt_does_not_steer_the_terminal(receipt: Path) -> None:
    edit(receipt, "BeiDou", "\\u001b[2J\\u202e")
    run = cinco_here("verify", str(receipt))
    lines = (run.stdout + run.stderr).decode().splitlines()
    assert all(line.isprintable() for line in lines)


def test_a_question_that_is_rejected_leaves_no_receipt(tmp_path: Path) -> None:
    run = cinco_here("ask", "¿?", "--receipt", str(tmp_path / "r"))
    assert (run.returncode, list(tmp_path.iterdir())) == (1, [])


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        pytest.param(["ask", BEIDOU, "--receipt", "/no/such/r.json"], 1, id="no such folder"),
        pytest.param(["ask", BEIDOU, "--receipt", "/dev/null"], 1, id="device"),
        pytest.param(["verify", "/no/such/r.json"], 1, id="no such receipt"),
        pytest.param(["verify", "README.md"], 1, id="Markdown"),
        pytest.param(["verify", "pyproject.toml"], 1, id="not a receipt"),
        pytest.param(["verify", "/"], 1, id="folder"),
        pytest.param(["verify"], 2, id="nothing to verify"),
        pytest.param(["ask", "--jsonl", "-", "--receipt", "r"], 2, id="batch"),
    ],
)
def test_what_cannot_be_done_prints_nothing_but_its_reason(
    arguments: list[str], status: int
) -> None:
    run = cinco_here(*arguments)
    assert (run.returncode, run.stdout) == (status, b"")
    assert status == 2 or (run.stderr[:7], run.stderr.count(b"\n")) == (b"cinco: ", 1)
