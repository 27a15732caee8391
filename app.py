"""The door for people: page list and wiring. Run by `cinco chat`."""

import streamlit as st

from rag.ui import about, chat, index, language, models_page, reader, session, shell, startup
from rag.ui.words import say


def main() -> None:
    """Draw the page that is asked for."""
    language.begin()
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
    models = st.Page(
        lambda: models_page.draw(shelf, ask),
        title=say("app.models_page"),
        icon=":material/model_training:",
        url_path="modelos",
    )
    this = st.Page(
        lambda: about.draw(assistant, retention_days=None),
        title=say("app.about_page"),
        icon=":material/info:",
        url_path="acerca",
    )
    page = st.navigation([ask, whole, entries, models, this], position="top")
    language.draw()
    page.run()


main()
