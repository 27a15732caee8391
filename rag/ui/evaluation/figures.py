"""The figures of a run, alone or beside another one."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from eval import board
from eval.board import Judged
from eval.metrics.comparison import Difference
from eval.metrics.intervals import Figure
from eval.report.page import page
from rag.domain import Document
from rag.ui import language
from rag.ui.evaluation import leaderboard, names, stored, tables
from rag.ui.markup import literal
from rag.ui.words import decimal, say

VERSUS: Final = "evaluation-versus"
CARDS: Final = ("right", "section_accuracy", "verbatim_rate", "refusal_recall")
"""The figures that come first."""
NOBODY = ""


def cards(chosen: Judged) -> None:
    """Four figures with their intervals."""
    figures = chosen.report.summary.figures
    with st.grid(4, min_column_width=150):
        for name in CARDS:
            if name in figures:
                _card(name, figures[name])


def _card(name: str, figure: Figure) -> None:
    st.metric(
        names.metric(name),
        names.percent(figure.value),
        help=names.meaning(name),
        border=True,
        delta=f"{names.bounds(figure)} · n {figure.n}",
        delta_color="off",
        delta_arrow="off",
    )


def draw(document: Document, chosen: Judged, others: Sequence[Judged]) -> None:
    """Every figure that the page shows, what it cost, and the whole report to take away."""
    other = _other(others) if others else None
    if other:
        with st.spinner(say("evaluation.preparing")):
            parted = _differences(other.record.id, chosen.record.id, other, chosen)
        st.caption(say("evaluation.against", run=literal(names.run(other.record))))
        _beside(chosen, other, parted)
    else:
        _alone(chosen)
    _cost(document, chosen)
    _whole(chosen)


def _other(others: Sequence[Judged]) -> Judged | None:
    by_id = {one.record.id: one for one in others}
    id_ = st.selectbox(
        say("evaluation.versus"),
        [NOBODY, *by_id],
        format_func=lambda id_: names.run(by_id[id_].record) if id_ else say("evaluation.nobody"),
        key=language.follows(VERSUS),
    )
    return by_id.get(id_)


def _alone(chosen: Judged) -> None:
    figures = chosen.report.summary.figures
    tables.draw(
        (
            say("evaluation.metric"),
            say("evaluation.value"),
            say("evaluation.interval"),
            say("evaluation.turns"),
        ),
        [
            (_named(name), names.percent(one.value), names.bounds(one), str(one.n))
            for name in names.METRICS
            if (one := figures.get(name)) and one.n
        ],
        "alone",
    )


def _beside(chosen: Judged, other: Judged, parted: Mapping[str, Difference]) -> None:
    tables.draw(
        (
            say("evaluation.metric"),
            literal(names.answerer(chosen.record.conditions)),
            literal(names.answerer(other.record.conditions)),
            say("evaluation.difference"),
            say("evaluation.turns"),
        ),
        [
            (
                _named(name),
                names.percent(one.second),
                names.percent(one.first),
                leaderboard.verdict(one),
                str(one.n),
            )
            for name in names.METRICS
            if (one := parted.get(name))
        ],
        "beside",
    )


def _named(name: str) -> str:
    return f"{names.metric(name)}  :small[:gray[{names.meaning(name)}]]"


@st.cache_resource(show_spinner=False, max_entries=64)
def _differences(
    first: str, second: str, _first: Judged, _second: Judged
) -> Mapping[str, Difference]:
    """Resampled once for all visitors."""
    del first, second
    return board.difference(_first, _second, names.METRICS)


def _cost(document: Document, chosen: Judged) -> None:
    summary = chosen.report.summary
    cost, worst = summary.cost, summary.worst
    lines = []
    if cost.latency_ms_p50 is not None:
        median, most = map(names.milliseconds, (cost.latency_ms_p50, cost.latency_ms_p95))
        lines.append(say("evaluation.cost", median=median, most=most))
    if cost.tokens_mean is not None:
        mean = decimal(cost.tokens_mean, 0)
        lines.append(say("evaluation.cost_tokens", mean=mean, total=cost.tokens_total))
    if worst and worst.dimension != "split" and worst.figure.value != 1.0:
        name, value = names.group(document, worst.name), names.percent(worst.figure.value)
        lines.append(say("evaluation.worst", name=literal(name), value=value, count=worst.figure.n))
    st.caption("  \n".join(lines))


def _whole(chosen: Judged) -> None:
    def make() -> str:
        run = next(run for run in stored.runs() if run.record.id == chosen.record.id)
        return page(chosen.report, run.reference())

    st.download_button(
        say("evaluation.report"),
        make,
        f"{chosen.record.id}.html",
        "text/html",
        key="evaluation-report",
        icon=":material/download:",
        help=say("evaluation.report_help"),
        on_click="ignore",
    )
