import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.check import check
from eval.items import Item, load
from eval.truth import reference_of
from rag.conversations.conversation import Complaint, Conversation, Feedback, StoredTurn
from rag.conversations.curation import items
from rag.domain import Question
from tests.conversations.stored import MOMENT
from tests.product import assistant, document

USEFUL = Feedback(True, None, "", MOMENT)


def told(*questions: str, alone: int = 0, feedback: Feedback = USEFUL) -> Conversation:
    """A conversation whose last answer has feedback; the turn `alone` leans on none before it."""
    turns: list[StoredTurn] = []
    for place, text in enumerate(questions):
        history = [turn.question for turn in turns[alone:]]
        answer = assistant().ask(Question(text), history)
        is_alone = place == alone and place > 0
        turns.append(StoredTurn(place + 1, Question(text), answer, "", MOMENT, is_alone, None))
    turns[-1] = replace(turns[-1], feedback=feedback)
    return Conversation("an id", "Título", MOMENT, MOMENT, tuple(turns))


def read_back(folder: Path, *conversations: Conversation) -> tuple[Item, ...]:
    """The lines as the evaluation reads them."""
    file = folder / "feedback.jsonl"
    lines = (json.dumps(item, ensure_ascii=False) for item in items(conversations))
    file.write_text("\n".join(lines), encoding="utf-8")
    return load(file)


def problems(item: Item) -> set[str]:
    """What `eval check` finds, its part aside, which `eval.split` assigns."""
    found = check([item], reference_of(document()), Path("none"), with_counts=False)
    return {problem.rule for problem in found} - {"split"}


class TestAUsefulAnswer:
    def test_becomes_an_item_that_lacks_nothing(self, tmp_path: Path) -> None:
        (item,) = read_back(tmp_path, told("¿Apoya la energía nuclear con fines pacíficos?"))
        assert problems(item) == set()
        (turn,) = item.turns
        assert (item.kind, item.lang, turn.sections) == ("direct", "es", ("2.5",))
        assert "nuclear" in turn.evidence[0]

    def test_that_the_document_does_not_say_becomes_a_refusal(self, tmp_path: Path) -> None:
        (item,) = read_back(tmp_path, told("Does it mention coffee?"))
        assert problems(item) == set()
        assert (item.kind, item.type, item.lang) == ("unanswerable", "absent_topic", "en")
        assert item.turns[0].nearest

    def test_of_a_follow_up_becomes_a_dialogue(self, tmp_path: Path) -> None:
        (item,) = read_back(tmp_path, told("¿Qué dice de las becas?", "¿y en pesca?"))
        assert problems(item) == set()
        assert [turn.type for turn in item.turns] == ["start", "followup"]
        assert item.history(1) == ("¿Qué dice de las becas?",)

    def test_that_leans_on_much_becomes_a_dialogue_of_four(self, tmp_path: Path) -> None:
        questions = ("¿Qué dice de las becas?", "¿Turismo?", "¿Minería?", "¿Deportes?", "¿Pesca?")
        (item,) = read_back(tmp_path, told(*questions))
        assert [turn.question for turn in item.turns] == list(questions[1:])

    def test_leans_on_nothing_before_the_last_that_stands_alone(self, tmp_path: Path) -> None:
        (item,) = read_back(tmp_path, told("¿Becas?", "¿Turismo?", "¿y en pesca?", alone=1))
        assert [turn.question for turn in item.turns] == ["¿Turismo?", "¿y en pesca?"]

    def test_that_stands_alone_has_no_history(self, tmp_path: Path) -> None:
        (item,) = read_back(tmp_path, told("¿Qué dice de las becas?", "¿Turismo?", alone=1))
        assert item.history(0) == ()
        assert [turn.question for turn in item.turns] == ["¿Turismo?"]


class TestAnAnswerThatWasNoUse:
    @pytest.mark.parametrize(
        "reason", ["wrong_section", "missing", "not_supported", "wrong_language", "other", None]
    )
    def test_leaves_the_right_sections_to_a_person(
        self, tmp_path: Path, reason: Complaint | None
    ) -> None:
        given = Feedback(False, reason, "", MOMENT)
        (item,) = read_back(tmp_path, told("¿Apoya la energía nuclear?", feedback=given))
        assert (item.turns[0].sections, item.turns[0].evidence) == ((), ())
        assert problems(item) == {"expectations", "evidence"}

    def test_and_should_not_have_been_given_is_to_be_a_refusal(self, tmp_path: Path) -> None:
        given = Feedback(False, "should_not_answer", "", MOMENT)
        (item,) = read_back(tmp_path, told("¿Apoya la energía nuclear?", feedback=given))
        assert item.kind == "unanswerable"
        assert problems(item) == {"kinds"}

    def test_and_missed_what_is_there_is_to_be_an_answer(self, tmp_path: Path) -> None:
        given = Feedback(False, "missing", "", MOMENT)
        (item,) = read_back(tmp_path, told("Does it mention unicorn farming?", feedback=given))
        assert item.kind == "direct"


def test_the_note_tells_what_was_answered_and_said(tmp_path: Path) -> None:
    given = Feedback(False, "wrong_section", "Es la\n 3.3; 中国", MOMENT)
    (item,) = read_back(tmp_path, told("¿Apoya la energía nuclear?", feedback=given))
    for said in ("no útil (wrong_section)", "Es la 3.3; 中国", "2.5:4", "extractive", "fines"):
        assert said in item.persona


def test_an_id_stays_and_differs_between_turns(tmp_path: Path) -> None:
    conversation = told("¿Becas?", "¿Turismo?")
    first = replace(conversation.turns[0], feedback=USEFUL)
    both = replace(conversation, turns=(first, conversation.turns[1]))
    ids = [item.id for item in read_back(tmp_path, both)]
    assert len(set(ids)) == 2
    assert ids == [item.id for item in read_back(tmp_path, both)]


def test_what_has_no_feedback_or_no_answer_is_left_out() -> None:
    conversation = told("¿Becas?")
    unfinished = replace(conversation.turns[0], answer=None)
    unrated = replace(conversation.turns[0], feedback=None)
    assert list(items([replace(conversation, turns=(unfinished, unrated))])) == []
