"""The door for people: page list and wiring. Run by `cinco chat`."""

import streamlit as st

from rag.ui import arrival, chat, index, reader, shell, startup, visitors
from rag.ui.session import current
from rag.ui.words import say


def main() -> None:
    """Draw the page that is asked for."""
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
    st.navigation([ask, whole, entries], position="top").run()


if __name__ == "__main__":
    main()  # Streamlit runs this file anew for every click,
else:
    app = st.App(__file__, middleware=visitors.MIDDLEWARE)  # and imports it once, to serve it.
