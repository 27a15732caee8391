"""Tables of figures: what every picture says, for whoever reads with the ears."""

from collections.abc import Iterable, Sequence

import streamlit as st

from rag.ui.words import say


def draw(header: Sequence[str], rows: Iterable[Sequence[str]], key: str) -> None:
    """A table of Markdown cells: the first column is text, the others are figures."""
    lines = [header, [":--", *["--:"] * (len(header) - 1)], *rows]
    with st.container(key=f"figures-{key}"):
        st.markdown("\n".join(f"| {' | '.join(cells)} |" for cells in lines))


def beneath(header: Sequence[str], rows: Iterable[Sequence[str]], key: str) -> None:
    """The same, one click away under a picture."""
    with st.expander(say("evaluation.table"), key=f"table-{key}", type="compact"):
        draw(header, rows, key)
