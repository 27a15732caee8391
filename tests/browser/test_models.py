"""The real app with models: scripted servers on loopback, in a real browser."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from threading import Event
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from rag.ui.words import say
from tests.browser.driving import (
    PHONE,
    SCHEMES,
    WIDE,
    WRITING_MS,
    ask,
    asked,
    chip,
    choose_model,
    fits,
    has_contrast,
    open_page,
)
from tests.browser.serving import served
from tests.models.behaviours import Chat, Reply, numbered, pieces, repeats_sentences
from tests.models.entries import fields, write_models
from tests.models.servers import ScriptedServer
from tests.product import assistant, document

pytestmark = pytest.mark.usefixtures("clean")

ENERGY = "¿Qué dice de la energía y los recursos?"
SENTENCES = 4
ATTACK = "<img src=x onerror=alert(1)> $x^2$ :red[x] :material/home: <script>alert(1)</script>"
LINKS = "www.example.org http://192.0.2.1 a@example.org"


RELEASED = Event()
"""Lets the slow model come to its end, however long a busy machine takes for what comes before."""


def trickling(chat: Chat) -> Reply:
    """Several sentences, so slowly that one can click in between."""
    slow = repeats_sentences(SENTENCES)(chat)
    return replace(slow, pause_seconds=0.12, until=RELEASED)


def dying(chat: Chat) -> Reply:
    """The same, faster, and broken off in the middle."""
    reply = repeats_sentences(SENTENCES)(chat)
    half = reply.pieces[: len(reply.pieces) // 2]
    return replace(reply, pieces=half, pause_seconds=0.03, end="die")


def straying(chat: Chat) -> Reply:
    """Sentences of the document, one of its own, and an attack."""
    (id1, text1), (id2, text2), (_, text3) = numbered(chat)[:3]
    own = f"China invertirá 500 millones en Bolivia {ATTACK} {LINKS} [{id1}]"
    return Reply(pieces(f"{text1} [{id1}]\n\n{text2} [{id2}]\n\n{own}\n\n{text3} [9.9:7]"))


BEHAVIOURS = {
    "presta": repeats_sentences(SENTENCES),
    "lenta": trickling,
    "rota": dying,
    "suelta": straying,
}


@pytest.fixture(autouse=True)
def _held() -> None:
    """The slow model waits anew in every test."""
    RELEASED.clear()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app listens that knows the models; the index is that of the session."""
    assistant()
    folder = tmp_path_factory.mktemp("models")
    with ExitStack() as servers:
        running = {n: servers.enter_context(ScriptedServer(b)) for n, b in BEHAVIOURS.items()}
        limits = {"first_token_seconds": 20.0, "total_seconds": 90.0}
        entries = {f"chat.{name}": fields(server, **limits) for name, server in running.items()}
        models = write_models(folder, entries, default="presta")
        with served(folder, {"CINCO_MODELS": str(models)}) as address:
            yield address


def test_an_answer_arrives_whole_whatever_is_clicked_meanwhile(page: Page, address: str) -> None:
    open_page(page, address)
    choose_model(page, "lenta")
    ask(page, ENERGY)
    expect(_badges(page, 0).first).to_be_visible(timeout=WRITING_MS)
    expect(_writing(page)).to_be_visible()
    page.locator(".st-key-outline").get_by_text("Programa de la paz").click()
    page.locator(".st-key-outline-4-6 button").click()
    expect(page.locator(".st-key-panel")).to_be_visible()
    expect(_writing(page)).to_be_visible()
    page.get_by_role("link", name=say("app.reader_page"), exact=True).click()
    expect(page.locator(".st-key-section-5-6")).to_be_attached()
    page.get_by_role("link", name=say("app.chat_page")).click()
    expect(_writing(page)).to_be_visible()
    RELEASED.set()
    _written(page)
    expect(_turn(page, 0)).to_contain_text(say("answer.by_model", model="lenta"))
    expect(_turn(page, 0)).to_contain_text(f"{SENTENCES} frases: {SENTENCES} con respaldo")
    expect(page.locator(".st-key-stop")).to_have_count(0)


def test_what_came_before_the_stop_stays(page: Page, address: str) -> None:
    open_page(page, address)
    choose_model(page, "lenta")
    ask(page, ENERGY)
    expect(_badges(page, 0).first).to_be_visible(timeout=WRITING_MS)
    page.locator(".st-key-stop button").click()
    _written(page)
    expect(_turn(page, 0)).to_contain_text("La respuesta se detuvo antes de terminar.")
    expect(_turn(page, 0)).to_contain_text(say("answer.by_model", model="lenta"))
    expect(_turn(page, 0)).not_to_contain_text(f"{SENTENCES} frases")


def test_a_question_asked_meanwhile_waits_for_its_turn(page: Page, address: str) -> None:
    open_page(page, address)
    choose_model(page, "lenta")
    ask(page, ENERGY)
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill("¿Cuáles son los cinco programas?")
    box.press("Enter")
    expect(page.get_by_text(say("stream.queued"))).to_be_visible()
    RELEASED.set()
    expect(chip(page, 1)).to_be_visible(timeout=WRITING_MS)
    expect(_turn(page, 0)).to_contain_text(say("answer.by_model", model="lenta"))
    expect(page.get_by_text(say("stream.queued"))).to_have_count(0)


def test_each_answer_keeps_the_model_that_wrote_it(page: Page, address: str) -> None:
    open_page(page, address)
    mode = page.locator(".st-key-choices [data-testid=stCaptionContainer]")
    expect(mode).to_contain_text("«presta»")
    ask(page, ENERGY)
    _written(page)
    choose_model(page, say("composer.none"))
    expect(mode).to_have_text(say("composer.extractive"))
    ask(page, "¿Qué becas hay para estudiar en China?")
    expect(chip(page, 1)).to_be_visible()
    choose_model(page, "suelta")
    ask(page, "¿Qué dice de la ciberseguridad?")
    _written(page)
    expect(_turn(page, 0)).to_contain_text(say("answer.by_model", model="presta"))
    expect(_turn(page, 1)).to_contain_text(say("answer.by_none"))
    expect(_turn(page, 2)).to_contain_text("«suelta»")
    expect(mode).to_contain_text("«suelta»")


def test_a_model_that_breaks_off_gives_way_to_quotes(page: Page, address: str) -> None:
    open_page(page, address)
    choose_model(page, "rota")
    ask(page, ENERGY)
    _written(page)
    notice = page.locator(".st-key-fallback-0")
    expect(notice).to_contain_text(say("fallback.title"))
    expect(notice).to_contain_text("El modelo «rota» cortó la respuesta")
    expect(page.locator(".st-key-conversation blockquote").first).to_be_visible()
    expect(notice.get_by_text(say("fallback.unverified"))).not_to_be_visible()
    notice.get_by_text(say("fallback.text")).click()
    expect(notice.get_by_text(say("fallback.unverified"))).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_what_has_no_backing_is_marked_and_nothing_of_it_is_interpreted(
    page: Page, address: str, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    open_page(page, address)
    choose_model(page, "suelta")
    ask(page, ENERGY)
    _written(page)
    marks = page.locator(".st-key-conversation .stMarkdownColoredBackground")
    expect(marks.first).to_contain_text(ATTACK)
    expect(_turn(page, 0).locator("script, img, .katex, a")).to_have_count(0)
    expect(asked(page, ENERGY)).to_be_in_viewport()
    page.get_by_text(say("discarded.title")).click()
    expect(page.get_by_text(say("discarded.id", id="9.9:7"))).to_be_visible()
    fits(page)
    has_contrast(page)


def test_a_source_opens_its_sentence_and_the_receipt_is_saved(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, ENERGY)
    _written(page)
    chip(page, 0).click()
    mark = page.locator(".st-key-panel .stMarkdownColoredBackground")
    expect(mark).to_be_in_viewport()
    assert mark.inner_text() in document().source
    page.locator(".st-key-close-panel button").click()
    page.locator(".st-key-receipt-0 button").click()
    with page.expect_download() as saved:
        page.get_by_text(say("receipt.json")).click()
    assert ENERGY in saved.value.path().read_text(encoding="utf-8")


def _turn(page: Page, position: int) -> Locator:
    return page.locator(f".st-key-turn-{position}")


def _badges(page: Page, position: int) -> Locator:
    return _turn(page, position).locator(".stMarkdownBadge")


def _writing(page: Page) -> Locator:
    return page.locator(".st-key-writing")


def _written(page: Page) -> None:
    expect(_writing(page)).to_have_count(0, timeout=WRITING_MS)
