"""Questions in, results out, nothing lost."""

import time
from pathlib import Path

import pytest

from eval.evaluation import answered, carry_out, unasked
from eval.items import Item
from eval.metrics.grading import grade
from eval.runner import Budget, Meter
from eval.runs import RunError
from eval.selection import Selection
from rag.domain import Answer
from rag.errors import ModelError
from tests.eval.subjects import Scripted, answer_with, begin, citing, questions


@pytest.mark.parametrize("workers", [1, 4])
def test_every_question_is_asked_once(tmp_path: Path, workers: int) -> None:
    subject = Scripted(lambda text: citing("2.5"))
    run = begin(tmp_path, questions(30))
    assert carry_out(run, subject, workers=workers) is None
    assert sorted(text for text, _ in subject.asked) == sorted(
        i.turns[0].asked for i in questions(30)
    )
    assert len(run.results()) == 30
    assert run.record.finished


def test_epochs_ask_again(tmp_path: Path) -> None:
    subject = Scripted(lambda text: citing("2.5"))
    run = begin(tmp_path, questions(3), selection=Selection(epochs=2))
    carry_out(run, subject)
    assert [(one.key, one.epoch) for one in answered(run)] == [
        (f"q{n}", epoch) for epoch in (0, 1) for n in range(3)
    ]


def test_a_dialogue_is_asked_with_the_earlier_questions_of_the_asker(tmp_path: Path) -> None:
    turns = [{"question": text, "status": "answered", "sections": ["2.5"]} for text in "abc"]
    dialogue = Item.model_validate({"id": "d", "lang": "es", "kind": "dialogue", "turns": turns})
    subject = Scripted(lambda text: citing("2.5"))
    carry_out(begin(tmp_path, [dialogue]), subject)
    assert subject.asked == [("a", ()), ("b", ("a",)), ("c", ("a", "b"))]


@pytest.mark.parametrize(
    "error", [RuntimeError("broken pipe to nowhere"), ModelError("No.", remedy="Sí.")]
)
def test_an_exception_is_a_wrong_answer_with_its_message(tmp_path: Path, error: Exception) -> None:
    def answer(text: str) -> Answer:
        if "1" in text:
            raise error
        return citing("2.5")

    run = begin(tmp_path, questions(3))
    carry_out(run, Scripted(answer))
    graded = grade(answered(run), run.reference())
    assert [one.grades["right"] for one in graded] == [1.0, 0.0, 1.0]
    assert graded[1].grades["error"] == 1.0
    told = graded[1].asked.answer.error
    assert told is not None
    assert str(error) in told.problem


def test_a_token_budget_stops_cleanly_and_the_same_run_goes_on(tmp_path: Path) -> None:
    subject = Scripted(lambda text: answer_with(tokens=10))
    run = begin(tmp_path, questions(10))
    assert carry_out(run, subject, meter=Meter(Budget(max_tokens=40))) == "max_tokens"
    assert run.record.stopped == "max_tokens"
    assert run.record.finished is None
    assert len(run.results()) == 4
    assert carry_out(run, subject) is None
    assert len(subject.asked) == 10
    assert run.record.stopped is None


def test_a_time_budget_stops_cleanly(tmp_path: Path) -> None:
    def answer(text: str) -> Answer:
        time.sleep(0.02)
        return citing("2.5")

    run = begin(tmp_path, questions(200))
    stopped = carry_out(run, Scripted(answer), meter=Meter(Budget(max_seconds=0.2)), workers=2)
    assert stopped == "max_seconds"
    assert 0 < len(run.results()) < 200
    assert len(run.results()) + len(unasked(run)) == 200


def test_an_interruption_waits_for_what_is_under_way(tmp_path: Path) -> None:
    subject = Scripted(lambda text: citing("2.5"))
    run = begin(tmp_path, questions(20))
    meter = Meter(interrupted=lambda: len(subject.asked) >= 5)
    assert carry_out(run, subject, meter=meter, workers=3) == "interrupted"
    assert len(run.results()) == len(subject.asked) < 20


def test_two_processes_do_not_write_to_one_run(tmp_path: Path) -> None:
    run = begin(tmp_path, questions(1))
    with run.held(), pytest.raises(RunError):
        carry_out(run, Scripted(lambda text: citing("2.5")))


def test_a_result_that_a_finished_run_lacks_counts_as_an_error(tmp_path: Path) -> None:
    run = begin(tmp_path, questions(3))
    carry_out(run, Scripted(lambda text: citing("2.5")))
    kept = run.results_path.read_bytes().splitlines(keepends=True)[:2]
    run.results_path.write_bytes(b"".join(kept))
    assert [one.answer.status for one in answered(run)] == ["answered", "answered", "error"]
