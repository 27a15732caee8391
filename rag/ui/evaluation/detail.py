"""One run at close quarters, in six views."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import streamlit as st

from eval.board import Judged, Row
from rag.domain import Document
from rag.ui import language
from rag.ui.evaluation import failing, figures, names, pictures
from rag.ui.words import say

RUN: Final = "evaluation-run"
VIEW: Final = "evaluation-view"

VIEWS: Final = ("figures", "programmes", "sections", "groups", "confidence", "failing")


@st.fragment
def draw(document: Document, rows: Sequence[Row], whole: st.Page) -> None:
    """Draw the run that is chosen, the newest at first; only what is looked at is drawn."""
    by_id = {row.judged.record.id: row.judged for row in rows}
    newest = max(by_id.values(), key=_interest).record.id
    with st.container(key="evaluation-detail"):
        st.markdown(f"### {say('evaluation.detail')}", anchors=False)
        chosen = by_id[_run(by_id, newest)]
        figures.cards(chosen)
        view = st.segmented_control(
            say("evaluation.view"),
            VIEWS,
            default=VIEWS[0],
            format_func=lambda view: _name(view, chosen),
            required=True,
            key=language.follows(VIEW),
            persist_state="session",
            label_visibility="collapsed",
        )
        others = [one for one in by_id.values() if one is not chosen]
        _views(document, chosen, others, whole)[view]()


def _interest(judged: Judged) -> tuple[bool, datetime]:
    """The newest is looked at first, what was only made to compare it with last."""
    return not judged.record.is_baseline, judged.record.started


def _run(by_id: Mapping[str, Judged], newest: str) -> str:
    # A key per set of questions, and a new one for a new run, which is then the one to look at.
    chosen = st.selectbox(
        say("evaluation.chosen"),
        list(by_id),
        index=list(by_id).index(newest),
        format_func=lambda id_: names.run(by_id[id_].record),
        key=language.follows(f"{RUN}-{newest}"),
        persist_state="session",
        required=True,
        label_visibility="collapsed",
    )
    return chosen if chosen in by_id else next(iter(by_id))


def _name(view: str, chosen: Judged) -> str:
    text = say(f"evaluation.view_{view}")
    return f"{text} ({len(chosen.failing)})" if view == "failing" else text


def _views(
    document: Document, chosen: Judged, others: Sequence[Judged], whole: st.Page
) -> Mapping[str, Callable[[], None]]:
    return {
        "figures": lambda: figures.draw(document, chosen, others),
        "programmes": lambda: pictures.programmes(document, chosen),
        "sections": lambda: pictures.sections(document, chosen),
        "groups": lambda: pictures.groups(document, chosen),
        "confidence": lambda: pictures.confidence(chosen),
        "failing": lambda: failing.draw(document, chosen, whole),
    }
