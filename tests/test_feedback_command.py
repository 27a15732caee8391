"""`cinco feedback export`, as a curator calls it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.items import load
from rag.conversations.conversation import Asked, Feedback
from rag.conversations.owners import new_token, owner_of
from rag.conversations.store import ConversationStore, open_store
from rag.domain import Question
from rag.settings import Settings
from tests.conversations.stored import MOMENT
from tests.product import assistant, cinco, cinco_here, parsed

QUESTION = "¿Apoya la energía nuclear con fines pacíficos?"
OWNER = owner_of(new_token())


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConversationStore]:
    """The store that the command opens, with one answer that has feedback and one without."""
    monkeypatch.setenv("CINCO_DATA_DIR", str(tmp_path))
    store = open_store(Settings())
    for number in range(2):
        new = store.begin(OWNER, QUESTION)
        question = Question(f"{QUESTION} {number}")
        store.begin_turn(OWNER, new, Asked(question, MOMENT))
        store.finish_turn(OWNER, new, 1, assistant().ask(question))
    store.put_feedback(OWNER, new, 1, Feedback(False, "wrong_section", "Es la 3.3.", MOMENT))
    yield store
    store.close()


def test_it_prints_one_line_for_every_feedback(kept: ConversationStore) -> None:
    del kept
    run = cinco_here("feedback", "export")
    (line,) = parsed(run.stdout)
    assert (run.returncode, line["question"]) == (0, f"{QUESTION} 1")


def test_it_writes_a_file_of_the_dataset(kept: ConversationStore, tmp_path: Path) -> None:
    del kept
    file = tmp_path / "feedback.jsonl"
    run = cinco_here("feedback", "export", "--output", str(file))
    assert (run.returncode, run.stdout) == (0, b"")
    (item,) = load(file)
    assert "Es la 3.3." in item.persona


def test_it_tells_nothing_of_who_asked(kept: ConversationStore) -> None:
    output = cinco_here("feedback", "export").stdout.decode()
    (summary, _) = kept.recent(OWNER)
    assert not [secret for secret in (OWNER, summary.id) if secret in output]


def test_without_feedback_it_prints_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CINCO_DATA_DIR", str(tmp_path))
    run = cinco_here("feedback", "export")
    assert (run.returncode, run.stdout) == (0, b"")


@pytest.mark.parametrize(
    ("variable", "value"),
    [("CINCO_DATABASE_URL", "nonsense"), ("CINCO_DATA_DIR", "/proc/nowhere")],
)
def test_a_database_that_cannot_be_opened_is_one_line(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    run = cinco("feedback", "export")
    assert (run.returncode, run.stdout, run.stderr.count(b"\n")) == (1, b"", 1)


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    run = cinco_here("feedback", "export", "--output", str(tmp_path / "none" / "f.jsonl"))
    assert (run.returncode, run.stderr.count(b"\n")) == (1, 1)


@pytest.mark.parametrize("arguments", [(), ("import",), ("export", "--nonsense")])
def test_wrong_usage_is_status_2(arguments: tuple[str, ...]) -> None:
    assert cinco_here("feedback", *arguments).returncode == 2


def test_lines_are_json_whatever_was_typed(kept: ConversationStore) -> None:
    new = kept.begin(OWNER, "x")
    kept.begin_turn(OWNER, new, Asked(Question("a\ud800\u2028b"), MOMENT))
    kept.finish_turn(OWNER, new, 1, assistant().ask(Question("Hola")))
    kept.put_feedback(OWNER, new, 1, Feedback(True, None, "\udfff\n", MOMENT))
    lines = cinco_here("feedback", "export").stdout.decode().strip().split("\n")
    assert len([json.loads(line) for line in lines]) == 2
