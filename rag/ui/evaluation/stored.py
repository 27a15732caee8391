"""What all visitors share: the desk where runs are begun, and the runs as judged so far."""

from collections.abc import Sequence
from functools import cache

import streamlit as st

from eval import board
from eval.attempt import Desk
from eval.board import Judged, Row
from eval.items import Item, load
from eval.runs import Run
from eval.shelf import Shelf
from rag import settings
from rag.settings import Settings


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """One for all visitors: what one begins, all see."""
    return Desk()


@st.cache_resource(show_spinner=False)
def operated() -> Settings:
    """The settings of this process."""
    return settings.load()


def runs() -> list[Run]:
    """Every stored run, the newest first."""
    return list(Shelf.of(operated()).runs())


@cache
def questions() -> Sequence[Item]:
    """The dataset."""
    return load()


def judged(run: Run) -> Judged:
    """The run with its figures; graded once for all visitors as long as nothing is added to it.

    Raises:
        RagError: a file of it is damaged.
    """
    size = run.results_path.stat().st_size if run.results_path.exists() else 0
    return _judged(str(run.folder), f"{size} {run.record.finished}", run)


def ranked(members: Sequence[Judged]) -> tuple[Row, ...]:
    """The runs in their places; compared once for all visitors, since resampling takes its time."""
    return _ranked(tuple(one.record.id for one in members), members)


@st.cache_resource(show_spinner=False, max_entries=16)
def _ranked(ids: tuple[str, ...], _members: Sequence[Judged]) -> tuple[Row, ...]:
    """Cached by the ids: what is finished does not change."""
    del ids
    return board.ranked(_members)


@st.cache_resource(show_spinner=False, max_entries=24)
def _judged(folder: str, state: str, _run: Run) -> Judged:
    """Cached by folder and state."""
    del folder, state
    return board.judge(_run)
