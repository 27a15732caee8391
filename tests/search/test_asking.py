import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.asking import asked_kinds, asked_part, quoted, stances

PIECES = [*"¿?！？.。;…«»“” \n", "a", "pesca", "how much", "cuándo", "多少"]
TEXTS = st.lists(st.sampled_from(PIECES)).map("".join)


@pytest.mark.parametrize("marks", ["«»", "“”", '""', "「」", "『』"])
def test_what_stands_in_quotation_marks_is_quoted(marks: str) -> None:
    assert quoted(f"¿Dice {marks[0]}una sola China{marks[1]} en 1.2?") == "una sola China"


def test_the_first_of_several_quotations_counts() -> None:
    assert quoted("¿Dice «paz» o «guerra»?") == "paz"


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("¿Qué dice de la pesca?", id="no marks"),
        pytest.param("¿Qué dice «de la pesca?", id="never closed"),
        pytest.param("¿Qué dice «» de la pesca?", id="empty"),
    ],
)
def test_without_a_quotation_nothing_is_quoted(question: str) -> None:
    assert quoted(question) is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("Soy médica. ¿Habrá misiones? Gracias.", "¿Habrá misiones?", id="es"),
        pytest.param("I am a nurse. Are there missions? Thanks!", "Are there missions?", id="en"),
        pytest.param("Sou médica. Há missões? Obrigada.", "Há missões?", id="pt"),
        pytest.param("我是医生。有医疗队吗？谢谢。", "有医疗队吗？", id="zh"),
        pytest.param("¿Becas? ¿Y cuándo?", "¿Y cuándo?", id="last of two"),
        pytest.param("Estudio en Quito. Busco becas.", "Busco becas.", id="no question mark"),
        pytest.param("becas", "becas", id="no sentence"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_the_sentence_that_asks_is_told_from_those_around_it(text: str, part: str) -> None:
    assert asked_part(text).strip() == part


@given(TEXTS)
def test_what_is_asked_is_a_part_of_the_question(text: str) -> None:
    assert asked_part(text) in text


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        pytest.param("amount", "¿Cuántas becas se ofrecen?", id="amount-es"),
        pytest.param("amount", "How much will it invest?", id="amount-en"),
        pytest.param("amount", "Quantas bolsas são oferecidas?", id="amount-pt"),
        pytest.param("amount", "提供多少奖学金？", id="amount-zh"),
        pytest.param("date", "¿Cuándo se celebra la cumbre?", id="date-es"),
        pytest.param("date", "When will the summit be held?", id="date-en"),
        pytest.param("date", "Quando será a cúpula?", id="date-pt"),
        pytest.param("date", "峰会什么时候举行？", id="date-zh"),
        pytest.param("person", "¿Quién firma el acuerdo?", id="person-es"),
        pytest.param("person", "Who signs the agreement?", id="person-en"),
        pytest.param("person", "Quem assina o acordo?", id="person-pt"),
        pytest.param("person", "谁签署协议？", id="person-zh"),
        pytest.param("country", "¿Qué países participan?", id="country-es"),
        pytest.param("country", "Which countries take part?", id="country-en"),
        pytest.param("country", "Qual país participa?", id="country-pt"),
        pytest.param("country", "哪些国家参加？", id="country-zh"),
        pytest.param("reason", "¿Por qué se publicó?", id="reason-es"),
        pytest.param("reason", "Why was it published?", id="reason-en"),
        pytest.param("reason", "Por que foi publicado?", id="reason-pt"),
        pytest.param("reason", "为什么发表？", id="reason-zh"),
    ],
)
def test_the_kind_of_thing_that_is_asked_for_shows(kind: str, question: str) -> None:
    assert kind in asked_kinds(question)


def test_a_question_may_ask_for_two_kinds() -> None:
    assert {"amount", "date"} <= asked_kinds("¿Cuántas becas habrá y cuándo?")


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("¿Qué propone en materia de pesca?", id="es"),
        pytest.param("What does it propose on fishing?", id="en"),
        pytest.param("O que propõe em matéria de pesca?", id="pt"),
        pytest.param("在渔业方面提出什么？", id="zh"),
    ],
)
def test_an_open_question_asks_for_no_kind_of_thing(question: str) -> None:
    assert asked_kinds(question) == frozenset()


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(("¿CUÁNDO será?", "¿cuando será?"), id="capitals and accents"),
        pytest.param(("為什麼發表？", "为什么发表？"), id="traditional characters"),
    ],
)
def test_how_it_is_typed_changes_no_kind(pair: tuple[str, str]) -> None:
    first, second = (asked_kinds(question) for question in pair)
    assert first == second != frozenset()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param("¿Por qué prohíbe el turismo?", {"against"}, id="against-es"),
        pytest.param("Why was tourism banned?", {"against"}, id="against-en"),
        pytest.param("Por que proíbe o turismo?", {"against"}, id="against-pt"),
        pytest.param("为什么禁止旅游?", {"against"}, id="against-zh"),
        pytest.param("¿Por qué apoya el hegemonismo?", {"support", "opposed"}, id="support-es"),
        pytest.param("Why does it endorse hegemony?", {"support", "opposed"}, id="support-en"),
        pytest.param("Por que apoia o hegemonismo?", {"support", "opposed"}, id="support-pt"),
        pytest.param("为什么支持霸权?", {"support", "opposed"}, id="support-zh"),
        pytest.param("¿A qué los obliga?", {"force"}, id="force-es"),
        pytest.param("Is it compulsory?", {"force"}, id="force-en"),
        pytest.param("Isso é obrigatório?", {"force"}, id="force-pt"),
        pytest.param("会强制吗?", {"force"}, id="force-zh"),
        pytest.param("¿Qué dice del turismo?", set(), id="none"),
    ],
)
def test_what_a_question_takes_for_granted_is_found(question: str, expected: set[str]) -> None:
    assert stances(question) == expected
