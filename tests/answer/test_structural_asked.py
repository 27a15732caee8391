"""Questions about the structure, put as people put them, through the whole product."""

from collections.abc import Sequence

import pytest

from rag.domain import Question
from tests.product import assistant


def cited(question: str, *before: str) -> list[str]:
    """The sections that an answer cites, in its order, once each."""
    answer = assistant().ask(Question(question), [Question(text) for text in before])
    assert answer.status == "answered"
    return list(dict.fromkeys(c.sentence.partition(":")[0] for c in answer.citations))


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        # by their place
        ("El programa de los pueblos ¿con qué apartado abre y con cuál cierra?", ["5.1", "5.6"]),
        (
            "With which subsection does each of the five programmes end?",
            ["1.9", "2.17", "3.6", "4.6", "5.6"],
        ),
        ("团结工程里，政党交往和整体合作之间还夹着哪两节？", ["1.6", "1.7"]),
        ("Hi, could you sum up the third subsection of the people's programme?", ["5.3"]),
        ("Give me a summary of Part II, the one on how the relationship has developed", ["II"]),
        (
            "想给学生讲这份文件，麻烦把文明工程下面的各小节标题列一下",
            ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6"],
        ),
        ("Necesito los nombres de los cinco bloques en que se reparte el plan, nada más", ["III"]),
        ("los dos últimos apartados del programa de la paz ¿cuáles son?", ["4.5", "4.6"]),
        ("What are the first three sections of the peace programme?", ["4.1", "4.2", "4.3"]),
        ("Título exacto de la parte II, por favor", ["II"]),
        ("The exact titles of chapters I and III, please", ["I", "III"]),
        (
            "después del programa de la paz ¿cuál sigue?",
            ["5.1", "5.2", "5.3", "5.4", "5.5", "5.6"],
        ),
        (
            "Contando o prólogo, quantas partes vêm antes do programa 1?",
            ["prologo", "I", "II", "III"],
        ),
        (
            "Before the meeting, list the contents of the peace programme",
            [f"4.{n}" for n in range(1, 7)],
        ),
        ("What comes after the fifth programme?", ["III"]),
        ("¿Qué apartado va antes del programa 4, punto 3?", ["4.2"]),
        ("第一个工程之前有哪些部分？", ["prologo", "I", "II", "III"]),
        ("Títulos de la parte II y del punto 4.3", ["4.3", "II"]),
        ("最后那个民心工程分成哪几块？", ["5.1", "5.2", "5.3", "5.4", "5.5", "5.6"]),
        # lists
        ("Counting the manufacturing convention, how many fairs does section 2.3 name?", ["2.3"]),
        ("Quais fóruns sobre pobreza incluídos no texto?", ["5.2"]),
        ("¿Qué foros hay incluso sobre pobreza?", ["5.2"]),
        ("民心工程点名了哪些论坛？扶贫的也算", ["5.2", "5.6"]),
        ("Que conferências cita? Não fóruns, não seminários: conferências.", ["2.8", "3.2", "4.4"]),
        ("Para a linha do tempo: quais anos o texto cita?", ["II", "2.1"]),
        ("带“一带一路”名称的机制和研讨活动有哪些？", ["2.12", "2.16", "4.4"]),
        (
            "Under development, count the meetings actually named a 'Forum'",
            ["2.3", "2.6", "2.8", "2.9", "2.10"],
        ),
        ("Which fairs does the trade and investment section name?", ["2.3"]),
        ("seminários e conferências citados pelo nome (fóruns não)", ["2.7", "2.8", "3.2", "4.4"]),
        (
            "中国和拉共体（CELAC）之间有哪些论坛？全部",
            ["1.8", "2.8", "2.9", "2.10", "3.6", "4.5", "5.2"],
        ),
        (
            "¿Cuántas iniciativas globales, las de las siglas IDG, ISG e ICG, enumera el prólogo?",
            ["prologo"],
        ),
        ("¿Qué instituciones de China se mencionan por su nombre?", ["1.4", "1.5", "5.6"]),
        ("me lista todos os anos que aparecem no texto", ["II", "2.1"]),
        # places
        ("Vivo en una isla. ¿Dónde se habla de los Estados insulares?", ["1.8", "2.14"]),
        (
            "Which parts deal with fishing please, we have a problem with foreign boats",
            ["2.8", "2.11"],
        ),
        (
            "Preciso de todos os trechos sobre segurança alimentar. Onde ficam?",
            ["2.8", "2.9", "2.12", "2.15"],
        ),
        ("Esporte fica em qual dos programas e qual o número da seção?", ["3.4"]),
        (
            "¿A cuál de los cinco programas pertenece Taiwán y qué número de apartado lleva?",
            ["1.2"],
        ),
        ("习近平主席的名字出现在哪一部分？", ["prologo"]),
        # comparisons
        ("Compare the section on finance with the one on tax.", ["2.4", "2.16"]),
        ("energía e infraestructura, una al lado de la otra: ¿qué ofrece China?", ["2.5", "2.6"]),
    ],
)
def test_a_question_about_the_structure_is_answered_exactly(
    question: str, sections: Sequence[str]
) -> None:
    assert cited(question) == sections


def test_all_of_the_initiatives_are_counted_though_some_are_named_as_examples() -> None:
    answer = assistant().ask(
        Question("¿Cuántas iniciativas globales, las de las siglas IDG e ISG, enumera el prólogo?")
    )
    assert " 4," in answer.text


def test_a_number_of_programmes_at_an_end_is_counted() -> None:
    answer = assistant().ask(Question("¿Los tres últimos programas cuántos apartados suman?"))
    assert "18" in answer.text
    assert {c.sentence[0] for c in answer.citations} == {"3", "4", "5"}


def test_those_forums_are_the_ones_of_the_answer_before() -> None:
    start = "Dirijo un centro de estudios. ¿Qué se nos reserva a los think tanks?"
    assert cited("¿qué foros serían esos, con nombre y apellido?", start) == ["3.6"]
    assert cited("¿A qué programa pertenece todo esto?", start, "¿qué foros serían esos?") == [
        "3.6"
    ]


def test_a_question_sticks_to_a_programme() -> None:
    question = "Stick to the solidarity programme for a sec. Supply chains, what's the stance?"
    assert cited(question, "oil & gas, anything?")[0] == "1.7"


def test_the_portuguese_word_for_there_is_no_artificial_intelligence() -> None:
    found = cited("Lista aí todas as fontes de energia que o texto menciona, por favor")
    assert found == ["2.5", "2.6", "2.9"]


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("List the forums, including the one on poverty", "List all the forums"),
        ("¿Qué foros hay, el de pobreza incluido?", "¿Qué foros hay en todo el documento?"),
    ],
)
def test_what_is_to_be_counted_too_narrows_no_list(question: str, other: str) -> None:
    assert cited(question) == cited(other)
