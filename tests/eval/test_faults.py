"""The evaluator is evaluated: planted faults, and which metric must notice which."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from eval.metrics.answers import read
from eval.metrics.grading import METRICS, Asked, Graded, grade
from eval.metrics.summary import (
    confidence_of,
    cost_of,
    figures_of,
    followup_gap,
    whole_dialogue,
)
from tests.eval import perfect
from tests.eval.faults import FAULTS

MATRIX = tomllib.loads((Path(__file__).parent / "faults.toml").read_text(encoding="utf-8"))
GROUPS = MATRIX.pop("groups")

LOWER_IS_BETTER = {"aurc", "followup_gap", "latency_ms_p50", "latency_ms_p95"} | {
    metric.name for metric in METRICS if metric.better == "lower"
}
NOT_JUDGED = {"citations", "quoted_words"}
BY_GOLD = {metric.name for metric in METRICS if metric.by_gold} | {"whole_dialogue"}
"""Figures that exist whatever is answered: no fault may make one vanish."""

Figures = dict[str, float | None]


@cache
def graded() -> tuple[Graded, ...]:
    return grade(perfect.asked(perfect.answers()), perfect.reference())


def figures(turns: Sequence[Graded]) -> Figures:
    shares = figures_of(turns) | {"whole_dialogue": whole_dialogue(turns)}
    confidence, cost = confidence_of(turns), cost_of(turns)
    return {name: figure.value for name, figure in shares.items()} | {
        "auroc": confidence.auroc,
        "aurc": confidence.aurc,
        "followup_gap": followup_gap(turns),
        "latency_ms_p50": cost.latency_ms_p50,
        "latency_ms_p95": cost.latency_ms_p95,
    }


@cache
def undisturbed() -> Figures:
    return figures(graded())


@cache
def disturbed(fault: str) -> Figures:
    """The figures after the fault was planted; only what it changed is graded anew."""
    spoilt: dict[int, Asked] = {}
    for position, (item, index, line) in enumerate(perfect.answers()):
        changed = FAULTS[fault](item, index, line)
        if changed is not None:
            spoilt[position] = Asked(item, index, read(changed))
    assert spoilt, "the fault was planted nowhere"
    regraded = dict(zip(spoilt, grade(list(spoilt.values()), perfect.reference()), strict=True))
    return figures([regraded.get(n, one) for n, one in enumerate(graded())])


def named(fault: str, how: str) -> set[str]:
    names = MATRIX[fault][how]
    return {metric for name in names for metric in GROUPS.get(name.removeprefix("@"), [name])}


def test_the_matrix_names_every_fault_and_only_figures_that_exist() -> None:
    assert set(MATRIX) == set(FAULTS)
    mentioned = {
        metric for fault in MATRIX for how in MATRIX[fault] for metric in named(fault, how)
    }
    assert mentioned <= set(undisturbed())


def test_every_figure_is_moved_by_some_fault() -> None:
    caught = {metric for fault in MATRIX for metric in named(fault, "must")}
    assert set(undisturbed()) - NOT_JUDGED == caught


def test_perfect_answers_are_perfect_in_every_figure() -> None:
    wrong = {
        name: value
        for name, value in undisturbed().items()
        if name in {metric.name for metric in METRICS if metric.unit == "share"}
        and value != (0.0 if name in LOWER_IS_BETTER else 1.0)
    }
    assert not wrong


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught_by_the_metrics_that_must_catch_it(fault: str) -> None:
    before, after = undisturbed(), disturbed(fault)
    missed = {}
    for metric in named(fault, "must"):
        old, new = before[metric], after.get(metric)
        assert old is not None and new is not None, f"{metric} vanished"
        if new <= old if metric in LOWER_IS_BETTER else new >= old:
            missed[metric] = (old, new)
    assert not missed


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_leaves_the_other_metrics_alone(fault: str) -> None:
    before, after = undisturbed(), disturbed(fault)
    free = named(fault, "must") | named(fault, "may")
    moved = {
        name: (before.get(name), after.get(name))
        for name in {*before, *after} - free
        if before.get(name) != pytest.approx(after.get(name), abs=1e-12)
    }
    assert not moved


@pytest.mark.parametrize("fault", FAULTS)
def test_no_answer_can_leave_a_denominator_that_gold_decides(fault: str) -> None:
    assert BY_GOLD & set(undisturbed()) <= set(disturbed(fault))
