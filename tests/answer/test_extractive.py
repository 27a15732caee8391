import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain import Answer, Question
from tests.product import assistant, document

WORDS = sorted({word for sentence in document().sentences for word in sentence.text.split()})
QUESTIONS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
FEW = settings(max_examples=40)


def ask(text: str) -> Answer:
    return assistant().ask(Question(text))


@FEW
@given(QUESTIONS)
def test_every_quote_equals_the_source_at_its_offsets(question: str) -> None:
    citations = ask(question).citations
    assert [document().source[c.start : c.end] for c in citations] == [c.quote for c in citations]


@FEW
@given(QUESTIONS)
def test_every_citation_is_verified_and_none_is_rejected(question: str) -> None:
    answer = ask(question)
    verdicts = [citation.verdict for citation in answer.citations]
    assert (set(verdicts) <= {"verified"}, answer.rejected_citations) == (True, ())


@FEW
@given(QUESTIONS)
def test_every_supported_sentence_rests_on_shown_citations(question: str) -> None:
    answer = ask(question)
    shown = {citation.sentence for citation in answer.citations}
    supported = [set(s.citations) for s in answer.sentences if s.verdict == "supported"]
    assert all(cited and cited <= shown for cited in supported)


@FEW
@given(QUESTIONS)
def test_an_answer_has_words_of_its_own_only_in_frames(question: str) -> None:
    assert {sentence.verdict for sentence in ask(question).sentences} <= {"supported", "frame"}


NUCLEAR = "¿Qué dice de la energía nuclear?"


def test_the_sentence_that_answers_is_quoted_and_not_its_section() -> None:
    cited = {citation.sentence for citation in ask(NUCLEAR).citations}
    rest = {sentence.id for sentence in document().section_by_id["2.5"].sentences} - cited
    assert ("2.5:4" in cited, len(rest) >= 3) == (True, True)


@pytest.mark.parametrize(
    "question", [NUCLEAR, "¿Qué propone sobre el BeiDou?", "becas para estudiar en China"]
)
def test_a_question_of_fact_gets_one_to_five_quotes(question: str) -> None:
    assert 1 <= len(ask(question).citations) <= 5
