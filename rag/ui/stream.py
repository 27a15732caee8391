"""The state between question and answer: what a model has written so far."""

from typing import Final

import streamlit as st

from rag.domain import Document
from rag.ui import written
from rag.ui.job import Job
from rag.ui.markup import literal
from rag.ui.words import say

POLL_SECONDS: Final = 0.3


@st.fragment(run_every=POLL_SECONDS)
def draw(document: Document, job: Job) -> None:
    """What has come, again and again until all has; then the page takes the answer in."""
    if job.answer:
        st.rerun()
    if job.text:
        st.markdown(written.partial(document, job.text))
    with st.container(key="writing"):
        st.caption(f":material/more_horiz: {say(_state(job), model=literal(job.model))}")


def _state(job: Job) -> str:
    if job.is_stopping:
        return "stream.stopping"
    return "stream.writing" if job.text else "stream.waiting"
