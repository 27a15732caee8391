"""Questions to go on with, below the last answer."""

import streamlit as st

from rag.answer.suggestions import suggest
from rag.assistant import Assistant
from rag.ui.session import Session
from rag.ui.words import say


def draw(assistant: Assistant, session: Session) -> None:
    """A button for each; it is asked alone, since it stands alone."""
    asked = [exchange.asked.question.text for exchange in session.dialogue.exchanges]
    answer = session.dialogue.exchanges[-1].turn.answer
    found = suggest(assistant.document, answer, asked, programme=session.programme)
    if not found:
        return
    st.caption(say("suggestions.title"))
    with st.container(gap="xxsmall", key="suggestions"):
        for order, suggestion in enumerate(found):
            st.button(
                suggestion.text,
                key=f"suggestion-{order}",
                icon=":material/subdirectory_arrow_right:",
                type="tertiary",
                wrap=True,
                on_click=session.ask_alone,
                args=(assistant, suggestion.text, session.programme),
                kwargs={"language": answer.language},
            )
