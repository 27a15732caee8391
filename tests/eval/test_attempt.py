"""Runs in the background: what can be seen of them, stopped, gone on with."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from eval.attempt import Attempt, Desk
from eval.conditions import shown
from eval.orders import Order
from eval.selection import Selection
from eval.shelf import Shelf
from rag.domain import Answer, Fallback
from rag.errors import ModelError
from rag.settings import Settings
from tests.eval.subjects import Scripted, citing
from tests.models.entries import dead_url, write_models

SECONDS = 30
FOUR = Order("extractive", Selection(kinds=("direct",), limit=4))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder of the test's own, and a model that nobody asks."""
    entry = {"provider": "openai", "model": "m", "base_url": dead_url()}
    return Settings(data_dir=tmp_path, models=write_models(tmp_path, {"chat.mine": entry}))


def carried_out(
    settings: Settings, order: Order = FOUR, answer: Callable[[str], Answer] | None = None
) -> tuple[Attempt, Scripted]:
    subject = Scripted(answer or (lambda text: citing("2.5")))
    attempt = Attempt(order, lambda model: subject, settings)
    attempt.wait(SECONDS)
    assert attempt.is_over
    return attempt, subject


def stopped(settings: Settings) -> tuple[Attempt, Scripted]:
    """An attempt that was asked to stop while its second question was under way."""
    under_way, go_on = Event(), Event()

    def answer(text: str) -> Answer:
        if len(subject.asked) == 2:
            under_way.set()
            go_on.wait(SECONDS)
        return citing("2.5")

    subject = Scripted(answer)
    attempt = Attempt(FOUR, lambda model: subject, settings)
    assert under_way.wait(SECONDS)
    attempt.stop()
    assert attempt.is_stopping
    assert not attempt.is_over
    go_on.set()
    attempt.wait(SECONDS)
    return attempt, subject


def test_a_run_is_carried_out_and_kept(settings: Settings) -> None:
    attempt, subject = carried_out(settings)
    (run,) = Shelf.of(settings).runs()
    assert (attempt.progress.done, attempt.progress.total) == (4, 4)
    assert len(subject.asked) == len(run.results()) == 4
    assert run.record.finished
    assert (attempt.failure, attempt.has_broken, attempt.is_stopped) == (None, False, False)


def test_a_stopped_run_keeps_what_was_under_way(settings: Settings) -> None:
    attempt, _ = stopped(settings)
    (run,) = Shelf.of(settings).runs()
    assert attempt.is_stopped
    assert len(run.results()) == 2
    assert (run.record.finished, run.record.stopped) == (None, "interrupted")


def test_the_same_order_goes_on_and_asks_nothing_twice(settings: Settings) -> None:
    _, before = stopped(settings)
    attempt, after = carried_out(settings)
    (run,) = Shelf.of(settings).runs()
    assert run.record.finished
    assert (attempt.progress.done, attempt.progress.total) == (4, 4)
    assert len({text for text, _ in before.asked + after.asked}) == 4


def test_an_order_to_begin_anew_leaves_the_old_run_alone(settings: Settings) -> None:
    stopped(settings)
    _, subject = carried_out(settings, replace(FOUR, is_new=True))
    assert len(subject.asked) == 4
    assert [bool(run.record.finished) for run in Shelf.of(settings).runs()] == [True, False]


def test_beside_a_model_the_extractive_mode_is_asked_the_same(settings: Settings) -> None:
    opened = []

    def open_subject(model: str) -> Scripted:
        opened.append(model)
        return Scripted(lambda text: citing("2.5"))

    attempt = Attempt(replace(FOUR, model="mine"), open_subject, settings)
    attempt.wait(SECONDS)
    beside, mine = Shelf.of(settings).runs()
    assert opened == ["mine", "extractive"]
    assert (mine.record.conditions.model, mine.record.is_baseline) == ("mine", False)
    assert (beside.record.conditions.model, beside.record.is_baseline) == ("extractive", True)
    assert [result["question"] for result in beside.results()] == [
        result["question"] for result in mine.results()
    ]
    again, _ = carried_out(settings, replace(FOUR, model="mine", is_new=True))
    assert len(list(Shelf.of(settings).runs())) == 3
    assert again.progress.model == "mine"


def test_answers_that_the_model_did_not_give_are_counted(settings: Settings) -> None:
    def answer(text: str) -> Answer:
        return replace(citing("2.5"), fallback=Fallback("mine", "Se cayó."))

    attempt, _ = carried_out(settings, answer=answer)
    assert (attempt.progress.fallbacks, attempt.progress.errors) == (4, 0)


def test_a_question_that_fails_is_a_result_and_counted(settings: Settings) -> None:
    def answer(text: str) -> Answer:
        raise RuntimeError("a fault of ours")

    attempt, _ = carried_out(settings, answer=answer)
    assert attempt.progress.errors == 4
    assert not attempt.has_broken


def test_it_ends_once_its_model_may_not_be_asked_again(settings: Settings) -> None:
    subject = Scripted(lambda text: citing("2.5"))
    attempt = Attempt(FOUR, lambda model: subject, settings, lambda model: len(subject.asked) < 2)
    attempt.wait(SECONDS)
    assert (attempt.is_stopped, attempt.is_stopping, attempt.progress.done) == (True, False, 2)


def test_an_expected_failure_is_told(settings: Settings) -> None:
    def open_subject(model: str) -> Scripted:
        raise ModelError("No responde.", remedy="Arránquelo.")

    attempt = Attempt(FOUR, open_subject, settings)
    attempt.wait(SECONDS)
    assert attempt.failure is not None
    assert attempt.failure.remedy == "Arránquelo."


def test_a_fault_of_the_program_ends_it_and_is_told(settings: Settings) -> None:
    def open_subject(model: str) -> Scripted:
        raise RuntimeError("a fault of ours")

    attempt = Attempt(FOUR, open_subject, settings)
    attempt.wait(SECONDS)
    assert attempt.is_over
    assert attempt.has_broken


def test_one_is_at_work_at_a_time(settings: Settings) -> None:
    go_on = Event()

    def answer(text: str) -> Answer:
        go_on.wait(SECONDS)
        return citing("2.5")

    def attempt() -> Attempt:
        return Attempt(FOUR, lambda model: Scripted(answer), settings)

    desk = Desk()
    assert desk.begin(attempt)
    first = desk.latest
    assert not desk.begin(attempt)
    assert desk.latest is first
    assert first is not None
    go_on.set()
    first.wait(SECONDS)
    assert desk.begin(attempt)


def test_what_the_app_shows_does_not_part_a_run_from_its_order() -> None:
    folder = Path(os.environ["CINCO_DATA_DIR"])
    with_page, without = (Settings(data_dir=folder, evaluation=shows) for shows in (True, False))
    assert shown(with_page) == shown(without)
