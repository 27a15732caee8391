"""Runs that were stopped or killed, and the way on."""

import streamlit as st

from eval import board
from eval.runs import Run
from eval.selection import asks
from rag.errors import RagError
from rag.ui.evaluation import names, ordering
from rag.ui.evaluation.bench import Bench
from rag.ui.markup import literal
from rag.ui.words import say

SHOWN = 5


def draw(bench: Bench, runs: list[Run]) -> None:
    """The newest of them, each with what it has and whether it can go on."""
    left = board.unfinished(runs, bench.assistant.document.sha256)[:SHOWN]
    if not left:
        return
    with st.container(border=True, key="evaluation-unfinished", gap="small"):
        st.markdown(f"#### {say('evaluation.unfinished')}", anchors=False)
        st.caption(say("evaluation.unfinished_text"))
        for order, run in enumerate(left):
            _line(bench, run, order)


def _line(bench: Bench, run: Run, place: int) -> None:
    record = run.record
    selection = record.conditions.selection
    try:
        total = len(list(asks(run.items(), selection.epochs)))
        count = say("evaluation.count", done=len(run.results()), total=total)
    except RagError as error:
        st.caption(say("evaluation.damaged", run=record.id, problem=literal(error.problem)))
        return
    about = f"{names.part(selection.split)} · {names.selection(selection)} · {count}"
    again = bench.again(run, ordering.workers())
    with st.container(horizontal=True, vertical_alignment="center", key=f"unfinished-{place}"):
        st.markdown(f"**{literal(names.run(record))}**  \n:small[:gray[{literal(about)}]]")
        if again is None:
            st.caption(say("evaluation.outdated"))
            return
        st.button(
            say("evaluation.resume"),
            key=f"resume-{place}",
            icon=":material/play_arrow:",
            on_click=bench.begin,
            args=(again,),
        )
