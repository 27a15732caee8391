import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import limits
from rag.limits import AT_ONCE_SECONDS, WINDOW_SECONDS, Budget, Limits, Refusal
from rag.settings import Settings

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Hands:
    """A clock that goes when it is told to."""

    def __init__(self, start: datetime = NOON) -> None:
        self.passed = 0.0
        self._start = start

    def seconds(self) -> float:
        return self.passed

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.passed)

    def go(self, seconds: float) -> None:
        self.passed += seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "model-calls.json"


def make(hands: Hands, budget: Budget | None = None, per_minute: int = 3) -> Limits:
    return Limits(per_minute, 2, budget, clock=hands.seconds)


def together(number: int, work: Callable[[], object]) -> None:
    """The work in so many threads that begin at once."""
    barrier = threading.Barrier(number)

    def run() -> None:
        barrier.wait()
        work()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class TestQuestionsPerMinute:
    def test_the_allowed_number_is_admitted_and_no_more(self, hands: Hands) -> None:
        limit = make(hands)
        kinds = [limit.admit("ana") for _ in range(4)]
        assert kinds == [None, None, None, Refusal("minute", 60)]

    def test_each_visitor_has_an_allowance(self, hands: Hands) -> None:
        limit = make(hands, per_minute=1)
        assert [limit.admit(visitor) for visitor in ("ana", "beto")] == [None, None]

    def test_who_waits_as_long_as_told_is_admitted(self, hands: Hands) -> None:
        limit = make(hands, per_minute=2)
        limit.admit("ana")
        hands.go(10.5)
        limit.admit("ana")
        refusal = limit.admit("ana")
        assert refusal == Refusal("minute", 50)
        hands.go(refusal.retry_seconds)
        assert limit.admit("ana") is None

    def test_a_refused_question_does_not_prolong_the_wait(self, hands: Hands) -> None:
        limit = make(hands, per_minute=1)
        limit.admit("ana")
        hands.go(59)
        assert limit.admit("ana") == Refusal("minute", 1)
        hands.go(1)
        assert limit.admit("ana") is None

    @given(st.lists(st.floats(0, 40), max_size=60), st.integers(1, 5))
    def test_no_minute_has_more_than_allowed_and_none_refuses_less(
        self, pauses: list[float], allowed: int
    ) -> None:
        hands = Hands()
        limit = make(hands, per_minute=allowed)
        admitted: list[float] = []
        for pause in pauses:
            hands.go(pause)
            recent = [t for t in admitted if t > hands.passed - WINDOW_SECONDS]
            is_admitted = limit.admit("ana") is None
            assert is_admitted == (len(recent) < allowed)
            if is_admitted:
                admitted.append(hands.passed)

    def test_threads_share_one_allowance(self, hands: Hands) -> None:
        limit = make(hands, per_minute=7)
        answers: list[Refusal | None] = []
        together(40, lambda: answers.append(limit.admit("ana")))
        assert answers.count(None) == 7

    def test_a_visitor_is_forgotten_after_the_window(self, hands: Hands) -> None:
        limit = make(hands)
        for number in range(1000):
            limit.admit(f"visitor {number}")
        assert limit.known_visitors == 1000
        hands.go(WINDOW_SECONDS)
        limit.admit("ana")
        assert limit.known_visitors == 1

    def test_who_asks_again_is_remembered_longer_than_who_came_later(self, hands: Hands) -> None:
        limit = make(hands)
        limit.admit("ana")
        limit.admit("beto")
        hands.go(30)
        limit.admit("ana")
        hands.go(31)
        assert limit.known_visitors == 1


class TestAnswersAtOnce:
    def test_one_more_than_allowed_has_to_wait(self, hands: Hands) -> None:
        limit = make(hands)
        entered = [limit.enter("ana") for _ in range(3)]
        assert entered == [None, None, Refusal("at_once", AT_ONCE_SECONDS)]

    def test_an_ended_answer_makes_room(self, hands: Hands) -> None:
        limit = make(hands)
        for _ in range(2):
            limit.enter("ana")
        limit.leave("ana")
        assert limit.enter("ana") is None

    def test_another_visitor_is_not_kept_waiting(self, hands: Hands) -> None:
        limit = make(hands)
        for _ in range(3):
            limit.enter("ana")
        assert limit.enter("beto") is None

    def test_threads_share_the_room(self, hands: Hands) -> None:
        limit = make(hands)
        answers: list[Refusal | None] = []
        together(20, lambda: answers.append(limit.enter("ana")))
        assert answers.count(None) == 2

    def test_who_left_is_forgotten(self, hands: Hands) -> None:
        limit = make(hands)
        limit.enter("ana")
        limit.leave("ana")
        assert limit.known_visitors == 0

    def test_leaving_twice_gives_no_more_room(self, hands: Hands) -> None:
        limit = make(hands)
        limit.enter("ana")
        limit.leave("ana")
        limit.leave("ana")
        assert [limit.enter("ana") is None for _ in range(3)] == [True, True, False]

    @given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=60))
    def test_never_more_are_running_than_allowed(self, steps: list[tuple[str, bool]]) -> None:
        limit, running = make(Hands()), Counter[str]()
        for visitor, is_beginning in steps:
            if is_beginning:
                assert (limit.enter(visitor) is None) == (running[visitor] < 2)
                running[visitor] = min(2, running[visitor] + 1)
            elif running[visitor]:
                limit.leave(visitor)
                running[visitor] -= 1


class TestBudget:
    def test_it_ends_for_everybody_until_midnight(self, hands: Hands, file: Path) -> None:
        limit = make(hands, Budget(2, file, now=hands.now))
        entered = [limit.enter(visitor) for visitor in ("ana", "beto", "carla")]
        assert entered == [None, None, Refusal("budget", 12 * 3600)]

    def test_what_is_let_in_may_spend_the_last_call_and_more(
        self, hands: Hands, file: Path
    ) -> None:
        limit = make(hands, Budget(2, file, now=hands.now))
        left = [limit.has_calls_left]
        for _ in range(3):
            limit.book()
            left.append(limit.has_calls_left)
        assert left == [True, True, False, False]

    def test_a_refused_answer_takes_no_room(self, hands: Hands, file: Path) -> None:
        limit = make(hands, Budget(1, file, now=hands.now))
        limit.enter("ana")
        limit.leave("ana")
        limit.enter("ana")
        assert limit.known_visitors == 0

    def test_an_answer_that_waits_for_another_costs_nothing(self, hands: Hands, file: Path) -> None:
        limit = make(hands, Budget(3, file, now=hands.now))
        for _ in range(5):
            limit.enter("ana")
        assert limit.enter("beto") is None

    def test_a_new_day_begins_at_midnight_utc(self, hands: Hands, file: Path) -> None:
        budget = Budget(1, file, now=hands.now)
        assert [budget.spend(), budget.spend()] == [True, False]
        hands.go(12 * 3600 - 1)
        assert (budget.spend(), budget.seconds_left) == (False, 1)
        hands.go(1)
        assert [budget.spend(), budget.spend()] == [True, False]

    def test_further_calls_of_an_answer_count_and_are_never_refused(
        self, hands: Hands, file: Path
    ) -> None:
        limit = make(hands, Budget(2, file, now=hands.now))
        limit.enter("ana")
        for _ in range(3):
            limit.book()
        assert limit.enter("beto") == Refusal("budget", 12 * 3600)

    def test_without_a_budget_calls_are_not_counted(self, hands: Hands) -> None:
        limit = make(hands)
        limit.book()
        assert limit.enter("ana") is None

    def test_a_restart_does_not_forget(self, hands: Hands, file: Path) -> None:
        Budget(2, file, now=hands.now).spend()
        again = Budget(2, file, now=hands.now)
        assert [again.spend(), again.spend()] == [True, False]

    def test_the_count_of_an_earlier_day_is_over(self, hands: Hands, file: Path) -> None:
        Budget(1, file, now=hands.now).spend()
        hands.go(24 * 3600)
        assert Budget(1, file, now=hands.now).spend()

    def test_threads_never_spend_more_than_there_is(self, hands: Hands, file: Path) -> None:
        budget = Budget(9, file, now=hands.now)
        spent: list[bool] = []
        together(30, lambda: spent.append(budget.spend()))
        assert spent.count(True) == 9
        assert not Budget(9, file, now=hands.now).spend()

    def test_nothing_unfinished_is_left_beside_the_count(self, hands: Hands, file: Path) -> None:
        Budget(2, file, now=hands.now).spend()
        assert list(file.parent.iterdir()) == [file]

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"\xff\x00{", id="no text"),
            pytest.param(b'{"day": "2026-03-01"}', id="incomplete"),
            pytest.param(b'{"day": "2026-03-01", "calls": -5}', id="negative"),
            pytest.param(b'{"day": "someday", "calls": 1}', id="no day"),
            pytest.param(b"[" * 100_000, id="deep"),
        ],
    )
    def test_a_damaged_count_is_zero_and_the_log_says_so(
        self, hands: Hands, file: Path, caplog: pytest.LogCaptureFixture, content: bytes
    ) -> None:
        file.parent.mkdir()
        file.write_bytes(content)
        with caplog.at_level(logging.WARNING):
            assert Budget(1, file, now=hands.now).spend()
        assert str(file) in caplog.text

    def test_where_no_count_was_kept_the_log_is_silent(
        self, hands: Hands, file: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        Budget(1, file, now=hands.now).spend()
        assert caplog.text == ""

    def test_a_count_that_cannot_be_written_still_counts(
        self, hands: Hands, file: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        file.parent.write_text("a file where the folder should be")
        budget = Budget(1, file, now=hands.now)
        assert [budget.spend(), budget.spend()] == [True, False]
        assert "cannot be written" in caplog.text


class TestSettings:
    def test_the_operator_sets_the_limits(self, tmp_path: Path) -> None:
        limit = limits.of(
            Settings(
                data_dir=tmp_path, questions_per_minute=1, answers_at_once=1, model_calls_per_day=1
            )
        )
        assert [limit.admit("ana") is None for _ in range(2)] == [True, False]
        with running(limit, "ana"):
            assert _kind(limit.enter("ana")) == "at_once"
            assert _kind(limit.enter("beto")) == "budget"

    def test_the_count_lies_in_the_data_folder(self, tmp_path: Path) -> None:
        limits.of(Settings(data_dir=tmp_path, model_calls_per_day=1)).enter("ana")
        assert [path.name for path in tmp_path.iterdir()] == ["model-calls.json"]

    def test_by_default_no_call_is_counted(self, tmp_path: Path) -> None:
        limits.of(Settings(data_dir=tmp_path)).enter("ana")
        assert list(tmp_path.iterdir()) == []


@contextmanager
def running(limit: Limits, visitor: str) -> Iterator[None]:
    limit.enter(visitor)
    yield
    limit.leave(visitor)


def _kind(refusal: Refusal | None) -> str | None:
    return refusal.kind if refusal else None
