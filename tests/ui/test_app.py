"""The page's states. AppTest sees no layout and runs no script of ours: tests/browser does."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.domain import Answer, Citation, Failure, Question, Reason, Turn
from rag.ui.absence import ASIDE
from rag.ui.chips import SHOWN
from rag.ui.markup import literal
from rag.ui.session import KEY, WINDOW
from rag.ui.words import count, say, starters
from tests.product import assistant, document
from tests.ui.reading import captions, holding, markdown, turns_of

NUCLEAR = "¿Apoya la energía nuclear con fines pacíficos?"


def test_an_empty_page_offers_questions_and_names_the_mode(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert len([b for b in app.button if str(b.key).startswith("starter-")]) == len(starters())
    assert say("composer.extractive") in captions(app)


def test_a_starter_is_answered(app: AppTest) -> None:
    app.run().button(key="starter-0").click().run()
    assert [turn.answer.status for turn in turns_of(app)] == ["answered"]


def test_an_answer_shows_the_quote_its_verdict_and_a_chip(app: AppTest) -> None:
    _ask(app.run(), NUCLEAR)
    assert not app.exception
    assert "Profundizar la cooperación sobre el uso de energía nuclear" in markdown(app)
    citations = turns_of(app)[0].answer.citations
    assert count("answer.verified", len(citations)) in markdown(app)
    assert "2\\.5\\:4" in app.button(key="chip-0-0").label


def test_a_second_question_keeps_the_first(app: AppTest) -> None:
    _ask(_ask(app.run(), NUCLEAR), "¿Qué becas hay para estudiar en China?")
    assert [text.value for text in app.text] == [turn.question.text for turn in turns_of(app)]
    assert len(app.chat_message) == 4


def test_a_chip_opens_the_sentence_highlighted_in_its_paragraph(app: AppTest) -> None:
    _ask(app.run(), NUCLEAR).button(key="chip-0-0").click().run()
    sentence = document().sentence_by_id["2.5:4"]
    assert f":yellow-background[{literal(sentence.text)}]" in markdown(app)
    assert say("reader.verdict_verified") in markdown(app)
    assert str(sentence.start) in markdown(app)


def test_the_reader_closes(app: AppTest) -> None:
    _ask(app.run(), NUCLEAR).button(key="chip-0-0").click().run()
    app.button(key="close-panel").click().run()
    assert ":yellow-background" not in markdown(app)


def test_the_reader_steps_to_the_neighbouring_sections(app: AppTest) -> None:
    app.run().button(key="outline-prologo").click().run()
    assert app.button(key="step-left").disabled
    for section in document().sections[1:4]:
        app.button(key="step-right").click().run()
        assert f"#### {literal(document().label(section))}" in markdown(app)


@pytest.mark.parametrize("section_id", ["prologo", "2.1", "2.5", "5.6"])
def test_an_entry_of_the_outline_opens_its_section(app: AppTest, section_id: str) -> None:
    app.run().button(key=f"outline-{section_id}").click().run()
    section = document().section_by_id[section_id]
    assert not app.exception
    assert f"#### {literal(document().label(section))}" in markdown(app)


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
    assert "restaurado" in markdown(app)
    assert literal(evidence) in " ".join(captions(app))


def test_what_was_not_restored_is_not_marked(app: AppTest) -> None:
    app.run().button(key="outline-4.3").click().run()
    assert "restaurado" not in markdown(app)


def test_what_the_document_does_not_say_is_an_answer_of_its_own(app: AppTest) -> None:
    _ask(app.run(), "¿Qué dice de Bitcoin?")
    answer = turns_of(app)[0].answer
    assert f":material/search_off: {answer.sentences[0].text.rstrip('.')}" in markdown(app)
    assert f"> «{literal(answer.citations[0].quote)}»" in markdown(app)
    quoted = document().sentence_by_id[answer.citations[0].sentence].section
    near = next(id_ for id_ in answer.nearest if id_ != quoted)
    app.button(key=f"near-0-{near}").click().run()
    assert say("reader.link_section", section=literal(near)) in markdown(app)


def test_words_looked_for_in_vain_are_shown(app: AppTest) -> None:
    answer = assistant().ask(Question("¿Qué dice de Bitcoin?"))
    _draw(app, replace(answer, checked_terms=("bitcoin",)))
    assert say("absent.terms") in markdown(app)
    assert ":gray-badge[bitcoin]" in markdown(app)


@pytest.mark.parametrize("reason", list(ASIDE))
def test_a_greeting_gets_a_friendly_line_and_no_finding(app: AppTest, reason: Reason) -> None:
    answer = assistant().ask(Question("¿Qué dice de Bitcoin?"))
    _draw(app, replace(answer, reason=reason, text="¡Hola\\!", citations=(), nearest=()))
    assert f"{ASIDE[reason]} ¡Hola\\!" in markdown(app)
    assert say("absent.text", sections=len(document().sections)) not in markdown(app)
    assert ":material/search_off:" not in markdown(app)


def test_starters_show_the_whole_range() -> None:
    statuses = [assistant().ask(Question(starter.question)).status for starter in starters()]
    assert statuses == ["answered"] * 5 + ["not_in_document"]


def test_what_was_understood_is_shown_and_can_be_corrected(app: AppTest) -> None:
    _ask(_ask(app.run(), "¿Qué becas hay para estudiar en China?"), "¿y en pesca?")
    understood = turns_of(app)[1].answer.understood_as
    assert understood is not None
    assert say("answer.understood", question=literal(understood)) in captions(app)
    app.button(key="alone-1").click().run()
    turn = turns_of(app)[2]
    assert turn.question.text == "¿y en pesca?"
    assert turn.answer.understood_as is None
    assert turn.answer.citations == assistant().ask(turn.question).citations


def test_a_question_asked_alone_begins_a_history_of_its_own() -> None:
    questions = [Question(f"pregunta {number}") for number in range(4)]
    answer = assistant().ask(Question(NUCLEAR))
    session = holding([Turn(question, answer) for question in questions], alone=frozenset({2}))
    histories = [session.dialogue.history(position) for position in range(5)]
    assert histories == [
        (),
        (questions[0],),
        (),
        (questions[2],),
        (questions[2], questions[3]),
    ]


def test_many_citations_wait_for_a_click(app: AppTest) -> None:
    _ask(app.run(), "¿Cuántas subsecciones tiene el programa 2?")
    citations = turns_of(app)[0].answer.citations
    assert len(citations) > SHOWN + 1
    assert len(_chips(app)) == SHOWN
    app.button(key="all-0").click().run()
    assert len(_chips(app)) == len(citations)
    app.button(key="all-0").click().run()
    assert len(_chips(app)) == SHOWN


def test_an_answer_is_explained_when_asked_and_not_before(app: AppTest) -> None:
    _ask(app.run(), NUCLEAR)
    assert say("inspector.terms_help") not in captions(app)
    app.session_state["why-0"] = True
    app.run()
    turn = turns_of(app)[0]
    assert not app.exception
    for section in assistant().search(turn.question).sections[:3]:
        assert f"[{literal(section)}]" in _ranking(app)
    assert ":material/format_quote:" in _ranking(app)
    assert say("inspector.leg_classifier") in _ranking(app)
    threshold = f"{assistant().judge(turn.question).threshold:.2f}".replace(".", ",")
    assert threshold in app.progress[0].text


def test_a_structural_answer_explains_that_nothing_was_searched(app: AppTest) -> None:
    _ask(app.run(), "¿Cuáles son los cinco programas?")
    app.session_state["why-0"] = True
    app.run()
    assert say("inspector.structural") in markdown(app)
    assert say("inspector.ranking") not in markdown(app)


def test_a_rejected_question_says_what_to_do(app: AppTest) -> None:
    _ask(app.run(), "¿?")
    error = turns_of(app)[0].answer.error
    assert error is not None
    assert say("rejected.title") in markdown(app)
    assert literal(error.remedy) in markdown(app)


def test_a_failed_answer_says_what_to_do_and_can_be_tried_again(app: AppTest) -> None:
    answer = assistant().ask(Question(NUCLEAR))
    failed = replace(answer, status="error", error=Failure("Se cayó.", "Espere un momento."))
    app.session_state[KEY] = holding([Turn(Question(NUCLEAR), failed)])
    app.run()
    assert literal("Espere un momento.") in markdown(app)
    app.button(key="retry-0").click().run()
    assert [turn.answer.status for turn in turns_of(app)] == ["answered"]


@pytest.mark.usefixtures("nothing_opened")
def test_a_document_that_cannot_be_opened_is_explained_and_can_be_tried_again(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "nada.txt"
    monkeypatch.setenv("CINCO_SOURCE", str(missing))
    app.run()
    assert not app.exception
    assert say("failure.title") in markdown(app)
    assert not app.chat_input
    monkeypatch.delenv("CINCO_SOURCE")
    app.button[0].click().run()
    assert app.chat_input


def test_the_filter_limits_the_next_question(app: AppTest) -> None:
    app.run().selectbox(key="programme").select(4).run()
    _ask(app, "cooperación")
    turn = turns_of(app)[0]
    assert turn.question.programme == 4
    assert all(citation.sentence.startswith("4.") for citation in turn.answer.citations)
    assert say("answer.only", programme="Programa de la paz") in markdown(app)


def test_a_filter_chosen_while_the_page_is_not_drawn_yet_counts(app: AppTest) -> None:
    app.run().selectbox(key="programme").select(4)
    _ask(app, "cooperación")
    assert turns_of(app)[0].question.programme == 4


def test_a_new_conversation_is_empty(app: AppTest) -> None:
    _ask(app.run(), NUCLEAR).button(key="new-chat").click().run()
    assert not app.chat_message
    assert "starter-0" in [button.key for button in app.button]


def test_earlier_turns_wait_for_a_click(app: AppTest) -> None:
    turn = Turn(Question(NUCLEAR), assistant().ask(Question(NUCLEAR)))
    app.session_state[KEY] = holding([turn] * (WINDOW + 3))
    app.run()
    assert len(app.chat_message) == 2 * WINDOW
    app.button(key="earlier").click().run()
    assert len(app.chat_message) == 2 * (WINDOW + 3)


def test_what_someone_typed_is_shown_as_plain_text(app: AppTest) -> None:
    attack = ":red[x] <script>alert(1)</script> ![i](http://example.org/i.png) **agricultura**"
    _ask(app.run(), attack)
    assert app.text[0].value == attack
    assert "<script>" not in markdown(app)


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
    assert say("answer.verified_one") not in markdown(app)
    assert say("answer.located_one") in markdown(app)
    assert say("answer.rejected_one") in markdown(app)


def _chips(app: AppTest) -> list[str]:
    return [str(b.key) for b in app.button if str(b.key).startswith("chip-")]


def _ranking(app: AppTest) -> str:
    return next(m.value for m in app.markdown if say("inspector.section") in m.value)


def _draw(app: AppTest, answer: Answer) -> None:
    app.session_state[KEY] = holding([Turn(Question(NUCLEAR), answer)])
    app.run()


def _ask(app: AppTest, question: str) -> AppTest:
    return app.chat_input[0].set_value(question).run()
