"""The page's states. AppTest sees no layout and runs no script of ours: tests/browser does."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from rag.domain import Answer, Citation, Failure, Question, Turn
from rag.ui.markup import literal
from rag.ui.session import KEY, WINDOW, Session
from rag.ui.words import say, starters
from tests.product import assistant, document

APP = Path(__file__).parents[2] / "app.py"

NUCLEAR = "¿Apoya la energía nuclear con fines pacíficos?"
TIMEOUT_SECONDS = 60


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=TIMEOUT_SECONDS)


@pytest.fixture
def nothing_opened() -> Iterator[None]:
    """No assistant of an earlier test is shared."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_an_empty_page_offers_questions_and_names_the_mode(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert len([b for b in app.button if str(b.key).startswith("starter-")]) == len(starters())
    assert say("composer.extractive") in _captions(app)


def test_a_starter_is_answered(app: AppTest) -> None:
    app.run().button(key="starter-0").click().run()
    assert [turn.answer.status for turn in _session(app).turns] == ["answered"]


def test_an_answer_shows_the_quote_its_verdict_and_a_chip(app: AppTest) -> None:
    _ask(app.run(), NUCLEAR)
    assert not app.exception
    assert "Profundizar la cooperación sobre el uso de energía nuclear" in _markdown(app)
    assert say("answer.verified_one") in _markdown(app)
    assert "2\\.5\\:4" in app.button(key="chip-0-0").label


def test_a_second_question_keeps_the_first(app: AppTest) -> None:
    _ask(_ask(app.run(), NUCLEAR), "¿Qué becas hay para estudiar en China?")
    assert [text.value for text in app.text] == [turn.question.text for turn in _session(app).turns]
    assert len(app.chat_message) == 4


def test_a_chip_opens_the_sentence_highlighted_in_its_paragraph(app: AppTest) -> None:
    _ask(app.run(), NUCLEAR).button(key="chip-0-0").click().run()
    sentence = document().sentence_by_id["2.5:4"]
    assert f":yellow-background[{literal(sentence.text)}]" in _markdown(app)
    assert say("reader.verdict_verified") in _markdown(app)
    assert str(sentence.start) in _markdown(app)


def test_the_reader_closes(app: AppTest) -> None:
    _ask(app.run(), NUCLEAR).button(key="chip-0-0").click().run()
    app.button(key="close-panel").click().run()
    assert ":yellow-background" not in _markdown(app)


def test_the_reader_steps_to_the_neighbouring_sections(app: AppTest) -> None:
    app.run().button(key="outline-prologo").click().run()
    assert app.button(key="step-left").disabled
    for section in document().sections[1:4]:
        app.button(key="step-right").click().run()
        assert f"#### {literal(document().label(section))}" in _markdown(app)


@pytest.mark.parametrize("section_id", ["prologo", "2.1", "2.5", "5.6"])
def test_an_entry_of_the_outline_opens_its_section(app: AppTest, section_id: str) -> None:
    app.run().button(key=f"outline-{section_id}").click().run()
    section = document().section_by_id[section_id]
    assert not app.exception
    assert f"#### {literal(document().label(section))}" in _markdown(app)


def test_the_outline_has_every_section(app: AppTest) -> None:
    app.run()
    keys = [str(b.key) for b in app.sidebar.button if str(b.key).startswith("outline-")]
    assert keys == [f"outline-{section.id}" for section in document().sections]


@pytest.mark.parametrize("section_id", ["prologo", "I", "II", "III", "2.1", "2.9"])
def test_what_was_restored_is_marked_and_explained(app: AppTest, section_id: str) -> None:
    app.run().button(key=f"outline-{section_id}").click().run()
    section = document().section_by_id[section_id]
    programme = document().programme_of(section)
    evidence = section.evidence or (programme and programme.evidence) or ""
    assert "restaurado" in _markdown(app)
    assert literal(evidence) in " ".join(_captions(app))


def test_what_was_not_restored_is_not_marked(app: AppTest) -> None:
    app.run().button(key="outline-4.3").click().run()
    assert "restaurado" not in _markdown(app)


def test_what_the_document_does_not_say_is_an_answer_of_its_own(app: AppTest) -> None:
    _ask(app.run(), "¿Qué dice de Bitcoin?")
    answer = _session(app).turns[0].answer
    assert say("absent.title") in _markdown(app)
    assert "bitcoin" in _markdown(app)
    app.button(key=f"near-0-{answer.nearest[0]}").click().run()
    assert say("reader.panel") in _captions(app)


def test_a_rejected_question_says_what_to_do(app: AppTest) -> None:
    _ask(app.run(), "¿?")
    error = _session(app).turns[0].answer.error
    assert error is not None
    assert say("rejected.title") in _markdown(app)
    assert literal(error.remedy) in _markdown(app)


def test_a_failed_answer_says_what_to_do_and_can_be_tried_again(app: AppTest) -> None:
    answer = assistant().ask(Question(NUCLEAR))
    failed = replace(answer, status="error", error=Failure("Se cayó.", "Espere un momento."))
    app.session_state[KEY] = Session(turns=[Turn(Question(NUCLEAR), failed)])
    app.run()
    assert literal("Espere un momento.") in _markdown(app)
    app.button(key="retry-0").click().run()
    assert [turn.answer.status for turn in _session(app).turns] == ["answered"]


@pytest.mark.usefixtures("nothing_opened")
def test_a_document_that_cannot_be_opened_is_explained_and_can_be_tried_again(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "nada.txt"
    monkeypatch.setenv("CINCO_SOURCE", str(missing))
    app.run()
    assert not app.exception
    assert say("failure.title") in _markdown(app)
    assert not app.chat_input
    monkeypatch.delenv("CINCO_SOURCE")
    app.button[0].click().run()
    assert app.chat_input


def test_the_filter_limits_the_next_question(app: AppTest) -> None:
    app.run().selectbox(key="programme").select(4).run()
    _ask(app, "cooperación")
    turn = _session(app).turns[0]
    assert turn.question.programme == 4
    assert all(citation.sentence.startswith("4.") for citation in turn.answer.citations)
    assert say("answer.only", programme="Programa de la paz") in _markdown(app)


def test_a_new_conversation_is_empty(app: AppTest) -> None:
    _ask(app.run(), NUCLEAR).button(key="new-chat").click().run()
    assert not app.chat_message
    assert "starter-0" in [button.key for button in app.button]


def test_earlier_turns_wait_for_a_click(app: AppTest) -> None:
    turn = Turn(Question(NUCLEAR), assistant().ask(Question(NUCLEAR)))
    app.session_state[KEY] = Session(turns=[turn] * (WINDOW + 3))
    app.run()
    assert len(app.chat_message) == 2 * WINDOW
    app.button(key="earlier").click().run()
    assert len(app.chat_message) == 2 * (WINDOW + 3)


def test_what_someone_typed_is_shown_as_plain_text(app: AppTest) -> None:
    attack = ":red[x] <script>alert(1)</script> ![i](http://example.org/i.png) **agricultura**"
    _ask(app.run(), attack)
    assert app.text[0].value == attack
    assert "<script>" not in _markdown(app)


def test_citations_with_observations_are_not_counted_as_verified(app: AppTest) -> None:
    answer = assistant().ask(Question(NUCLEAR))
    moved = replace(answer.citations[0], verdict="moved", claimed_section="4.3")
    _draw(
        app,
        replace(
            answer,
            citations=(moved,),
            rejected_citations=(Citation("", "Nada.", 0, 0, "not_found"),),
        ),
    )
    assert say("answer.verified_one") not in _markdown(app)
    assert say("answer.located_one") in _markdown(app)
    assert say("answer.rejected_one") in _markdown(app)


def _draw(app: AppTest, answer: Answer) -> None:
    app.session_state[KEY] = Session(turns=[Turn(Question(NUCLEAR), answer)])
    app.run()


def _ask(app: AppTest, question: str) -> AppTest:
    return app.chat_input[0].set_value(question).run()


def _session(app: AppTest) -> Session:
    session: Session = app.session_state[KEY]
    return session


def _markdown(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


def _captions(app: AppTest) -> list[str]:
    return [element.value for element in app.caption]
