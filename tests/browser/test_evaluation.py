"""The evaluation page in a real browser: a run begun, watched, stopped, gone on with, looked at."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from eval.shelf import Shelf
from rag import settings
from rag.settings import Settings
from rag.ui.evaluation import leaderboard, ordering, progress
from rag.ui.words import say
from tests.browser.driving import PHONE, SCHEMES, WIDE, choose, fits, has_contrast, open_page
from tests.browser.serving import served
from tests.eval.subjects import citing, finished, questions
from tests.models.behaviours import Chat, Reply, repeats_sentences
from tests.models.entries import fields, write_models
from tests.models.servers import ScriptedServer
from tests.product import assistant, document

RUN_MS = 120_000


def trickling(chat: Chat) -> Reply:
    """Slow enough to be stopped in mid-run."""
    return replace(repeats_sentences(1)(chat), pause_seconds=0.03)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the session's index and two stored runs: all right, and one wrong."""
    assistant()
    folder = tmp_path_factory.mktemp("evaluation")
    (folder / "index").symlink_to(settings.load().index_dir)
    root = Shelf.of(Settings(data_dir=folder)).root
    items = questions(12)
    finished(root, items, lambda text: citing("2.5"))
    finished(root, items, lambda text: citing("1.1" if text == "¿Pregunta 3?" else "2.5"))
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where the app listens whose operator allows the page."""
    with ExitStack() as context:
        server = context.enter_context(ScriptedServer(trickling))
        limits = {"first_token_seconds": 30.0, "total_seconds": 90.0}
        models = write_models(folder, {"chat.lenta": fields(server, **limits)})
        environment = {"CINCO_MODELS": str(models), "CINCO_EVALUATION": "1"}
        yield context.enter_context(served(folder, environment | {"CINCO_DATA_DIR": str(folder)}))


def test_a_run_is_followed_stopped_reloaded_and_gone_on_with(page: Page, address: str) -> None:
    asked_of: list[str] = []
    page.on("request", lambda request: asked_of.append(request.url))
    _open(page, address)
    choose(page, ordering.MODEL, "lenta")
    page.locator(f".st-key-{ordering.LANGUAGE} button").first.click()
    limit = page.locator(f".st-key-{ordering.LIMIT} input")
    limit.fill("8")
    limit.press("Enter")
    expect(page.get_by_text("8 preguntas en")).to_be_visible()
    page.locator(f".st-key-{ordering.START} button").click()
    running = page.locator(".st-key-evaluation-running")
    expect(running.get_by_role("progressbar")).to_be_visible()
    expect(running).to_contain_text("1 de ", timeout=RUN_MS)

    page.get_by_role("link", name=say("app.reader_page"), exact=True).click()
    expect(page.locator(".st-key-section-5-6")).to_be_attached()
    page.reload()
    page.get_by_role("link", name=say("evaluation.page"), exact=True).click()
    expect(running).to_contain_text(" de ", timeout=RUN_MS)
    page.locator(f".st-key-{progress.STOP} button").click()
    resume = page.locator(".st-key-resume-0 button")
    expect(resume).to_be_visible(timeout=RUN_MS)
    expect(page.locator(".st-key-unfinished-0")).to_contain_text("lenta")

    page.reload()
    expect(resume).to_be_visible(timeout=30_000)
    resume.click()
    expect(page.get_by_text(say("evaluation.finished", model="lenta"))).to_be_visible(
        timeout=RUN_MS
    )
    board = page.locator(".st-key-figures-board")
    expect(board).to_contain_text("lenta")
    expect(board).to_contain_text(say("composer.none"))
    expect(page.locator(".st-key-unfinished-0")).to_have_count(0)
    hosts = {urlsplit(url).netloc for url in asked_of if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(address).netloc}


@pytest.mark.usefixtures("clean")
def test_the_board_ranks_and_a_failing_case_opens_in_the_reader(page: Page, address: str) -> None:
    _open(page, address)
    _stored_runs(page)
    board = page.locator(".st-key-figures-board")
    expect(board.locator("tbody tr")).to_have_count(2)
    expect(board).to_contain_text(say("evaluation.noise"))
    _view(page, say("evaluation.view_failing"))
    case = page.locator(".st-key-case-0")
    expect(case).to_contain_text("¿Pregunta 3?")
    case.get_by_role("button").filter(has_text="1.1").click()
    mark = page.locator(".st-key-reader .stMarkdownColoredBackground")
    sentence = document().section_by_id["1.1"].sentences[0]
    expect(mark).to_have_text(sentence.text)
    expect(mark).to_be_in_viewport()


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_page_can_be_read_in_every_theme_and_width(
    page: Page, address: str, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    _open(page, address)
    _stored_runs(page)
    page.locator(f".st-key-{ordering.PART} button").last.click()
    expect(page.get_by_text(say("evaluation.test_warning"))).to_be_visible()
    fits(page)
    has_contrast(page)
    for view, shown in (
        ("programmes", ".st-key-chart-programmes svg"),
        ("sections", ".st-key-chart-sections svg"),
        ("groups", ".st-key-chart-groups-lang svg"),
        ("failing", ".st-key-evaluation-view"),
    ):
        _view(page, say(f"evaluation.view_{view}"))
        expect(page.locator(shown).first).to_be_visible()
        fits(page)
        has_contrast(page)


def test_without_the_setting_there_is_no_such_page(
    page: Page, folder: Path, tmp_path: Path
) -> None:
    with served(tmp_path, {"CINCO_DATA_DIR": str(folder)}) as address:
        open_page(page, address)
        expect(page.get_by_role("link", name=say("evaluation.page"))).to_have_count(0)
        page.goto(f"{address}/evaluacion")
        expect(page.get_by_role("link", name=say("app.reader_page"))).to_be_visible()
        expect(page.locator(".st-key-evaluation")).to_have_count(0)


def _open(page: Page, address: str) -> None:
    open_page(page, address)
    menu = page.get_by_test_id("stExpandSidebarButton")
    link = page.get_by_role("link", name=say("evaluation.page"), exact=True)
    if menu.is_visible():
        menu.click()
    link.click()
    expect(page.locator(f".st-key-{ordering.START} button")).to_be_visible(timeout=30_000)


def _stored_runs(page: Page) -> None:
    """Choose the questions of the stored runs, where there are others."""
    expect(page.locator(".st-key-figures-board")).to_be_visible(timeout=30_000)
    if page.locator(f".st-key-{leaderboard.SET}").count():
        choose(page, leaderboard.SET, "12 preguntas", exact=False)
    expect(page.locator(".st-key-figures-board")).to_contain_text("scripted")


def _view(page: Page, name: str) -> None:
    page.locator(".st-key-evaluation-view button").filter(has_text=name).click()
