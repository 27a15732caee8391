"""Two runs beside each other."""

from pathlib import Path

import pytest

from eval.pairing import Comparison, pair
from eval.runs import RunError
from tests.eval.subjects import begin, citing, finished, questions


def compared(root: Path, first: int, second: int, *, split: str = "dev") -> Comparison:
    """Runs over 40 questions, of which the first so many are answered right."""
    items = questions(40, split=split)
    order = {one.turns[0].asked: number for number, one in enumerate(items)}
    runs = [
        finished(
            root,
            items,
            lambda text, n=n: citing("2.5" if order[text] < n else "1.1"),  # type: ignore[misc]
        )
        for n in (first, second)
    ]
    return pair(*runs)


def test_a_large_gain_is_better(tmp_path: Path) -> None:
    comparison = compared(tmp_path, 10, 30)
    assert comparison.differences["right"].verdict == "better"
    assert comparison.differences["right"].value == pytest.approx(0.5)
    assert (comparison.gained.count, comparison.lost.count) == (20, 0)


def test_a_large_loss_is_worse(tmp_path: Path) -> None:
    comparison = compared(tmp_path, 30, 10)
    assert comparison.differences["section_accuracy"].verdict == "worse"
    assert comparison.lost.count == 20


def test_a_small_gain_is_noise(tmp_path: Path) -> None:
    assert compared(tmp_path, 20, 22).differences["right"].verdict == "noise"


def test_the_same_answers_are_equal(tmp_path: Path) -> None:
    comparison = compared(tmp_path, 20, 20)
    assert {one.verdict for one in comparison.differences.values()} == {"equal"}


def test_flipped_cases_say_what_was_given_before_and_after(tmp_path: Path) -> None:
    (flip,) = compared(tmp_path, 20, 21).gained.shown
    assert flip.question == "¿Pregunta 20?"
    assert "1.1" in flip.first
    assert "2.5" in flip.second


def test_flips_of_the_test_part_are_counted_and_not_shown(tmp_path: Path) -> None:
    gained = compared(tmp_path, 20, 25, split="test").gained
    assert gained.shown == ()
    assert gained.hidden == gained.count == 5


def test_turns_of_one_run_only_are_left_out_and_counted(tmp_path: Path) -> None:
    first = finished(tmp_path, questions(10), lambda text: citing("2.5"))
    second = finished(tmp_path, questions(12)[4:], lambda text: citing("2.5"))
    comparison = pair(first, second)
    assert comparison.paired == 6
    assert comparison.unpaired == (4, 2)


def test_runs_over_different_documents_are_not_compared(tmp_path: Path) -> None:
    first = finished(tmp_path, questions(1), lambda text: citing("2.5"))
    with pytest.raises(RunError):
        pair(first, begin(tmp_path, questions(1), document="other"))


def test_runs_without_a_common_question_are_not_compared(tmp_path: Path) -> None:
    first = finished(tmp_path, questions(2)[:1], lambda text: citing("2.5"))
    second = finished(tmp_path, questions(2)[1:], lambda text: citing("2.5"))
    with pytest.raises(RunError):
        pair(first, second)
