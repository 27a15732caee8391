"""The page's states with models: chosen, writing, written, in vain, broken registry."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.domain import Answer, AnswerSentence, Citation, Provenance, Question, Turn, Usage
from rag.ui.markup import literal
from rag.ui.session import KEY
from rag.ui.words import say
from tests.models.behaviours import Behaviour, Chat, Reply, numbered, own_claims, pieces, says
from tests.models.entries import fields, write_models
from tests.models.servers import ScriptedServer
from tests.product import assistant, document
from tests.ui.reading import captions, holding, markdown, pending_of, session_of, turns_of

ENERGY = "¿Qué dice de la energía y los recursos?"
WRITING_SECONDS = 40

pytestmark = pytest.mark.usefixtures("nothing_opened")

Configure = Callable[..., None]
"""Name → behaviour of the models that the operator has."""


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    with ExitStack() as servers:

        def write(**behaviours: Behaviour) -> None:
            running = {n: servers.enter_context(ScriptedServer(b)) for n, b in behaviours.items()}
            limits = {"first_token_seconds": 20.0}
            entries = {f"chat.{name}": fields(server, **limits) for name, server in running.items()}
            path = write_models(tmp_path, entries, default=next(iter(behaviours)))
            monkeypatch.setenv("CINCO_MODELS", str(path))

        yield write


def mixed(chat: Chat) -> Reply:
    """Two sentences of the document and one of its own."""
    (id1, text1), (id2, text2) = numbered(chat)[:2]
    own = "China invertirá 500 millones de dólares en Bolivia."
    return Reply(pieces(f"{text1} [{id1}] {text2} [{id2}] {own} [{id1}]"))


def slow(chat: Chat) -> Reply:
    return replace(mixed(chat), pause_seconds=0.05)


def test_without_models_there_is_nothing_to_choose(app: AppTest) -> None:
    app.run()
    assert "model" not in [box.key for box in app.selectbox]
    assert say("composer.extractive") in captions(app)


def test_the_default_model_is_chosen_and_named(app: AppTest, configure: Configure) -> None:
    configure(buena=mixed, otra=mixed)
    app.run()
    assert app.selectbox(key="model").value == "buena"
    assert app.selectbox(key="model").options == [say("composer.none"), "buena", "otra"]
    named = say("composer.modelled", name="buena", what=literal("scripted-3b"))
    assert named in captions(app)
    assert not app.text_input


def test_a_sentence_without_backing_stands_out_and_says_why(
    app: AppTest, configure: Configure
) -> None:
    configure(buena=mixed)
    _ask(app.run(), ENERGY)
    answer = turns_of(app)[0].answer
    assert not app.exception
    assert (answer.provenance.mode, answer.provenance.model) == ("model", "buena")
    own = literal("China invertirá 500 millones de dólares en Bolivia.")
    assert f":red-background[{own}]" in markdown(app)
    assert say("written.problem_number") in markdown(app)
    assert f":red[:material/fact_check: {literal(answer.sentences[-1].text[:-1])}]" in markdown(app)
    for citation in answer.citations:
        assert f"> «{literal(citation.quote)}»" in markdown(app)
    assert say("answer.by_model", model="buena") in "".join(captions(app))


def test_a_useless_answer_gives_way_to_quotes_and_stays_one_click_away(
    app: AppTest, configure: Configure
) -> None:
    configure(suelta=own_claims)
    _ask(app.run(), ENERGY)
    answer = turns_of(app)[0].answer
    assert answer.fallback is not None
    assert answer.fallback.text is not None
    assert say("fallback.title") in markdown(app)
    assert literal(answer.fallback.reason) in markdown(app)
    inside = next(box for box in app.expander if box.label == say("fallback.text"))
    assert literal(answer.fallback.text) in inside.markdown[0].value
    app.button(key="retry-0").click().run()
    _settle(app)
    assert len(turns_of(app)) == 1


def test_each_answer_keeps_its_own_model(app: AppTest, configure: Configure) -> None:
    configure(buena=mixed, otra=mixed)
    _ask(app.run(), ENERGY)
    for name in ("otra", "extractive"):
        app.selectbox(key="model").select(name).run()
        _ask(app, ENERGY)
    models = [turn.answer.provenance.model for turn in turns_of(app)]
    assert models == ["buena", "otra", None]


def test_a_question_is_on_the_page_while_it_is_answered(app: AppTest, configure: Configure) -> None:
    configure(lenta=slow)
    app.run()
    app.chat_input[0].set_value(ENERGY).run()
    session = session_of(app)
    assert session.dialogue.pending is not None
    assert [text.value for text in app.text] == [ENERGY]
    app.button(key="outline-4.3").click().run()
    app.chat_input[0].set_value("¿Cuáles son los cinco programas?").run()
    assert say("stream.queued") in captions(app)
    _settle(app)
    modes = [turn.answer.provenance.mode for turn in turns_of(app)]
    assert modes == ["model", "extractive"]
    assert say("stream.queued") not in captions(app)


def test_a_stopped_answer_keeps_what_came(app: AppTest, configure: Configure) -> None:
    configure(lenta=slow)
    app.run()
    app.chat_input[0].set_value(ENERGY).run()
    job = pending_of(app)
    assert job is not None
    _wait(lambda: "\\[" in job.text)  # a whole sentence with its id
    app.button(key="stop").click().run()
    _settle(app)
    answer = turns_of(app)[0].answer
    assert answer.provenance.mode == "model"
    assert "La respuesta se detuvo antes de terminar" in "".join(captions(app)).replace("\\", "")
    assert "Bolivia" not in answer.text


def test_a_new_conversation_leaves_the_answer_behind(app: AppTest, configure: Configure) -> None:
    configure(lenta=slow)
    app.run()
    app.chat_input[0].set_value(ENERGY).run()
    job = pending_of(app)
    app.button(key="new-chat").click().run()
    assert job is not None
    assert job.is_stopping
    assert not app.chat_message
    assert pending_of(app) is None


def test_a_refusal_by_the_model_is_the_designed_one(app: AppTest, configure: Configure) -> None:
    configure(niega=says("NOT_IN_DOCUMENT"))
    _ask(app.run(), ENERGY)
    answer = turns_of(app)[0].answer
    assert (answer.status, answer.provenance.mode) == ("not_in_document", "model")
    assert ":material/search_off:" in markdown(app)
    assert say("absent.text_model", sections=len(document().sections)) in markdown(app)
    assert say("answer.declined_by_model", model="niega") in "".join(captions(app))


def test_a_broken_list_of_models_is_explained_and_can_be_tried_again(
    app: AppTest, configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "rota.toml"
    broken.write_text("default = 'nadie'\n", encoding="utf-8")
    monkeypatch.setenv("CINCO_MODELS", str(broken))
    app.run()
    assert not app.exception
    assert say("failure.title") in markdown(app)
    assert literal("default debe ser uno de") in markdown(app)
    assert not app.chat_input
    configure(buena=mixed)
    app.button[0].click().run()
    assert app.selectbox(key="model").value == "buena"


def test_a_quote_from_elsewhere_names_both_sections(app: AppTest) -> None:
    answer = assistant().ask(Question("¿Apoya la energía nuclear con fines pacíficos?"))
    moved = replace(answer.citations[0], verdict="moved", claimed_section="4.3")
    _draw(app, _by_model(replace(answer, citations=(moved,))))
    claimed, actual = (document().section_by_id[id_] for id_ in ("4.3", "2.5"))
    for section in (claimed, actual):
        assert literal(document().breadcrumb(section)) in markdown(app)
    assert say("answer.located_one") in markdown(app)
    assert say("answer.verified_one") not in markdown(app)


def test_what_the_program_aligned_is_labelled(app: AppTest) -> None:
    answer = assistant().ask(Question("¿Apoya la energía nuclear con fines pacíficos?"))
    id_ = answer.citations[0].sentence
    sentence = AnswerSentence("Apoya la energía nuclear.", "supported", (id_,), aligned=True)
    text = f"Apoya la energía nuclear. \\[{id_}\\]"
    _draw(app, _by_model(replace(answer, text=text, sentences=(sentence,))))
    assert markdown(app).count(say("written.aligned")) == 2


def test_discarded_citations_are_listed(app: AppTest) -> None:
    answer = assistant().ask(Question("¿Apoya la energía nuclear con fines pacíficos?"))
    gone = (
        Citation("", "9.9:7", 0, 0, "not_found", "9.9"),
        Citation("", "Nunca se dijo *esto*.", 0, 0, "not_found", "4.3"),
    )
    _draw(app, _by_model(replace(answer, rejected_citations=gone)))
    inside = next(box for box in app.expander if box.label == say("discarded.title"))
    assert say("discarded.id", id=literal("9.9:7")) in inside.markdown[0].value
    assert literal("Nunca se dijo *esto*.") in inside.markdown[0].value


def test_the_inspector_says_what_the_answer_was_made_with(app: AppTest) -> None:
    answer = assistant().ask(Question(ENERGY))
    _draw(app, replace(_by_model(answer), warnings=("El servidor *cortó*.",)))
    app.session_state["why-0"] = True
    app.run()
    made = "".join(captions(app))
    assert say("inspector.mode_model", model="buena") in made
    assert say("inspector.prompt", prompt="1a2b3c4d") in made
    assert say("inspector.tokens", prompt=900, answer=80) in made
    assert literal("El servidor *cortó*.") in made


def test_the_receipt_is_offered_in_both_forms_when_asked_for(
    app: AppTest, configure: Configure
) -> None:
    configure(buena=mixed)
    _ask(app.run(), ENERGY)
    assert not app.get("download_button")
    app.session_state["receipt-0"] = True
    app.run()
    assert len(app.get("download_button")) == 2


def _by_model(answer: Answer) -> Answer:
    made = Provenance(document().sha256, "0", "model", "buena", "1a2b3c4d", {}, Usage(900, 80))
    return replace(answer, provenance=made)


def _draw(app: AppTest, answer: Answer) -> None:
    app.session_state[KEY] = holding([Turn(Question(ENERGY), answer)])
    app.run()
    assert not app.exception


def _ask(app: AppTest, question: str) -> None:
    app.chat_input[0].set_value(question).run()
    _settle(app)


def _settle(app: AppTest) -> None:
    """Until everything that was asked is answered and on the page."""
    while (pending := pending_of(app)) is not None:
        _wait(lambda: pending.answer is not None)
        app.run()


def _wait(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WRITING_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
