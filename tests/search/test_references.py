import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.search.grammar import SECTION
from rag.search.normalisation import clean, fold
from rag.search.references import PROGRAMME, Named, ReferenceReader
from tests.product import document

READER = ReferenceReader(document())
NUMBERED = [section.id for section in document().sections if section.number is not None]

PIECES = ["programa", "sección", "2.5", "7.3", "paz", "第二", "工程", "节", "II", "y", ",", "(3)"]
QUESTIONS = st.one_of(
    st.text(st.characters(exclude_characters="§"), max_size=40),
    st.lists(st.sampled_from([*PIECES, "parte", "tercer", "prólogo", "5"])).map(" ".join),
)


def read(question: str) -> Named:
    return READER.read(fold(clean(question)))


@pytest.mark.parametrize("id_", NUMBERED)
def test_a_section_is_named_by_its_number(id_: str) -> None:
    assert read(f"¿Qué dice {id_}?").sections == (id_,)


@pytest.mark.parametrize(
    "question",
    [
        "¿Qué dice la sección 2.5?",
        "subsection 2 . 5",
        "o que diz 2.(5)?",
        "2 (5)",
        "2（5）讲什么",
        "第2.5节",
        "2.05",
        "punto 5 del programa 2",
        "punto cinco del programa del desarrollo",
        "el quinto punto del segundo programa",
        "programa del desarrollo, apartado 5",
        "programme 2, section 5",
        "section five of the second programme",
        "fifth section of the development programme",
        "ponto 5 do programa do desenvolvimento",
        "quinta seção do segundo programa",
        "第二工程第五节",
        "发展工程第五节",
    ],
)
def test_a_section_is_named_by_its_place_in_a_programme(question: str) -> None:
    assert (read(question).sections, read(question).programmes) == (("2.5",), ())


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("o décimo primeiro item do programa de desenvolvimento", "2.11"),
        ("el decimocuarto punto del programa del desarrollo", "2.14"),
        ("el décimo séptimo apartado del segundo programa", "2.17"),
    ],
)
def test_ordinals_may_be_of_two_words(question: str, section: str) -> None:
    assert read(question).sections == (section,)


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        ("Point 7 of the solidarity one, what is its title?", ("1.7",)),
        ("punto 2 del de la paz", ("4.2",)),
        ("resumen del capítulo II", ("II",)),
        ("what is chapter III about?", ("III",)),
        ("o que diz o capítulo I?", ("I",)),
        ("which chapter I should read", ()),
        ("which part I should read", ()),
        ("¿Qué dice el capítulo I del documento?", ("I",)),
        ("what does chapter I say about trade", ("I",)),
        ("capítulos I y II", ("I", "II")),
        ("cap. II", ("II",)),
    ],
)
def test_a_chapter_of_a_roman_number_is_a_part(question: str, sections: tuple[str, ...]) -> None:
    assert read(question).sections == sections


@pytest.mark.parametrize(
    ("question", "programmes"),
    [
        ("main ideas of the development programme, five bullets", (2,)),
        ("compara el programa 2 con el de la paz", (2, 4)),
        ("compare programme 2 and the peace programme", (2, 4)),
        ("compara el primer programa con el 3", (1, 3)),
        ("compara el programa de la paz con el 2", (4, 2)),
        ("programas 1 y de la paz", (1, 4)),
        ("no lo de la cultura, sino lo de la pesca", ()),
        ("foros en lo de la seguridad alimentaria", ()),
        ("qué foros hay en lo de la paz", (4,)),
        ("os tópicos do programa das civilizações, um por um", (3,)),
        ("el tercer programa", (3,)),
        ("third programme", (3,)),
        ("terceiro programa", (3,)),
        ("第三个工程", (3,)),
        ("programa III", (3,)),
        ("programa número 3", (3,)),
        ("the 3rd program", (3,)),
        ("programa de las civilizaciones", (3,)),
        ("文明工程", (3,)),
        ("programa da paz", (4,)),
        ("programa dos povos", (5,)),
        ("el último programa", (5,)),
        ("programmes 1 and 3", (1, 3)),
        ("primer y tercer programa", (1, 3)),
        ("programas de la paz y del desarrollo", (4, 2)),
        ("programas 2, 3 y 5", (2, 3, 5)),
        ("compare programme two with programme four", (2, 4)),
        ("programa 4 y programa de la paz", (4,)),
        ("前两个工程", (1, 2)),
        ("和平工程与发展工程", (4, 2)),
        ("el penúltimo programa", (4,)),
        ("el primer programa y cuántos el segundo, por separado", (1, 2)),
        ("qual é o terceiro programa e qual é o quarto? Obrigada", (3, 4)),
        ("the third programme has six, and the fourth one?", (3, 4)),
        ("cuántos tiene el primer programa y cuál es el último?", (1,)),
        ("el primer programa, ¿qué dice al final?", (1,)),
        ("the third programme mentions summits; when was the last?", (3,)),
        ("工程四条目有哪些", (4,)),
    ],
)
def test_programmes_are_named_by_number_or_name(question: str, programmes: tuple[int, ...]) -> None:
    assert read(question).programmes == programmes


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        ("el prólogo", ("prologo",)),
        ("the preface", ("prologo",)),
        ("prefácio", ("prologo",)),
        ("序言", ("prologo",)),
        ("parte II", ("II",)),
        ("the third part", ("III",)),
        ("primeira parte", ("I",)),
        ("第二部分", ("II",)),
        ("partes I y III", ("I", "III")),
    ],
)
def test_the_parts_before_the_programmes_are_named_too(
    question: str, sections: tuple[str, ...]
) -> None:
    assert read(question).sections == sections


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("el último punto del programa de la paz", "4.6"),
        ("last section of the development programme", "2.17"),
        ("último item do programa da solidariedade", "1.9"),
        ("文明工程最后一节", "3.6"),
        ("发展工程12节", "2.12"),
        ("el penúltimo punto del programa de la paz", "4.5"),
        ("the last but one section of programme 2", "2.16"),
        ("o antepenúltimo item do programa da paz", "4.4"),
        ("和平工程倒数第二节", "4.5"),
    ],
)
def test_a_programme_has_a_last_section(question: str, section: str) -> None:
    assert read(question).sections == (section,)


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        ("los tres últimos apartados del programa 2", ("2.15", "2.16", "2.17")),
        ("first two points of the peace programme", ("4.1", "4.2")),
        ("os dois primeiros itens do programa dos povos", ("5.1", "5.2")),
        ("发展工程最末尾的三个小节", ("2.15", "2.16", "2.17")),
        ("the last nine sections of the people's programme", tuple(f"5.{n}" for n in range(1, 7))),
        ("the last two sections of the document", ()),
        ("和平工程目前三项重点是什么", ()),
        ("人民工程今后三项工作是什么", ()),
    ],
)
def test_several_sections_are_at_an_end_of_a_programme(
    question: str, sections: tuple[str, ...]
) -> None:
    assert read(question).sections == sections


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        ("la parte «Las relaciones China-ALC en pujante desarrollo»", ("II",)),
        ("summarise “Cooperación financiera”", ("2.4",)),
        ("summarise “cooperación”", ()),
    ],
)
def test_a_section_is_named_by_its_title_in_quotation_marks(
    question: str, sections: tuple[str, ...]
) -> None:
    assert read(question).sections == sections


@pytest.mark.parametrize(
    ("question", "programmes"),
    [
        ("fuera del programa del desarrollo", (1, 3, 4, 5)),
        ("fora do programa da paz, tem algo?", (1, 2, 3, 5)),
        ("everything except for the peace programme", (1, 2, 3, 5)),
        ("发展工程之外呢", (1, 3, 4, 5)),
        ("除了和平工程", (1, 2, 3, 5)),
        ("programa de la paz, sin contar el programa 2", (4,)),
        ("el programa de la paz no menos que antes", (4,)),
    ],
)
def test_a_programme_that_is_left_out_means_the_others(
    question: str, programmes: tuple[int, ...]
) -> None:
    assert read(question).programmes == programmes


def test_a_programme_beside_a_section_of_another_is_named_too() -> None:
    named = read("compara el punto 3 del programa 2 con el programa 5")
    assert (named.sections, named.programmes) == (("2.3",), (5,))


@pytest.mark.parametrize(
    ("question", "is_strange"),
    [
        ("punto 7 del programa de la paz", True),
        ("Peoples programme, point 9?", True),
        ("o ponto 10 do programa da solidariedade", True),
        ("和平工程第8节", True),
        ("what does point 17 of the solidarity one say?", True),
        ("¿Qué dice el 2.18?", True),
        ("compara 4.3 y 4.9", True),
        ("3.9", True),
        ("punto 6 del programa de la paz", False),
        ("los seis puntos del programa de la paz", False),
        ("和平工程有8节吗", False),
        ("la inflación fue de 2.18 %", False),
        ("creció un 2.18", False),
        ("2.0 es la web social", False),
    ],
)
def test_a_section_that_its_programme_does_not_have_is_strange(
    question: str, is_strange: bool
) -> None:
    assert read(question).is_strange == is_strange


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        ("4.3 y 2.5, ¿cuál es más larga?", ("4.3", "2.5")),
        ("2.5, 2.5 y 1.1", ("2.5", "1.1")),
        ("puntos 3 y 5 del programa 2", ("2.3", "2.5")),
        ("punto 3 del programa 2 y punto 4 del programa 5", ("2.3", "5.4")),
        ("programa 1, punto 2, con el programa 3, punto 2", ("1.2", "3.2")),
        ("第四工程第3节和第五工程第2节", ("4.3", "5.2")),
    ],
    ids=[
        *("order of the question", "each once", "several points", "of several programmes"),
        *("programme first", "programme first in Chinese"),
    ],
)
def test_several_sections_are_named_at_once(question: str, sections: tuple[str, ...]) -> None:
    assert read(question).sections == sections


@pytest.mark.parametrize(
    "question",
    [
        "los cinco programas",
        "the five programmes",
        "五大工程",
        "programa espacial",
        "la paz y el desarrollo",
        "energía, punto por punto",
        "每节一句话概括",
        "el 12.5 del mes",
        "5.6.2024",
        "2,5",
        "102.5",
        "2.5.1",
        "parte IV",
    ],
)
def test_what_only_sounds_like_a_reference_names_nothing(question: str) -> None:
    named = read(question)
    assert (named.sections, named.programmes, named.marked) == ((), (), fold(question))


@pytest.mark.parametrize(
    "question",
    [
        "¿Qué dice la sección 7.3?",
        "section 0.5",
        "subsecção 2.18",
        "the sixth programme",
        "el décimo programa",
        "第七个工程",
        "secciones 2.5 y sección 9.9",
    ],
)
def test_a_number_that_does_not_exist_is_strange(question: str) -> None:
    assert read(question).is_strange


@pytest.mark.parametrize(
    "question",
    ["la sección 2.5", "7.3 millones", "el sexto año", "the fifth programme", "第一工程", "第六届"],
)
def test_what_exists_or_is_no_reference_is_not_strange(question: str) -> None:
    assert not read(question).is_strange


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("¿Qué dice 2.5?", f"¿que dice {SECTION} ?"),
        ("¿De qué trata el tercer programa?", f"¿de que trata el {PROGRAMME} ?"),
        ("programas de la paz y del desarrollo", f"de la {PROGRAMME} y del {PROGRAMME}"),
        ("becas en el punto 3 del programa 2", f"becas en el {SECTION} del {PROGRAMME}"),
        ("第三工程讲什么", f"{PROGRAMME} 讲什么"),
        ("la energía", "la energia"),
    ],
)
def test_names_are_replaced_and_the_words_of_their_kind_left_out(
    question: str, marked: str
) -> None:
    assert " ".join(read(question).marked.split()) == marked


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("paz y desarrollo", (4, 2)),
        ("development, peace, development", (2, 4)),
        ("人民与文明", (5, 3)),
        ("el programa de la solidaridad", (1,)),
        ("energía", ()),
    ],
)
def test_themes_are_the_names_of_programmes_without_the_word(
    text: str, themes: tuple[int, ...]
) -> None:
    assert READER.themes(fold(text)) == themes


@given(QUESTIONS)
@example("第二工程第三节和平工程")
def test_whatever_is_named_exists(question: str) -> None:
    named = read(question)
    assert document().section_by_id.keys() >= set(named.sections)
    assert document().programme_by_number.keys() >= set(named.programmes)


@given(QUESTIONS)
def test_nothing_is_named_twice(question: str) -> None:
    named = read(question)
    assert len({*named.sections, *named.programmes}) == len(named.sections + named.programmes)


@given(QUESTIONS)
def test_the_marked_question_shows_whether_something_is_named(question: str) -> None:
    named = read(question)
    is_marked = PROGRAMME in named.marked or SECTION in named.marked
    assert is_marked == bool(named.sections or named.programmes)


@given(QUESTIONS)
def test_a_question_that_names_nothing_stays_as_it_is(question: str) -> None:
    named = read(question)
    assert named.sections or named.programmes or named.marked == fold(clean(question))


@pytest.mark.parametrize(
    "question", ["forums of the development programme, I need them", "programme 2, I am told"]
)
def test_a_speaker_is_no_roman_number(question: str) -> None:
    assert read(question).programmes == (2,)


@pytest.mark.parametrize("question", ["第三部分(III)", "a terceira parte (III)", "part three, III"])
def test_a_part_named_twice_is_named_once(question: str) -> None:
    named = read(question)
    assert named.sections == ("III",)
    assert "iii" not in named.marked
