"""Which run a command begins, goes on with or finds."""

from pathlib import Path

import pytest

from eval.evaluation import carry_out
from eval.runner import Budget, Meter
from eval.runs import Run, RunError
from eval.selection import Selection
from eval.shelf import Shelf
from tests.eval.subjects import Scripted, begin, citing, conditions, finished, questions


def left_off(root: Path, **more: object) -> Run:
    run = begin(root, questions(3), **more)
    carry_out(run, Scripted(lambda text: citing("2.5")), meter=Meter(Budget(max_seconds=0)))
    return run


def test_an_unfinished_run_is_gone_on_with(tmp_path: Path) -> None:
    run = left_off(tmp_path)
    found = Shelf(tmp_path).unfinished(conditions())
    assert found is not None
    assert found.folder == run.folder


def test_a_finished_run_is_not_gone_on_with(tmp_path: Path) -> None:
    finished(tmp_path, questions(3), lambda text: citing("2.5"))
    assert Shelf(tmp_path).unfinished(conditions()) is None


@pytest.mark.parametrize(
    "other",
    [
        {"code": "0ther"},
        {"index": "0ther"},
        {"model": "other"},
        {"dataset": "0ther"},
        {"selection": Selection(epochs=2)},
        {"settings": {"source": "other.txt"}},
    ],
)
def test_a_run_under_other_conditions_is_not_gone_on_with(
    tmp_path: Path, other: dict[str, object]
) -> None:
    left_off(tmp_path)
    assert Shelf(tmp_path).unfinished(conditions(**other)) is None


def test_two_runs_of_one_second_have_different_names(tmp_path: Path) -> None:
    assert len({begin(tmp_path, questions(1)).folder for _ in range(3)}) == 3


def test_runs_are_found_by_id_beginning_folder_and_time(tmp_path: Path) -> None:
    first, second = (begin(tmp_path, questions(1), model=name) for name in ("a", "b"))
    shelf = Shelf(tmp_path)
    names = (second.folder.name, second.folder.name[:-3], str(second.folder), "latest")
    assert {shelf.find(name).folder for name in names} == {second.folder}
    assert shelf.find("previous").folder == first.folder


@pytest.mark.parametrize("name", ["", "2", "nothing", "previous", "../.."])
def test_a_name_that_means_no_run_or_several_is_an_error(tmp_path: Path, name: str) -> None:
    begin(tmp_path, questions(1))
    if name in ("", "2"):
        begin(tmp_path, questions(1))
    with pytest.raises(RunError):
        Shelf(tmp_path).find(name)


def test_the_record_says_whether_the_test_part_was_used(tmp_path: Path) -> None:
    assert begin(tmp_path, questions(1, split="test")).record.test_part_used
    assert not begin(tmp_path, questions(1)).record.test_part_used
