"""The evaluation page: what it offers, shows and keeps to itself."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from eval import orders
from eval.attempt import Attempt
from eval.items import load
from eval.orders import Order
from eval.runs import Run
from eval.selection import Selection, asks
from eval.shelf import Shelf
from rag import limits, settings
from rag.domain import Answer
from rag.models.shelf import ModelShelf
from rag.ui.evaluation import detail, failing, names, ordering, progress, stored
from rag.ui.evaluation.bench import Bench
from rag.ui.markup import literal
from rag.ui.words import count, say
from tests.eval.subjects import Scripted, begin, citing, finished, questions
from tests.models.behaviours import repeats_sentences
from tests.models.entries import dead_url, fields, write_models
from tests.models.servers import ScriptedServer
from tests.product import ROOT, assistant
from tests.ui.reading import captions, markdown, session_of

TIMEOUT_SECONDS = 60
PAGE = """
import streamlit as st
from rag.ui import startup
from rag.ui.evaluation import page

shared = startup.opened()
whole = st.Page(lambda: st.text("documento"), title="documento", url_path="documento")
here = st.Page(lambda: page.draw(shared, whole), title="aquí", default=True)
st.navigation([here, whole]).run()
"""
DOOR = """
import streamlit as st
from rag.ui import startup
from rag.ui.evaluation import door

shared = startup.opened()
for page in door.pages(shared, st.Page(lambda: None, url_path="documento")):
    st.text(page.title)
"""

pytestmark = pytest.mark.usefixtures("nothing_opened")


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A shelf of the test's own, beside the session's index; nothing at work afterwards."""
    assistant()
    (tmp_path / "index").symlink_to(settings.load().index_dir)
    monkeypatch.setenv("CINCO_DATA_DIR", str(tmp_path))
    yield
    latest = stored.desk().latest
    if latest:
        latest.stop()
        latest.wait(TIMEOUT_SECONDS)


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_string(PAGE, default_timeout=TIMEOUT_SECONDS)


def shelf() -> Path:
    return Shelf.of(settings.load()).root


def only_right(*keys: str) -> Run:
    """A stored run that answers these questions rightly and no other."""
    items = questions(4)
    texts = {one.turns[0].asked for one in items if one.id in keys}
    return finished(shelf(), items, lambda text: citing("2.5" if text in texts else "1.1"))


@pytest.mark.parametrize(("value", "shown"), [("1", ["Evaluación"]), ("0", []), ("", [])])
def test_the_page_is_there_where_the_operator_allows_it(
    monkeypatch: pytest.MonkeyPatch, value: str, shown: list[str]
) -> None:
    monkeypatch.setenv("CINCO_EVALUATION", value)
    app = AppTest.from_string(DOOR, default_timeout=TIMEOUT_SECONDS).run()
    assert [text.value for text in app.text] == shown


def test_until_it_is_opened_nothing_of_the_suite_is_loaded() -> None:
    program = (
        "import sys, rag.ui.chat, rag.ui.evaluation.door\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('eval', 'altair')])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=True)
    assert run.stdout.split() == [b"[]"]


def test_the_order_says_what_it_would_ask(app: AppTest) -> None:
    app.run()
    app.multiselect(key=ordering.KINDS).set_value(["attack"]).run()
    items = Selection(kinds=("attack",)).of(load())
    size = say("evaluation.size", items=len(items), turns=len(list(asks(items))))
    assert not app.exception
    assert size in captions(app)
    assert say("evaluation.empty") in captions(app)
    assert [warning.value for warning in app.warning] == []


def test_the_test_part_is_only_run_after_a_warning(app: AppTest) -> None:
    app.run().segmented_control(key=ordering.PART).set_value("test").run()
    assert [warning.value for warning in app.warning] == [say("evaluation.test_warning")]


def test_filters_that_nothing_passes_leave_nothing_to_begin(app: AppTest) -> None:
    app.run()
    assert not [one for one in load() if one.kind == "detail" and one.lang == "zh"]
    app.multiselect(key=ordering.KINDS).set_value(["detail"]).run()
    app.pills(key=ordering.LANGUAGE).set_value(["zh"]).run()
    assert say("evaluation.nothing_passes") in "".join(captions(app))
    assert ordering.START not in [button.key for button in app.button]


def test_a_run_goes_on_in_the_background_until_the_board_shows_it(app: AppTest) -> None:
    app.run().number_input(key=ordering.LIMIT).set_value(6).run()
    app.button(key=ordering.START).click().run()
    attempt = stored.desk().latest
    assert attempt is not None
    attempt.wait(TIMEOUT_SECONDS)
    app.run()
    assert not app.exception
    assert [one.value for one in app.success] == [
        say("evaluation.finished", model=literal(names.model("extractive")))
    ]
    assert f"**1. {names.model('extractive')}**" in markdown(app)
    assert say("evaluation.leads") in markdown(app)


def test_what_is_at_work_is_seen_and_stopped_by_any_visitor(app: AppTest) -> None:
    order = Order("extractive", Selection(limit=3), embedder="corpus")
    go_on = Event()

    def answer(text: str) -> Answer:
        go_on.wait(TIMEOUT_SECONDS)
        return citing("2.5")

    stored.desk().begin(lambda: Attempt(order, lambda model: Scripted(answer), settings.load()))
    app.run()
    assert ordering.START not in [button.key for button in app.button]
    app.button(key=progress.STOP).click().run()
    assert say("evaluation.stopping") in [bar.proto.text for bar in app.get("progress")]
    go_on.set()
    attempt = stored.desk().latest
    assert attempt is not None
    attempt.wait(TIMEOUT_SECONDS)
    app.run()
    stopped = say("evaluation.stopped", model=literal(names.model("extractive")))
    assert [info.value for info in app.info] == [stopped]


def test_a_run_ends_with_the_calls_of_the_day(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedServer(repeats_sentences(1)) as server:
        models = write_models(tmp_path, {"chat.mio": fields(server, repair=False)})
        monkeypatch.setenv("CINCO_MODELS", str(models))
        monkeypatch.setenv("CINCO_MODEL_CALLS_PER_DAY", "2")
        here = settings.load()
        bench = Bench(assistant(), ModelShelf(here), limits.of(here), stored.desk())
        bench.begin(bench.order("mio", Selection(kinds=("direct",), limit=5)))
        attempt = stored.desk().latest
        assert attempt is not None
        attempt.wait(TIMEOUT_SECONDS)
        assert (len(server.received), attempt.progress.done) == (2, 2)
    app.run()
    assert [warning.value for warning in app.warning] == [
        say("evaluation.spent", model=literal("mio"))
    ]


def test_a_run_that_was_left_is_gone_on_with(app: AppTest) -> None:
    order = Order("extractive", Selection(kinds=("structural",), limit=5), embedder="corpus")
    items = order.selection.of(load())
    run = orders.place(assistant(), items, order, settings.load(), lambda line: None)
    app.run()
    assert say("evaluation.outdated") not in captions(app)
    app.button(key="resume-0").click().run()
    attempt = stored.desk().latest
    assert attempt is not None
    attempt.wait(TIMEOUT_SECONDS)
    assert run.record.finished
    assert len(list(Shelf.of(settings.load()).runs())) == 1


def test_a_run_of_another_program_is_not_gone_on_with(app: AppTest) -> None:
    begin(shelf(), questions(2), model="extractive")
    app.run()
    assert say("evaluation.outdated") in captions(app)
    assert "resume-0" not in [button.key for button in app.button]


def test_the_board_says_where_the_difference_is_noise(app: AppTest) -> None:
    only_right("q0", "q1", "q2", "q3")
    only_right("q0", "q1")
    app.run()
    assert not app.exception
    assert f"{say('evaluation.points', count='−50,0')}: {say('evaluation.noise')}" in markdown(app)


@pytest.mark.parametrize("view", detail.VIEWS)
def test_every_view_can_be_drawn(app: AppTest, view: str) -> None:
    only_right("q1")
    app.run().segmented_control(key=detail.VIEW).set_value(view).run()
    assert not app.exception


def test_two_runs_are_set_beside_each_other(app: AppTest) -> None:
    other = only_right("q0", "q1", "q2", "q3")
    only_right("q0")
    app.run().selectbox(key="evaluation-versus").set_value(other.record.id).run()
    assert not app.exception
    assert say("evaluation.against", run=literal(names.run(other.record))) in captions(app)


def test_a_failing_case_says_what_was_expected_and_opens_in_the_reader(app: AppTest) -> None:
    only_right("q0", "q1", "q2")
    app.run().segmented_control(key=detail.VIEW).set_value("failing").run()
    assert f"**{literal('¿Pregunta 3?')}**" in markdown(app)
    assert any(count("evaluation.failing", 1) in caption for caption in captions(app))
    app.button(key="chip-0-given--1.1").click().run()
    opened = session_of(app).opened
    assert opened is not None
    assert opened.citation is not None
    assert (opened.section, opened.citation.sentence) == ("1.1", "1.1:1")
    assert [text.value for text in app.text] == ["documento"]


def test_what_fails_in_the_test_part_is_counted_and_not_shown(app: AppTest) -> None:
    run = finished(shelf(), questions(3, split="test"), lambda text: citing("1.1"))
    app.run().segmented_control(key=detail.VIEW).set_value("failing").run()
    hidden = say("evaluation.hidden_many", count=3, run=literal(run.record.id))
    assert [info.value for info in app.info] == [hidden]
    assert "¿Pregunta" not in markdown(app)
    assert Run(run.folder).record.revealed == ()


def test_a_case_is_shown_as_text(app: AppTest) -> None:
    attack = ":red[x] <b>y</b> " + "A" * 2000

    def answer(text: str) -> Answer:
        return citing("1.1")

    (item,) = questions(1)
    hostile = item.model_copy(
        update={"turns": (item.turns[0].model_copy(update={"question": attack}),)}
    )
    finished(shelf(), [hostile], answer)
    app.run().segmented_control(key=detail.VIEW).set_value("failing").run()
    assert literal(attack[: failing.MAX_TEXT]) in markdown(app)
    assert attack not in markdown(app)


def test_a_damaged_run_is_named_and_the_others_are_shown(app: AppTest) -> None:
    only_right("q0")
    broken = only_right("q1")
    broken.results_path.write_text("no\nes\nJSON\n", encoding="utf-8")
    app.run()
    assert not app.exception
    assert any(literal(broken.folder.name) in caption for caption in captions(app))
    assert say("evaluation.leads") in markdown(app)


def test_runs_on_another_document_are_counted_and_not_ranked(app: AppTest) -> None:
    begin(shelf(), questions(1), document="another")
    app.run()
    assert say("evaluation.others", count=1) in captions(app)
    assert say("evaluation.empty") in captions(app)


def test_what_a_model_would_cost_is_said(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = {"provider": "openai", "model": "m", "base_url": dead_url()}
    models = write_models(tmp_path, {"chat.mine": entry}, default="mine")
    monkeypatch.setenv("CINCO_MODELS", str(models))
    app.run().number_input(key=ordering.LIMIT).set_value(3).run()
    assert app.selectbox(key=ordering.MODEL).value == "mine"
    items = Selection(limit=3).of(load())
    turns = len(list(asks(items)))
    assert say("evaluation.size_model", items=3, turns=turns, model="mine") in captions(app)
