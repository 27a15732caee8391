"""Whether this app has the page. What the page needs is imported when it is opened."""

import streamlit as st

from rag import settings
from rag.ui.startup import Shared
from rag.ui.words import say


def pages(shared: Shared, whole: st.Page) -> list[st.Page]:
    """The page, where the operator allows it; `whole` is the one with the whole document."""
    if not _is_allowed():
        return []

    def draw() -> None:
        from rag.ui.evaluation import page

        page.draw(shared, whole)

    title = say("evaluation.page")
    return [st.Page(draw, title=title, icon=":material/monitoring:", url_path="evaluacion")]


@st.cache_resource(show_spinner=False)
def _is_allowed() -> bool:
    return settings.load().evaluation
