import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.extractive import MAX_WORDS, ExtractiveAnswerer
from rag.answer.frames import frame, place
from rag.corpus.passages import passages
from rag.domain import LANGUAGES, Answer, Hit, Language, Question
from rag.search.retrieval import Retrieval, Term
from tests.product import assistant, document

WORDS = sorted({word for sentence in document().sentences for word in sentence.text.split()})
QUESTIONS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
FEW = settings(max_examples=40)
PASSAGES = {passage.id: passage for passage in passages(document())}


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


def retrieval(*ids: str, terms: tuple[Term, ...] = (), rivals: tuple[str, ...] = ()) -> Retrieval:
    """What was found, best first; the best sections are those of the first sentence and rivals."""
    hits = tuple(Hit(PASSAGES[id_], 1.0, {}) for id_ in ids)
    return Retrieval(hits, (hits[0].passage.section, *rivals), {}, terms)


def quoted(found: Retrieval) -> list[str]:
    """Ids of the quoted sentences, in order."""
    draft = ExtractiveAnswerer(document()).draft(found, "es")
    return [id_ for sentence in draft.sentences for id_ in sentence.citations]


def test_the_best_sentence_leads_and_the_next_of_its_section_follows() -> None:
    assert quoted(retrieval("2.5:4", "4.2:1", "2.5:3", "2.5:2")) == ["2.5:4", "2.5:3"]


def test_a_second_sentence_that_makes_the_answer_long_is_left_out() -> None:
    words = sum(len(PASSAGES[id_].text.split()) for id_ in ("4.5:1", "4.5:2"))
    assert (words > MAX_WORDS, quoted(retrieval("4.5:1", "4.5:2"))) == (True, ["4.5:1"])


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        pytest.param(9.0, ["2.5:4", "5.5:4"], id="much of the question"),
        pytest.param(0.1, ["2.5:4", "2.5:3"], id="little of the question"),
    ],
)
def test_a_sentence_elsewhere_is_quoted_for_what_the_first_leaves_out(
    weight: float, expected: list[str]
) -> None:
    terms = (Term("nuclear", "nuclear", 1.0), Term("aerolineas", "aerolineas", weight))
    found = retrieval("2.5:4", "2.5:3", "5.5:4", terms=terms, rivals=("5.5",))
    assert quoted(found) == expected


def test_only_the_second_best_section_is_quoted_beside_the_best() -> None:
    terms = (Term("aerolineas", "aerolineas", 1.0),)
    found = retrieval("2.5:4", "2.5:3", "5.5:4", terms=terms, rivals=("1.1", "5.5"))
    assert quoted(found) == ["2.5:4", "2.5:3"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_section_is_introduced_in_the_language_of_the_question(language: Language) -> None:
    draft = ExtractiveAnswerer(document()).draft(retrieval("2.5:4"), language)
    section = document().section_by_id["2.5"]
    introduction = frame(language, "found", place=place(document(), section, language))
    assert draft.sentences[0].text == introduction
