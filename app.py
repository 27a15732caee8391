"""The door for people: page list and wiring. Run by `cinco chat`."""

import streamlit as st

from rag import settings
from rag.ui import (
    about,
    arrival,
    chat,
    index,
    language,
    models_page,
    reader,
    shell,
    startup,
    visitors,
)
from rag.ui.session import current
from rag.ui.words import say


def main() -> None:
    """Draw the page that is asked for."""
    language.begin()
    shell.dress()
    visitor = arrival.arrive(startup.opened())
    assistant = visitor.assistant
    current().advance(assistant)
    whole = st.Page(
        lambda: reader.draw(assistant),
        title=say("app.reader_page"),
        icon=":material/menu_book:",
        url_path="documento",
    )
    ask = st.Page(
        lambda: chat.draw(visitor, whole),
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
        lambda: models_page.draw(visitor.shared.shelf, ask),
        title=say("app.models_page"),
        icon=":material/model_training:",
        url_path="modelos",
    )
    this = st.Page(
        lambda: about.draw(assistant, settings.load().retention_days),
        title=say("app.about_page"),
        icon=":material/info:",
        url_path="acerca",
    )
    page = st.navigation([ask, whole, entries, models, this], position="top")
    language.draw()
    page.run()


if __name__ == "__main__":
    main()  # Streamlit runs this file anew for every click,
else:
    app = st.App(__file__, middleware=visitors.MIDDLEWARE)  # and imports it once, to serve it.
