"""What must not be lost: clicks during an answer, a killed server, hostile text."""

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from rag.ui.session import WINDOW
from rag.ui.words import say
from tests.browser.driving import WRITING_MS, ask, asked, choose_model, fits, open_page
from tests.browser.serving import App
from tests.models.behaviours import Chat, Reply, repeats_sentences
from tests.models.entries import fields, write_models
from tests.models.servers import ScriptedServer
from tests.product import ROOT, assistant

ENERGY = "¿Qué dice de la energía y los recursos?"
SENTENCES = 4
ATTACKS = ROOT / "eval" / "dataset" / "attacks.jsonl"


RELEASED = Event()
"""Lets the slow model come to its end, however long a busy machine takes for what comes before."""


def trickling(chat: Chat) -> Reply:
    """Several sentences, so slowly that ten clicks fall into it."""
    slow = repeats_sentences(SENTENCES)(chat)
    return replace(slow, pause_seconds=0.15, until=RELEASED)


def flowing(chat: Chat) -> Reply:
    """The same, slowly enough to be stopped, watched or killed."""
    return replace(repeats_sentences(SENTENCES)(chat), pause_seconds=0.07)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """With a model that is slow, and a database of its own."""
    assistant()
    folder = tmp_path_factory.mktemp("survival")
    with ExitStack() as stack:
        slow = stack.enter_context(ScriptedServer(trickling))
        quick = stack.enter_context(ScriptedServer(flowing))
        limits = {"first_token_seconds": 20.0, "total_seconds": 120.0}
        entries = {"chat.lenta": fields(slow, **limits), "chat.viva": fields(quick, **limits)}
        models = write_models(folder, entries, default="viva")
        app = App(
            folder,
            {
                "CINCO_MODELS": str(models),
                "CINCO_DATABASE_URL": f"sqlite:///{folder / 'kept.sqlite'}",
                "CINCO_QUESTIONS_PER_MINUTE": "1000",
                "CINCO_ANSWERS_AT_ONCE": "20",
            },
        )
        stack.callback(app.end)
        app.start()
        yield app


@pytest.fixture
def address(app: App) -> str:
    """Where it listens."""
    return app.address


@pytest.mark.usefixtures("clean")
def test_ten_clicks_during_an_answer_lose_nothing(page: Page, address: str) -> None:
    RELEASED.clear()
    open_page(page, address)
    choose_model(page, "lenta")
    ask(page, ENERGY)
    for number in range(10):
        expect(page.locator(".st-key-writing")).to_be_visible()
        _click(page, number)
        page.wait_for_timeout(300)
    expect(page.locator(".st-key-writing")).to_be_visible(timeout=30_000)
    RELEASED.set()
    expect(page.locator(".st-key-writing")).to_have_count(0, timeout=WRITING_MS)
    expect(asked(page, ENERGY)).to_have_count(1)
    turn = page.locator(".st-key-turn-0")
    expect(turn).to_contain_text(f"{SENTENCES} frases: {SENTENCES} con respaldo")


def _click(page: Page, number: int) -> None:
    """Something else each time: outline, reader, filter, other pages and back, a menu, a reload."""
    match number:
        case 0:
            page.locator(".st-key-outline").get_by_text("Programa de la paz").click()
        case 1:
            page.locator(".st-key-outline-4-6 button").click()
        case 2:
            page.locator(".st-key-step-right button").click()
        case 3:
            page.locator(".st-key-close-panel button").click()
        case 4:
            page.locator(".st-key-menu-box button").click()
        case 5:
            page.keyboard.press("Escape")
        case 6 | 7:
            name = "app.reader_page" if number == 6 else "app.about_page"
            page.get_by_role("link", name=say(name), exact=True).click()
            page.get_by_role("link", name=say("app.chat_page")).click()
        case 8:
            page.locator(".st-key-new-chat button").click()
            # On a slow machine the page before would still stand, and be reloaded before the click.
            expect(page.locator(".st-key-writing")).to_have_count(0)
            page.locator(".st-key-conversations").get_by_text(ENERGY).first.click()
        case _:
            page.reload()


@pytest.mark.usefixtures("clean")
def test_a_second_tab_watches_the_answer_that_the_first_one_began(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, ENERGY)
    page.wait_for_url("**/?c=*")
    tab = page.context.new_page()
    open_page(tab, page.url)
    expect(tab.locator(".st-key-writing")).to_be_visible()
    page.close()
    expect(tab.locator(".st-key-writing")).to_have_count(0, timeout=WRITING_MS)
    expect(tab.locator(".st-key-turn-0")).to_contain_text(f"{SENTENCES} con respaldo")


@pytest.mark.usefixtures("clean")
def test_an_answer_is_written_again(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, ENERGY)
    page.locator(".st-key-stop button").click()
    again = page.locator(".st-key-again-0 button")
    again.click(timeout=WRITING_MS)
    expect(page.locator(".st-key-writing")).to_be_visible()
    expect(page.locator(".st-key-writing")).to_have_count(0, timeout=WRITING_MS)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(2)
    expect(page.locator(".st-key-turn-0")).to_contain_text(f"{SENTENCES} con respaldo")


def test_a_killed_server_loses_neither_question_nor_what_had_come(page: Page, app: App) -> None:
    open_page(page, app.address)
    ask(page, ENERGY)
    expect(page.locator(".st-key-turn-0 .stMarkdownBadge").first).to_be_visible(timeout=WRITING_MS)
    page.wait_for_timeout(2000)
    page.wait_for_url("**/?c=*")
    app.end(signal.SIGKILL)
    app.start()
    open_page(page, page.url)
    expect(asked(page, ENERGY)).to_have_count(1)
    turn = page.locator(".st-key-turn-0")
    expect(turn).to_contain_text(say("error.interrupted"))
    turn.get_by_text(say("fallback.text")).click()
    expect(turn.get_by_text(say("fallback.unverified"))).to_be_visible()
    page.locator(".st-key-retry-0 button").click()
    expect(page.locator(".st-key-writing")).to_be_visible()
    expect(page.locator(".st-key-writing")).to_have_count(0, timeout=WRITING_MS)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(2)


@pytest.mark.usefixtures("clean")
def test_no_attack_of_the_dataset_does_anything_to_the_page(page: Page, address: str) -> None:
    open_page(page, address)
    choose_model(page, say("composer.none"))
    attacks = _attacks()
    for first in range(0, len(attacks), WINDOW):
        for attack in attacks[first : first + WINDOW]:
            ask(page, attack)
            fits(page)
        conversation = page.locator(".st-key-conversation")
        expect(conversation.locator("script, img, iframe, .katex, a[href]")).to_have_count(0)
        page.locator(".st-key-new-chat button").click()
        expect(page.get_by_test_id("stChatMessage")).to_have_count(0)


def _attacks() -> list[str]:
    """Every attack that can be sent: nothing is measured or tuned by them here."""
    items = map(json.loads, ATTACKS.read_text(encoding="utf-8").splitlines())
    return [item["question"] for item in items if item["question"].strip()]
