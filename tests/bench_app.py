"""`make bench-app`: what the page costs in a real browser, from one run."""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from rag.assistant import Assistant
from rag.conversations.conversation import Asked
from rag.conversations.owners import owner_of
from rag.conversations.store import ConversationStore
from rag.domain import Question, Turn
from rag.ui.session import KEY, WINDOW
from tests.bench import DATASET
from tests.browser import chromium
from tests.browser.driving import SETTLED
from tests.browser.serving import App
from tests.product import ROOT, assistant
from tests.ui.reading import holding

SHORT: Final = 20
LONG: Final = 100
MEASURED: Final = 20
REPEATED: Final = 7
WAIT_MS: Final = 60_000

TURNS: Final = '[class*="st-key-turn-"]'
DONE: Final = f"""count => document.querySelectorAll('[class*="st-key-turn-"]').length >= count
  && {SETTLED}"""


@dataclass(frozen=True, slots=True)
class Readings:
    """Seconds, of one conversation."""

    asked: Sequence[float]
    """From pressing Enter to the complete answer."""
    rerun: Sequence[float]
    """From a click to the page at rest."""


def main() -> None:
    """Measure and print."""
    questions = _questions(LONG + MEASURED)
    with tempfile.TemporaryDirectory(prefix="cinco-bench-") as folder:
        short, long = _measured(Path(folder), questions)
    script = _script(questions)
    asked, rerun = statistics.median(short.asked), statistics.median(short.rerun)
    ratio = statistics.median(long.rerun) / rerun
    print(f"Enter to complete answer, {SHORT} turns, median of {MEASURED}: {asked:.2f} s (≤ 0.5)")
    print(f"  of that the Python of one script run: {script:.2f} s ({script / asked:.0%})")
    print(f"rerun after a click, {SHORT} turns, median: {rerun:.2f} s")
    print(f"the same with {LONG} stored turns: {ratio:.2f} times as long (≤ 1.5)")


def _measured(folder: Path, questions: Sequence[str]) -> tuple[Readings, Readings]:
    assistant()
    database = f"sqlite:///{folder / 'kept.sqlite'}"
    app = App(folder, {"CINCO_DATABASE_URL": database, "CINCO_QUESTIONS_PER_MINUTE": "100000"})
    app.start()
    try:
        with chromium.launched() as browser:
            page = browser.new_page(locale="es-MX", viewport={"width": 1440, "height": 900})
            store = ConversationStore(database)
            return (
                _conversation(page, app.address, store, questions, SHORT),
                _conversation(page, app.address, store, questions, LONG),
            )
    finally:
        app.end()


def _conversation(
    page: Page, address: str, store: ConversationStore, questions: Sequence[str], length: int
) -> Readings:
    page.goto(address)
    page.get_by_test_id("stChatInputTextArea").wait_for(timeout=WAIT_MS)
    (token,) = [c["value"] for c in page.context.cookies() if c["name"] == "cinco"]
    id_ = _stored(store, owner_of(token), questions[:length])
    page.goto(f"{address}/?c={id_}")
    page.wait_for_function(DONE, arg=WINDOW, timeout=WAIT_MS)
    rerun = [_clicked(page) for _ in range(MEASURED)]
    asked = [
        _answered(page, question, WINDOW) for question in questions[length : length + MEASURED]
    ]
    return Readings(asked, rerun)


def _stored(store: ConversationStore, owner: str, questions: Sequence[str]) -> str:
    """A conversation in which all of them were asked and answered."""
    id_ = store.begin(owner, questions[0])
    for text in questions:
        question = Question(text)
        ordinal = store.begin_turn(owner, id_, Asked(question, datetime.now(UTC)))
        if ordinal is not None:
            store.finish_turn(owner, id_, ordinal, assistant().ask(question))
    return id_


def _answered(page: Page, question: str, drawn: int) -> float:
    shown = page.locator(TURNS).last.get_attribute("class")
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    started = time.perf_counter()
    box.press("Enter")
    page.wait_for_function(
        f"shown => [...document.querySelectorAll('{TURNS}')].at(-1).className !== shown",
        arg=shown,
        timeout=WAIT_MS,
    )
    page.wait_for_function(DONE, arg=drawn, timeout=WAIT_MS)
    return time.perf_counter() - started


def _clicked(page: Page) -> float:
    """Open what the last answer cites beside the conversation, or close it."""
    close = page.locator(".st-key-close-panel button")
    is_open = close.count() > 0
    chip = page.locator('.st-key-conversation [class*="st-key-chip-"] button').last
    started = time.perf_counter()
    (close if is_open else chip).click()
    close.wait_for(state="detached" if is_open else "visible", timeout=WAIT_MS)
    page.wait_for_function(DONE, arg=WINDOW, timeout=WAIT_MS)
    return time.perf_counter() - started


def _script(questions: Sequence[str]) -> float:
    """Seconds that one run of our script takes in Python with 20 turns, answering left out."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.session_state[KEY] = holding(_turns(assistant(), questions[:SHORT]))
    app.run()
    runs = []
    for _ in range(REPEATED):
        started = time.perf_counter()
        app.run()
        runs.append(time.perf_counter() - started)
    return statistics.median(runs)


def _turns(of: Assistant, questions: Sequence[str]) -> Iterator[Turn]:
    for text in questions:
        question = Question(text)
        yield Turn(question, of.ask(question))


def _questions(count: int) -> list[str]:
    """Questions of the development part that stand alone."""
    lines = (
        line
        for file in sorted(DATASET.glob("sections_*.jsonl"))
        for line in file.open(encoding="utf-8")
    )
    items = (json.loads(line) for line in lines)
    texts = [item["question"] for item in items if item["split"] == "dev" and "question" in item]
    return texts[:count]


if __name__ == "__main__":
    main()
