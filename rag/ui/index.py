"""The page with the analytical index: every entry, and the places in the document it leads to."""

from collections.abc import Sequence

import streamlit as st

from rag.assistant import Assistant
from rag.corpus import analytical_index
from rag.corpus.analytical_index import Entry
from rag.domain import LANGUAGES, Document, Language
from rag.ui import outline, panel, permalinks, searchfield, shell
from rag.ui.headwords import Headword, Shelf, leaves, matches, shelf
from rag.ui.markup import badge, literal
from rag.ui.session import Session, current
from rag.ui.shell import Show
from rag.ui.words import NAMES, count, say, spoken

LANGUAGE = "index-language"
FILTER = "index-filter"


def draw(assistant: Assistant, ask: st.Page, whole: st.Page) -> None:
    """One leaf of the index, and the reader where something is open."""
    session, document = current(), assistant.document
    with st.sidebar:
        shell.masthead(with_document=False)
        outline.draw(document, session)
    with st.container(key="index"):
        st.markdown(f"# {say('app.index_page')}", anchors=False)
        st.markdown(say("index.text"))
        language, sought = _choices()
        words = _shelf(document.sha256, language, document)
        found, occasion = _found(words, language, sought)
        asked = _leaf(document, session, found, occasion)
    if asked:
        session.ask_alone(assistant, asked.text, None, language=asked.language)
        st.switch_page(ask)
    # The top of the page, then that of each leaf that is turned to from below the one before.
    top = "guide" if session.leaves_turned else "index"
    shows = [Show("index", top, str(session.leaves_turned))]
    if session.opened:
        read = panel.draw(document, session, session.opened, whole)
        shows.append(Show("panel", read, read))
    shell.bring_into_view(shows)


@st.cache_resource(show_spinner=False)
def _shelf(_sha256: str, language: Language, _document: Document) -> Shelf:
    """One per document and language, for all visitors."""
    return shelf(analytical_index.load(_document).terms, language)


def _choices() -> tuple[Language, str]:
    """The language that is browsed, and what is sought in it."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="index-choices"):
        language = st.segmented_control(
            say("index.language"),
            LANGUAGES,
            default=spoken(),
            format_func=lambda language: NAMES[language],
            required=True,
            # Whoever changes the language of the page has not chosen one of the entries yet.
            key=f"{LANGUAGE}-{spoken()}",
            persist_state="session",
            label_visibility="collapsed",
        )
        sought = searchfield.draw(say("index.filter"), FILTER)
    return language, sought


def _found(words: Shelf, language: Language, sought: str) -> tuple[Sequence[Headword], str]:
    """The headwords to show, and a name for them."""
    if sought:
        found = matches(words, sought)
        nothing = say("index.nothing", language=NAMES[language])
        st.caption(count("index.found", len(found)) if found else nothing)
        return found, f"{language}-{sought}"
    letter = st.pills(
        say("index.letters"),
        list(words),
        default=next(iter(words)),
        format_func=lambda heading: _heading(heading, language),
        required=True,
        key=f"letter-{language}",
        persist_state="session",
        label_visibility="collapsed",
    )
    return words.get(letter or "", ()), f"{language}-{letter}"


def _heading(letter: str, language: Language) -> str:
    return say("index.characters", count=letter) if language == "zh" else letter


def _leaf(
    document: Document, session: Session, found: Sequence[Headword], occasion: str
) -> Headword | None:
    """Draw one leaf; the headword that is to be asked about."""
    cut = leaves(found)
    if not cut:
        return None
    shown = st.session_state.get(f"leaf-{occasion}", 1)
    leaf = cut[min(shown, len(cut)) - 1]
    if len(cut) > 1:
        with st.container(key="guide"):
            st.caption(f"{literal(leaf[0].text)} – {literal(leaf[-1].text)}")
    asked = None
    with st.container(key="entries", gap=None):
        for order, headword in enumerate(leaf):
            asked = _headword(document, session, headword, order) or asked
    if len(cut) > 1:
        st.pagination(len(cut), key=f"leaf-{occasion}", on_change=session.turn_leaf)
    return asked


def _headword(
    document: Document, session: Session, headword: Headword, order: int
) -> Headword | None:
    """One line: the entry, which asks, and the places, which open the reader."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key=f"entry-{order}"
    ):
        is_asked = st.button(
            literal(headword.text), key=f"term-{order}", type="tertiary", wrap=True
        )
        shell.label(f"term-{order}", say("index.ask", term=headword.text))
        for number, entry in enumerate(headword.entries):
            _places(document, session, entry, f"{order}-{number}")
    return headword if is_asked else None


def _places(document: Document, session: Session, entry: Entry, key: str) -> None:
    """The chip of the section at the first sentence it points at, and a small one per other."""
    section = document.section_by_id[entry.section]
    for order, sentence in enumerate(entry.sentences or (None,)):
        title = "" if order else f" {literal(section.title)}"
        name = f"place-{key}-{order}"
        place = permalinks.as_citation(document.sentence_by_id[sentence]) if sentence else None
        st.button(
            f"{badge(section, sentence or section.id)}{title}",
            key=name,
            on_click=session.open_entry,
            args=(entry.text, section.id, place),
        )
        if programme := document.programme_of(section):
            visible = sentence if order else f"{sentence or section.id} {section.title}"
            shell.label(name, f"{visible}, {programme.title}")
