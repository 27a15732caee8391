"""Stored runs in their places."""

from collections.abc import Callable
from pathlib import Path

from eval import board
from eval.board import Judged
from eval.runs import Run
from rag.domain import Answer
from tests.eval.subjects import begin, citing, finished, questions
from tests.product import document


def knowing(root: Path, right: int, *, split: str = "dev") -> Judged:
    """A run over 40 questions, of which the first so many are answered right."""
    items = questions(40, split=split)
    order = {one.turns[0].asked: number for number, one in enumerate(items)}
    answer: Callable[[str], Answer] = lambda text: citing("2.5" if order[text] < right else "1.1")  # noqa: E731
    return board.judge(finished(root, items, answer))


def test_the_best_comes_first_and_the_others_say_how_far_they_are(tmp_path: Path) -> None:
    rows = board.ranked([knowing(tmp_path, right) for right in (10, 38, 36)])
    assert [row.judged.right.value for row in rows] == [0.95, 0.9, 0.25]
    assert [row.behind and row.behind.verdict for row in rows] == [None, "noise", "worse"]
    assert rows[2].behind is not None
    assert round(rows[2].behind.value, 2) == -0.7


def test_of_equals_the_newer_comes_first(tmp_path: Path) -> None:
    older, newer = (knowing(tmp_path, 20) for _ in range(2))
    rows = board.ranked([older, newer])
    assert [row.judged.record.id for row in rows] == [newer.record.id, older.record.id]
    assert rows[1].behind is not None
    assert rows[1].behind.verdict == "equal"


def test_other_figures_are_compared_when_asked_for(tmp_path: Path) -> None:
    first, second = (knowing(tmp_path, right) for right in (10, 38))
    found = board.difference(first, second, ("section_accuracy", "error"))
    assert {name: one.verdict for name, one in found.items()} == {
        "section_accuracy": "better",
        "error": "equal",
    }


def test_failing_cases_of_the_test_part_are_only_counted(tmp_path: Path) -> None:
    judged = knowing(tmp_path, 30, split="test")
    assert judged.failing == ()
    assert judged.report.hidden == 10
    assert len(knowing(tmp_path, 30).failing) == 10


def test_runs_of_the_same_questions_are_a_set(tmp_path: Path) -> None:
    one, other, third = (
        done(begin(tmp_path, questions(2), dataset=dataset)) for dataset in ("a", "b", "a")
    )
    begin(tmp_path, questions(2), dataset="a")
    done(begin(tmp_path, questions(2), dataset="a", document="another"))
    newest_first = [Run(folder) for folder in sorted(tmp_path.iterdir(), reverse=True)]
    sets = board.question_sets(newest_first, document().sha256)
    folders = {one.dataset: {run.folder for run in one.runs} for one in sets}
    assert folders == {"a": {one.folder, third.folder}, "b": {other.folder}}


def test_what_has_questions_left_is_unfinished(tmp_path: Path) -> None:
    left = begin(tmp_path, questions(2))
    done(begin(tmp_path, questions(2)))
    begin(tmp_path, questions(2), document="another")
    runs = [Run(folder) for folder in tmp_path.iterdir()]
    assert [run.folder for run in board.unfinished(runs, document().sha256)] == [left.folder]


def done(run: Run) -> Run:
    """The run, as if every question of it were answered."""
    run.write(run.record.model_copy(update={"finished": run.record.started}))
    return run
