"""What is at work, as every visitor of the page sees it, and how the last attempt ended."""

from typing import Final

import streamlit as st

from eval.attempt import Attempt, Desk, Progress
from rag.ui.evaluation import names
from rag.ui.markup import literal
from rag.ui.words import say

POLL_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 5.0
"""How often a page on which nothing is at work looks whether another visitor has begun a run."""

STOP: Final = "evaluation-stop"
PATIENCE_SECONDS = 2.0
"""A stopped run is waited for so long before the page says that it is being stopped."""


def draw(desk: Desk) -> bool:
    """The run at work, else how the last one ended; whether one is at work."""
    attempt = desk.latest
    if attempt and not attempt.is_over:
        with st.container(border=True, key="evaluation-running"):
            _running(attempt)
        return True
    if attempt:
        _ending(attempt)
    _watch(desk, attempt)
    return False


@st.fragment(run_every=POLL_SECONDS)
def _running(attempt: Attempt) -> None:
    if attempt.is_over:
        st.rerun()
    progress = attempt.progress
    order = attempt.order
    st.markdown(f"#### :material/hourglass_top: {say('evaluation.running')}", anchors=False)
    model = literal(names.model(order.model or ""))
    part, chosen = names.part(order.selection.split), names.selection(order.selection)
    asking = say("evaluation.asking", model=model, part=part, selection=literal(chosen))
    st.markdown(asking if progress.model == order.model else say("evaluation.beside", model=model))
    share = progress.done / progress.total if progress.total else 0.0
    st.progress(share, _state(attempt, progress))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            say("evaluation.stop"),
            key=STOP,
            icon=":material/stop_circle:",
            disabled=attempt.is_stopping,
            on_click=_stop,
            args=(attempt,),
        )
        st.caption(say("evaluation.background"))


def _stop(attempt: Attempt) -> None:
    attempt.stop()
    attempt.wait(PATIENCE_SECONDS)


def _state(attempt: Attempt, progress: Progress) -> str:
    if attempt.is_stopping:
        return say("evaluation.stopping")
    if not progress.total:
        return say("evaluation.preparing")
    texts = [say("evaluation.count", done=progress.done, total=progress.total)]
    if progress.errors:
        texts.append(say("evaluation.errors", count=progress.errors))
    if progress.fallbacks:
        texts.append(say("evaluation.fallbacks", count=progress.fallbacks))
    if progress.seconds_left is not None:
        texts.append(_left(progress.seconds_left))
    return " · ".join(texts)


def _left(seconds: float) -> str:
    if seconds < 90:
        return say("evaluation.seconds_left", count=max(1, round(seconds)))
    return say("evaluation.minutes_left", count=round(seconds / 60))


def _ending(attempt: Attempt) -> None:
    """How the last attempt ended, until another one begins."""
    model = literal(names.model(attempt.order.model or ""))
    if attempt.failure:
        problem, remedy = literal(attempt.failure.problem), literal(attempt.failure.remedy)
        st.error(f"{problem} **{remedy}**", icon=":material/error:")
    elif attempt.has_broken:
        st.error(say("evaluation.broke", model=model), icon=":material/error:")
    elif attempt.is_stopped and not attempt.is_stopping:
        st.warning(say("evaluation.spent", model=model), icon=":material/block:")
    elif attempt.is_stopped:
        st.info(say("evaluation.stopped", model=model), icon=":material/stop_circle:")
    else:
        st.success(say("evaluation.finished", model=model), icon=":material/check_circle:")


@st.fragment(run_every=LOOK_SECONDS)
def _watch(desk: Desk, seen: Attempt | None) -> None:
    if desk.latest is not seen:
        st.rerun()
