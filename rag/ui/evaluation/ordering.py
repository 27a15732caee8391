"""The form that orders a run."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

import streamlit as st

from eval.evaluation import unasked
from eval.items import GROUPS, SECTION_KINDS, Item
from eval.orders import Order
from eval.runs import Run
from eval.selection import Selection, asks
from eval.shelf import Shelf
from rag.domain import LANGUAGES
from rag.models.registry import EXTRACTIVE
from rag.ui import language
from rag.ui.evaluation import names, stored
from rag.ui.evaluation.bench import Bench
from rag.ui.markup import literal
from rag.ui.words import say

MODEL: Final = "evaluation-model"
PART: Final = "evaluation-part"
KINDS: Final = "evaluation-kinds"
LANGUAGE: Final = "evaluation-languages"
LIMIT: Final = "evaluation-limit"
WORKERS: Final = "evaluation-workers"
START: Final = "evaluation-start"
ANEW: Final = "evaluation-anew"

PARTS: Final = ("dev", "test")
MAX_WORKERS = 8


@st.fragment
def draw(bench: Bench) -> None:
    """Who is asked what, what that costs, and the button."""
    with st.container(border=True, key="evaluation-order"):
        st.markdown(f"#### {say('evaluation.order')}", anchors=False)
        with st.grid(3, min_column_width=260):
            model = _model(bench)
            part = _part()
            languages = _languages()
            kinds = _kinds()
            limit = _limit()
            workers = _workers() if model != EXTRACTIVE else 1
        if part == "test":
            st.warning(say("evaluation.test_warning"), icon=":material/lock:")
        chosen = Selection(split=part, languages=tuple(languages), kinds=tuple(kinds), limit=limit)
        _offer(bench, bench.order(model, chosen, workers))


def workers() -> int:
    """How many questions at a time were last chosen."""
    kept: int = st.session_state.get(WORKERS) or 1
    return kept


def _model(bench: Bench) -> str:
    return st.selectbox(
        say("evaluation.model"),
        bench.models.names,
        index=bench.models.names.index(bench.models.registry.default),
        format_func=names.model,
        key=language.follows(MODEL),
        persist_state="session",
        icon=":material/edit_note:",
    )


def _part() -> Literal["dev", "test"]:
    return st.segmented_control(
        say("evaluation.part"),
        PARTS,
        default=PARTS[0],
        format_func=names.part,
        required=True,
        key=language.follows(PART),
        persist_state="session",
    )


def _kinds() -> list[str]:
    return st.multiselect(
        say("evaluation.kinds"),
        [*GROUPS, *SECTION_KINDS],
        format_func=names.kind,
        key=language.follows(KINDS),
        persist_state="session",
        placeholder=say("evaluation.every_kind"),
    )


def _languages() -> list[str]:
    return st.pills(
        say("evaluation.languages"),
        LANGUAGES,
        selection_mode="multi",
        format_func=names.language,
        key=LANGUAGE,
        persist_state="session",
    )


def _limit() -> int | None:
    return st.number_input(
        say("evaluation.limit"),
        min_value=1,
        value=None,
        step=10,
        key=LIMIT,
        persist_state="session",
        placeholder=say("evaluation.no_limit"),
        help=say("evaluation.limit_help"),
    )


def _workers() -> int:
    return st.number_input(
        say("evaluation.workers"),
        min_value=1,
        max_value=MAX_WORKERS,
        key=WORKERS,
        persist_state="session",
        help=say("evaluation.workers_help"),
    )


def _offer(bench: Bench, order: Order) -> None:
    """What the order would ask, and the button that begins it or goes on with it."""
    due = bench.due(order)
    if due is None:
        st.caption(f":orange[:material/filter_alt_off: {say('evaluation.nothing_passes')}]")
        return
    _size(order, order.selection.of(stored.questions()))
    left = Shelf.of(stored.operated()).unfinished(due)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_wanted = st.button(
            say("evaluation.go_on") if left else say("evaluation.start"),
            key=START,
            type="primary",
            icon=":material/play_arrow:",
        )
        is_anew = left is not None and _anew(left)
    if is_wanted or is_anew:
        bench.begin(replace(order, is_new=is_anew))
        st.rerun()


def _size(order: Order, items: Sequence[Item]) -> None:
    turns = len(list(asks(items)))
    text = say("evaluation.size", items=len(items), turns=turns)
    if order.model != EXTRACTIVE:
        name = literal(order.model or "")
        text = say("evaluation.size_model", items=len(items), turns=turns, model=name)
    st.caption(text)


def _anew(left: Run) -> bool:
    """Whether the run that was left is to be left alone."""
    is_wanted = st.button(say("evaluation.anew"), key=ANEW, icon=":material/restart_alt:")
    st.caption(say("evaluation.left", left=len(unasked(left))), width="content")
    return is_wanted
