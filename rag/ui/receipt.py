"""The receipt of an answer, to take away."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import streamlit as st

from rag.answer import receipts
from rag.answer.receipt_markdown import markdown
from rag.domain import Document, Turn
from rag.ui.words import say


def draw(document: Document, turn: Turn, moment: datetime, position: int) -> None:
    """A button that offers both forms; nothing is made before it is asked for."""
    box = st.popover(
        say("receipt.title"),
        key=f"receipt-{position}",
        icon=":material/receipt_long:",
        type="tertiary",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        st.markdown(f":small[{say('receipt.text')}]")
        name = f"cinco-{moment:%Y%m%d-%H%M%S}"
        make = partial(receipts.receipt, turn.question, turn.answer, document, moment)
        _offer(f"{name}.json", "application/json", lambda: receipts.to_json(make()), position)
        _offer(f"{name}.md", "text/markdown", lambda: markdown(make()), position)


def _offer(name: str, mime: str, make: Callable[[], str], position: int) -> None:
    form = name.rpartition(".")[2]
    st.download_button(
        say(f"receipt.{form}"),
        make,
        name,
        mime,
        key=f"receipt-{form}-{position}",
        icon=":material/download:",
        width="stretch",
        on_click="ignore",
    )
