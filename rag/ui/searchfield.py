"""The field in which something is searched while it is typed."""

from collections.abc import Callable
from typing import Literal

import streamlit as st


def draw(label: str, key: str, on_change: Callable[[], None] | Literal["rerun"] = "rerun") -> str:
    """What is sought, without the spaces around it."""
    sought = st.text_input(
        label,
        key=key,
        type="search",
        live=True,
        placeholder=label,
        label_visibility="collapsed",
        icon=":material/search:",
        on_change=on_change,
    )
    return (sought or "").strip()
