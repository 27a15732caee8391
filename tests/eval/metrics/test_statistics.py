from math import comb, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.items import Item
from eval.metrics.answers import failed, read
from eval.metrics.comparison import bootstrap, compare, mcnemar
from eval.metrics.grading import Asked, Graded, grade
from eval.metrics.intervals import mean, percentile, share, wilson
from eval.metrics.summary import summarise
from tests.eval.metrics.miniature import FISH, MINES, REFERENCE, REFUSAL, answer


def test_wilson_agrees_with_published_values() -> None:
    # Newcombe 1998, table I: 81 of 263, and 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(20, 20)[1] == 1.0


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_mirrors(pair: tuple[int, int]) -> None:
    k, n = pair
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1
    assert wilson(n - k, n) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(("successes", "n"), [(1, 0), (-1, 3), (4, 3)])
def test_what_is_no_share_is_refused(successes: float, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(successes, n)


def test_means_and_percentiles() -> None:
    assert mean([1, 2, 6]).value == 3
    assert mean([]).value is share([]).value is None
    assert percentile([5, 1, 3], 50) == 3
    assert percentile(list(range(1, 101)), 95) == 95
    assert percentile([7], 95) == 7


def test_mcnemar_is_the_two_sided_binomial_test() -> None:
    assert mcnemar(3, 12) == pytest.approx(2 * sum(comb(15, i) for i in range(4)) / 2**15)
    assert mcnemar(12, 3) == mcnemar(3, 12)
    assert mcnemar(5, 5) == 1.0


def test_bootstrap_agrees_with_the_normal_interval_on_a_large_sample() -> None:
    low, high, p = bootstrap([0.0, 1.0] * 200)
    half = 1.96 * 0.5 / 400**0.5
    assert low == pytest.approx(0.5 - half, abs=0.005)
    assert high == pytest.approx(0.5 + half, abs=0.005)
    assert p < 0.001


@pytest.mark.parametrize(
    ("first", "second", "higher", "verdict"),
    [
        ([0.0] * 20, [1.0] * 10 + [0.0] * 10, True, "better"),
        ([0.0] * 20, [1.0] * 10 + [0.0] * 10, False, "worse"),
        ([1.0] * 20, [0.0] * 10 + [1.0] * 10, True, "worse"),
        ([0.0, 1.0] * 10, [1.0, 0.0] * 10, True, "noise"),
        ([0.0] * 20, [1.0] * 2 + [0.0] * 18, True, "noise"),
        ([0.2] * 20, [0.3] * 20, True, "better"),
        ([0.2, 0.4] * 10, [0.4, 0.2] * 10, True, "noise"),
        ([0.5] * 5, [0.5] * 5, True, "equal"),
    ],
)
def test_a_difference_is_called_what_it_is(
    first: list[float], second: list[float], higher: bool, verdict: str
) -> None:
    found = compare(first, second, higher_is_better=higher)
    assert found.verdict == verdict
    assert found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high


def test_runs_that_cannot_be_paired_are_refused() -> None:
    with pytest.raises(ValueError, match="same questions"):
        compare([1.0], [1.0, 0.0])


def question(id: str, section: str = "1.1", lang: str = "es") -> Item:
    line = {"id": id, "lang": lang, "kind": "direct", "question": "q", "sections": [section]}
    return Item.model_validate(line | {"split": "dev"})


def dialogue() -> Item:
    turns = [
        {"type": kind, "question": "q", "status": "answered", "sections": ["1.1"]}
        for kind in ("start", "followup")
    ]
    return Item.model_validate({"id": "d", "lang": "es", "kind": "dialogue", "turns": turns})


def graded(*asked: Asked) -> tuple[Graded, ...]:
    return grade(asked, REFERENCE)


def test_an_error_stays_in_the_denominator() -> None:
    summary = summarise(
        graded(Asked(question("a"), 0, answer(FISH)), Asked(question("b"), 0, failed("gone"))),
        REFERENCE,
    )
    assert summary.figures["section_accuracy"].value == 0.5
    assert summary.figures["right"].n == 2
    assert summary.figures["error"].value == 0.5


def test_an_answer_that_breaks_the_contract_is_an_error_with_its_message() -> None:
    broken = read({"status": "answered", "citations": [{"section": "1.1"}]})
    assert broken.status == "error"
    assert broken.error is not None
    assert "citations.0" in broken.error.problem


def test_epochs_are_averaged_before_anything_is_counted() -> None:
    item = question("a")
    turns = [Asked(item, 0, answer(given), epoch) for epoch, given in enumerate((FISH, MINES))]
    figure = summarise(graded(*turns, Asked(question("b"), 0, answer(FISH))), REFERENCE).figures
    assert (figure["section_accuracy"].n, figure["section_accuracy"].value) == (2, 0.75)


def test_a_dialogue_is_whole_when_every_turn_was_asked_and_is_right() -> None:
    item = dialogue()
    right, wrong = answer(FISH), answer(MINES)
    for answers, value in (((right, right), 1.0), ((right, wrong), 0.0), ((right,), 0.0)):
        turns = graded(*(Asked(item, n, given) for n, given in enumerate(answers)))
        assert summarise(turns, REFERENCE).figures["whole_dialogue"].value == value


def test_the_followup_gap_is_opening_minus_followup() -> None:
    item = dialogue()
    turns = graded(Asked(item, 0, answer(FISH)), Asked(item, 1, answer(MINES)))
    assert summarise(turns, REFERENCE).followup_gap == 1.0
    assert summarise(graded(Asked(question("a"), 0, REFUSAL)), REFERENCE).followup_gap is None


def test_confusion_counts_gold_against_given_and_silence() -> None:
    summary = summarise(
        graded(
            Asked(question("a"), 0, answer(MINES)),
            Asked(question("b", "I"), 0, answer(FISH)),
            Asked(question("c"), 0, REFUSAL),
        ),
        REFERENCE,
    )
    assert summary.confusion.rows == ("front", "1")
    assert summary.confusion.columns == ("front", "1", "none")
    assert summary.confusion.counts == ((0, 1, 0), (0, 1, 1))


def test_sections_come_in_document_order() -> None:
    turns = graded(Asked(question("a"), 0, REFUSAL), Asked(question("b", "I"), 0, answer(FISH)))
    assert list(summarise(turns, REFERENCE).sections) == ["I", "1.1"]


def test_the_worst_slice_is_the_lowest_of_those_that_are_large_enough() -> None:
    turns = [Asked(question(f"e{n}", lang="en"), 0, REFUSAL) for n in range(20)]
    turns += [Asked(question(f"s{n}"), 0, answer(FISH)) for n in range(20)]
    turns += [Asked(question("p", lang="pt"), 0, REFUSAL)]
    worst = summarise(graded(*turns), REFERENCE).worst
    assert worst is not None
    assert (worst.dimension, worst.name, worst.figure.n) == ("lang", "en", 20)


def test_a_small_run_has_no_worst_slice() -> None:
    assert summarise(graded(Asked(question("a"), 0, REFUSAL)), REFERENCE).worst is None


def test_confidence_and_cost_come_from_the_answers_that_state_them() -> None:
    fields = {"confidence": 0.8, "timings_ms": {"total": 4.0}, "tokens": {"in": 5, "out": 2}}
    summary = summarise(
        graded(
            Asked(question("a"), 0, answer(FISH, **fields)),
            Asked(question("b"), 0, answer(FISH)),
        ),
        REFERENCE,
    )
    assert summary.confidence.curve == ((1.0, 0.0),)
    assert summary.confidence.auroc is None
    assert summary.cost.latency_ms_p95 == 4.0
    assert summary.cost.tokens_total == 7


def test_a_run_without_answers_has_a_summary() -> None:
    summary = summarise((), REFERENCE)
    assert summary.turns == 0
    assert summary.as_json()["cost"] == {
        "latency_ms_p50": None,
        "latency_ms_p95": None,
        "tokens_mean": None,
        "tokens_total": None,
    }


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    turns = grade([Asked(question("a"), 0, answer(FISH, retrieved=["I", "1.2", "1.1"]))], REFERENCE)
    assert turns[0].grades["ndcg@10"] == pytest.approx(1 / log2(4))
