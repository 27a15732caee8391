"""The page with the models that the operator configured: how each stands and what it does.

Nothing of an address or a key is shown, and nothing can be entered.
"""

from collections.abc import Iterator
from typing import Final

import streamlit as st

from rag.models.reach import company_of, reach_of
from rag.models.registry import EXTRACTIVE, ChatEntry, EmbeddingEntry, Registry, servers
from rag.models.shelf import ModelShelf
from rag.models.status import State, Status
from rag.models.watch import Watch
from rag.ui import composer, shell
from rag.ui.markup import literal
from rag.ui.session import Session, current
from rag.ui.shell import Show
from rag.ui.words import say, whole

POLL_SECONDS: Final = 0.4

CHECKING: Final = ":gray[:material/pending: {}]"
FAILED: Final = ":red[:material/cancel: {}]"
MARKS: Final[dict[State, str]] = {
    "answers": ":green[:material/check_circle: {}]",
    "unchecked": ":gray[:material/help: {}]",
}
"""How a state looks; the others are failures."""

EXAMPLE: Final = '[chat.qwen]\nserver = "ollama"\nmodel = "qwen3:4b"'


def draw(shelf: ModelShelf, ask: st.Page) -> None:
    """Every mode, the one without a model first; what is being checked is shown as it comes."""
    registry = shelf.registry
    watch = _watch(registry)
    watch.look()
    with st.sidebar:
        shell.masthead()
    with st.container(key="models", gap="medium"):
        st.markdown(f"# {say('app.models_page')}", anchors=False)
        st.markdown(say("models.text"))
        polls = watch.is_looking
        st.fragment(_modes, run_every=POLL_SECONDS if polls else None)(shelf, watch, ask, polls)
        if registry.chat:
            _again(watch)
        else:
            _explanation()
    shell.bring_into_view([Show("models", "models", "")])


@st.cache_resource(show_spinner=False)
def _watch(_registry: Registry) -> Watch:
    """One for all visitors, so that many of them ask a server no more often than one."""
    embedder = _registry.find_embedder(None)
    return Watch([*_registry.chat.values(), *([embedder] if embedder else [])])


def _modes(shelf: ModelShelf, watch: Watch, ask: st.Page, polls: bool) -> None:
    """The cards, again and again until all is known; then the page is drawn without polling."""
    if polls and not watch.is_looking:
        st.rerun()
    session = current()
    with st.container(key="modes", gap="small"):
        _extractive(shelf, session, ask)
        for entry in shelf.registry.chat.values():
            _model(shelf, session, entry, watch.status(entry), ask)
        embedder = shelf.registry.find_embedder(None)
        _search(embedder, watch.status(embedder) if embedder else None)


def _extractive(shelf: ModelShelf, session: Session, ask: st.Page) -> None:
    with st.container(border=True, key="mode-0", gap="xsmall"):
        _title(say("models.extractive"), MARKS["answers"].format(say("models.always")))
        st.markdown(say("models.extractive_text"))
        _use(shelf, session, EXTRACTIVE, ask)


def _model(
    shelf: ModelShelf, session: Session, entry: ChatEntry, status: Status | None, ask: st.Page
) -> None:
    order = shelf.names.index(entry.name)
    with st.container(border=True, key=f"mode-{order}", gap="xsmall"):
        _title(literal(entry.name), _standing(status))
        st.markdown(_served(entry))
        st.markdown(" ".join(f":gray-badge[{fact}]" for fact in _facts(entry)))
        st.markdown(_travels(entry))
        _use(shelf, session, entry.name, ask, is_usable=status is None or status.is_usable)


def _search(entry: EmbeddingEntry | None, status: Status | None) -> None:
    """What the search asks, whatever mode answers."""
    with st.container(key="mode-search", gap="xsmall"):
        if entry is None:
            st.markdown(f"**{say('models.search')}**  \n{say('models.search_own')}")
            return
        _title(say("models.search"), _standing(status))
        st.markdown(_served(entry))
        st.markdown(_travels(entry))


def _title(name: str, standing: str) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(f"##### {name}", anchors=False, width="content")
        st.markdown(standing, width="content")


def _served(entry: ChatEntry | EmbeddingEntry) -> str:
    """The model as its server calls it, and what that is."""
    preset = servers().get(entry.server or "")
    if preset is None:
        return f":gray[{literal(entry.model)}]"
    served = say("models.served", model=literal(entry.model), server=literal(preset.title))
    return f":gray[{served}]"


def _facts(entry: ChatEntry) -> Iterator[str]:
    """What it can do, as the operator configured it."""
    yield say("models.context", tokens=whole(entry.context_tokens))
    yield say("models.answer", tokens=whole(entry.answer_tokens))
    reads = entry.context == "document"
    yield say("models.reads_document") if reads else say("models.reads_passages")
    if entry.repair:
        yield say("models.repairs")
    if entry.rewrite:
        yield say("models.rewrites")


def _travels(entry: ChatEntry | EmbeddingEntry) -> str:
    """Where the question goes."""
    reach = reach_of(entry)
    icon = ":material/home_pin:" if reach == "local" else ":material/cloud_upload:"
    text = f"{icon} {say(f'models.{reach}', server=literal(company_of(entry)))}"
    return text if reach == "local" else f":orange[{text}]"


def _standing(status: Status | None) -> str:
    """In words of the interface: the remedies of the shell name folders and variables."""
    if status is None:
        return CHECKING.format(say("models.state_checking"))
    return MARKS.get(status.state, FAILED).format(say(f"models.state_{status.state}"))


def _use(
    shelf: ModelShelf, session: Session, name: str, ask: st.Page, *, is_usable: bool = True
) -> None:
    """The mark of the mode that answers, or the button that makes it answer."""
    used = session.model.traits.name if session.model else EXTRACTIVE
    if name == used:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(say("models.active"), icon=":material/check:", color="green")
            st.page_link(ask, label=say("models.ask"), icon=":material/forum:")
        return
    st.button(
        say("models.use"),
        key=f"use-{shelf.names.index(name)}",
        disabled=not is_usable,
        on_click=_choose,
        args=(shelf, session, name),
    )


def _choose(shelf: ModelShelf, session: Session, name: str) -> None:
    """The next question goes to it; the composer shows the choice."""
    st.session_state[composer.MODEL] = name
    session.model = shelf.find(name)


def _again(watch: Watch) -> None:
    st.button(
        say("models.again"),
        key="check-again",
        icon=":material/refresh:",
        disabled=watch.is_looking,
        on_click=watch.look,
        kwargs={"max_age_seconds": 0},
    )
    st.caption(say("models.operator"))


def _explanation() -> None:
    """How an operator names a model."""
    with st.container(border=True, key="no-models", gap="small"):
        st.markdown(say("models.none"))
        st.code(EXAMPLE, language="toml")
        names = ", ".join(f"`{name}` ({preset.title})" for name, preset in servers().items())
        st.markdown(say("models.none_servers", servers=names))
