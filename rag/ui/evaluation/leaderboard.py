"""The leaderboard: runs of the same questions, and whether what parts them is noise."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from eval.board import Judged, QuestionSet, Row
from eval.metrics.comparison import Difference, Verdict
from eval.runs import Run
from rag.errors import RagError
from rag.ui import language
from rag.ui.evaluation import charts, names, stored, tables
from rag.ui.markup import literal
from rag.ui.words import decimal, say

SET: Final = "evaluation-set"
SHOWN = 12
"""Runs of a set that are judged: each takes half a second the first time."""


def draw(sets: Sequence[QuestionSet]) -> tuple[Row, ...]:
    """The runs of the chosen set in their places."""
    st.markdown(f"### {say('evaluation.board')}", anchors=False)
    st.markdown(f":small[{say('evaluation.board_text')}]")
    chosen = _chosen(sets)
    rows = stored.ranked(_judged(chosen.runs[:SHOWN]))
    if len(chosen.runs) > SHOWN:
        st.caption(say("evaluation.newest", count=SHOWN))
    if len(rows) > 1:
        bars = [(f"{place}. {_name(row)}", row.judged.right) for place, row in _placed(rows)]
        charts.draw(charts.intervals(bars), say("evaluation.chart_board"), "board")
    tables.draw(
        (
            say("evaluation.run"),
            say("evaluation.right"),
            say("evaluation.interval"),
            say("evaluation.against_first"),
            say("evaluation.latency"),
            say("evaluation.tokens"),
        ),
        [_cells(place, row) for place, row in _placed(rows)],
        "board",
    )
    return rows


def verdict(difference: Difference | None) -> str:
    """Whether a run differs from another one, in words."""
    if difference is None:
        return say("evaluation.leads")
    if difference.verdict == "equal":
        return say("evaluation.equal")
    return f"{points(difference.value)}: {_words(difference.verdict)}"


def points(value: float, digits: int = 1) -> str:
    """A difference of shares in points, with its sign."""
    return say(
        "evaluation.points", count=f"{'+' if value > 0 else ''}{decimal(100 * value, digits)}"
    )


def _words(verdict: Verdict) -> str:
    if verdict == "noise":
        return say("evaluation.noise")
    return say("evaluation.better") if verdict == "better" else say("evaluation.worse")


def _chosen(sets: Sequence[QuestionSet]) -> QuestionSet:
    if len(sets) == 1:
        st.caption(_label(sets[0]))
        return sets[0]
    by_name = {one.dataset: one for one in sets}
    name = st.selectbox(
        say("evaluation.set"),
        list(by_name),
        format_func=lambda name: _label(by_name[name]),
        key=language.follows(SET),
        persist_state="session",
    )
    return by_name.get(name, sets[0])


def _label(chosen: QuestionSet) -> str:
    record = chosen.runs[0].record
    selection = record.conditions.selection
    return say(
        "evaluation.set_label",
        part=names.part(selection.split),
        selection=names.selection(selection),
        items=len(chosen.runs[0].items()),
        when=names.when(record.started),
    )


def _judged(runs: Sequence[Run]) -> list[Judged]:
    """Those that can be read; what cannot is said."""
    found = []
    for run in runs:
        try:
            found.append(stored.judged(run))
        except RagError as error:
            name, problem = literal(run.folder.name), literal(error.problem)
            st.caption(say("evaluation.damaged", run=name, problem=problem))
    return found


def _placed(rows: Sequence[Row]) -> list[tuple[int, Row]]:
    return list(enumerate(rows, start=1))


def _name(row: Row) -> str:
    return names.answerer(row.judged.record.conditions)


def _cells(place: int, row: Row) -> tuple[str, ...]:
    figure, cost = row.judged.right, row.judged.report.summary.cost
    tokens = "–" if cost.tokens_mean is None else decimal(cost.tokens_mean, 0)
    record = row.judged.record
    name = literal(names.answerer(record.conditions))
    return (
        f"**{place}. {name}**  :small[:gray[{names.when(record.started)}]]",
        f"**{names.percent(figure.value)}**",
        names.bounds(figure),
        verdict(row.behind),
        names.milliseconds(cost.latency_ms_p50),
        tokens,
    )
