"""The page with the models: what stands there, what must not, and what the button does."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.ui import composer
from rag.ui.markup import literal
from rag.ui.words import say
from tests.models.behaviours import exemplary
from tests.models.entries import KEY, KEY_VARIABLE, dead_url, fields, write_models
from tests.models.servers import ScriptedServer
from tests.product import assistant
from tests.ui.reading import captions, markdown, session_of

pytestmark = pytest.mark.usefixtures("nothing_opened")

CHECK_SECONDS = 20
PAGE = """
import streamlit as st
from rag.ui import arrival, models_page, startup

shared = startup.opened()
arrival.arrive(shared)
shelf = shared.shelf
ask = st.Page(lambda: None, title="preguntar", url_path="preguntar")
page = st.Page(lambda: models_page.draw(shelf, ask), title="modelos", default=True)
st.navigation([page, ask]).run()
"""


@pytest.fixture
def app() -> AppTest:
    assistant()
    return AppTest.from_string(PAGE, default_timeout=60)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One that answers, one that is down, one with a company and without its key, one elsewhere."""
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with ExitStack() as servers:
        server = servers.enter_context(ScriptedServer(exemplary))
        more = {"context_tokens": 32768, "context": "document", "repair": True}
        entries: dict[str, dict[str, object]] = {
            "chat.buena": fields(server, key_env=KEY_VARIABLE, **more),
            "chat.caida": {"server": "llamacpp", "model": "*m*", "base_url": dead_url()},
            "chat.nube": {"server": "openai", "model": "gpt-5-mini", "key_env": "CINCO_NO_KEY"},
            "chat.ajena": {"provider": "mistralai", "model": "m", "rewrite": True},
        }
        path = write_models(tmp_path, entries, default="buena")
        monkeypatch.setenv("CINCO_MODELS", str(path))
        yield


def test_without_models_the_page_says_how_to_name_one(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert say("models.none") in markdown(app)
    assert app.code[0].value.count("\n") == 2
    assert say("models.extractive") in markdown(app)
    assert "check-again" not in [button.key for button in app.button]
    assert not app.text_input


@pytest.mark.usefixtures("models")
def test_every_model_is_shown_with_its_state_and_what_it_does(app: AppTest) -> None:
    _settled(app)
    shown = markdown(app)
    titles = [line for line in shown.splitlines() if line.startswith("##### ")]
    assert titles == [
        f"##### {name}" for name in (say("models.extractive"), "buena", "caida", "nube", "ajena")
    ]
    for state in ("answers", "silent", "no_key", "not_installed"):
        assert say(f"models.state_{state}") in shown
    assert say("models.context", tokens="32.768") in shown
    for fact in ("reads_document", "reads_passages", "repairs", "rewrites", "local"):
        assert say(f"models.{fact}") in shown
    assert say("models.hosted", server="OpenAI") in shown
    assert say("models.hosted", server="mistralai") in shown
    assert literal("*m*") in shown


@pytest.mark.usefixtures("models")
def test_nothing_of_an_address_or_a_key_is_on_the_page(app: AppTest) -> None:
    _settled(app)
    shown = markdown(app) + "".join(captions(app))
    for secret in (KEY, KEY_VARIABLE, "CINCO_NO_KEY", "127.0.0.1", "://"):
        assert secret not in shown.replace("\\", "")
    assert not app.text_input


@pytest.mark.usefixtures("models")
def test_a_model_that_cannot_answer_cannot_be_chosen(app: AppTest) -> None:
    _settled(app)
    usable = {button.key: not button.disabled for button in app.button if "use-" in str(button.key)}
    assert usable == {"use-0": True, "use-2": False, "use-3": False, "use-4": False}


@pytest.mark.usefixtures("models")
def test_the_button_hands_the_conversation_to_a_model(app: AppTest) -> None:
    _settled(app)
    app.button(key="use-0").click().run()
    assert session_of(app).model is None
    assert app.session_state[composer.MODEL] == "extractive"
    app.button(key="use-1").click().run()
    chosen = session_of(app).model
    assert chosen is not None
    assert chosen.traits.name == app.session_state[composer.MODEL] == "buena"


@pytest.mark.usefixtures("models")
def test_the_configured_embedder_is_named(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = {"embedding.vecina": {"server": "ollama", "model": "nomic", "base_url": dead_url()}}
    path = write_models(tmp_path, entries, embedder="vecina")
    monkeypatch.setenv("CINCO_MODELS", str(path))
    _settled(app)
    assert say("models.served", model="nomic", server="Ollama") in markdown(app)
    assert say("models.state_silent") in markdown(app)


def _settled(app: AppTest) -> None:
    """The page once every check has come in."""
    app.run()
    deadline = time.monotonic() + CHECK_SECONDS
    while say("models.state_checking") in markdown(app):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        app.run()
    assert not app.exception
