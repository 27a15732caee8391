"""The door for people: page list and wiring. Run by `cinco chat`."""

import streamlit as st

from rag.ui import chat, index, reader, session, shell, startup
from rag.ui.evaluation import door
from rag.ui.words import say


def main() -> None:
    """Draw the page that is asked for."""
    shell.dress()
    assistant, shelf = startup.opened()
    session.begin(shelf.find()).advance(assistant)
    whole = st.Page(
        lambda: reader.draw(assistant),
        title=say("app.reader_page"),
        icon=":material/menu_book:",
        url_path="documento",
    )
    ask = st.Page(
        lambda: chat.draw(assistant, shelf, whole),
        title=say("app.chat_page"),
        icon=":material/forum:",
        default=True,
    )
    entries = st.Page(
        lambda: index.draw(assistant, ask, whole),
        title=say("app.index_page"),
        icon=":material/toc:",
        url_path="indice",
    )
    judging = door.pages(assistant, shelf, whole)
    st.navigation([ask, whole, entries, *judging], position="top").run()


main()
