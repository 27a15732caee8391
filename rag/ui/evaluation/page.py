"""The page «Evaluación»: order a run, follow it, and look at what runs have shown."""

from collections.abc import Sequence

import streamlit as st

from eval import board
from eval.runs import Run
from rag.domain import Document
from rag.ui import shell
from rag.ui.evaluation import detail, leaderboard, ordering, progress, stored, unfinished
from rag.ui.evaluation.bench import Bench
from rag.ui.shell import Show
from rag.ui.startup import Shared
from rag.ui.words import say


def draw(shared: Shared, whole: st.Page) -> None:
    """Everything, for any visitor that may see it."""
    assistant = shared.assistant
    bench = Bench(assistant, shared.shelf, shared.limits, stored.desk())
    runs = stored.runs()
    with st.sidebar:
        shell.masthead()
    with st.container(key="evaluation"):
        st.markdown(f"# {say('evaluation.page')}", anchors=False)
        st.markdown(say("evaluation.intro"))
        if not progress.draw(bench.desk):
            ordering.draw(bench)
            unfinished.draw(bench, runs)
        _stored(assistant.document, runs, whole)
    shell.bring_into_view([Show("evaluation", "evaluation", "evaluation")])


def _stored(document: Document, runs: Sequence[Run], whole: st.Page) -> None:
    """What finished runs have shown."""
    sets = board.question_sets(runs, document.sha256)
    if not sets:
        st.caption(say("evaluation.empty"))
    elif rows := leaderboard.draw(sets):
        detail.draw(document, rows, whole)
    others = sum(run.record.conditions.document != document.sha256 for run in runs)
    if others:
        st.caption(say("evaluation.others", count=others))
