"""The door for people: page list and wiring. Run by `cinco chat`."""

from collections.abc import Callable

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
from rag.ui.evaluation import door
from rag.ui.session import current
from rag.ui.words import say


def main() -> None:
    """Draw the page that is asked for."""
    language.begin()
    shell.dress()
    visitor = arrival.arrive(startup.opened())
    assistant, shelf = visitor.assistant, visitor.shared.shelf
    current().advance(assistant)
    whole = _page("reader", "menu_book", "documento", lambda: reader.draw(assistant))
    ask = _page("chat", "forum", "", lambda: chat.draw(visitor, whole))
    entries = _page("index", "toc", "indice", lambda: index.draw(assistant, ask, whole))
    models = _page("models", "model_training", "modelos", lambda: models_page.draw(shelf, ask))
    judging = door.pages(visitor.shared, whole)
    this = _page("about", "info", "acerca", lambda: about.draw(assistant, _days()))
    page = st.navigation([ask, whole, entries, models, *judging, this], position="top")
    language.draw()
    reader.forwarded(page, whole).run()


def _days() -> int | None:
    """For how long conversations are kept."""
    return settings.load().retention_days


def _page(name: str, icon: str, path: str, draw: Callable[[], None]) -> st.Page:
    """A page of the list; the one without a path of its own is the first."""
    title, icon = say(f"app.{name}_page"), f":material/{icon}:"
    return st.Page(draw, title=title, icon=icon, url_path=path, default=not path)


if __name__ == "__main__":
    main()  # Streamlit runs this file anew for every click,
else:
    app = st.App(__file__, middleware=visitors.MIDDLEWARE)  # and imports it once, to serve it.
