from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus.questions import CONTENT
from rag.domain import Language
from rag.search.followups import FollowupReader
from rag.search.index import Index
from rag.search.reading import CONTEXT, Reading
from rag.search.requests import Request
from rag.search.structure import StructureReader
from tests.product import document
from tests.search.deciding import always

row = pytest.param
GRANTS = Reading("¿Qué dice sobre las becas para estudiar en China?", "es")
FISHING = Reading("¿Qué dice sobre la pesca ilegal?", "es")
FORUMS = Reading(
    "¿Qué foros nombra el documento?", "es", request=Request("names", names=("forum",))
)
WORDS = [
    *(
        "¿y",
        "en",
        "turismo?",
        "eso",
        "más",
        "solo",
        "del",
        "programa",
        "de",
        "la",
        "paz",
        "primera",
    ),
    *(
        "volviendo",
        "a",
        "las",
        "becas",
        "inglés",
        "and",
        "it",
        "tell",
        "me",
        "more",
        "那",
        "体育",
        "节",
    ),
]
QUESTIONS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)


def after(
    index: Index,
    text: str,
    *earlier: Reading,
    language: Language = "es",
    intent: str = CONTENT,
    is_complete: bool = False,
) -> Reading:
    """What a question means after others, where its intent is taken as given."""
    structure = StructureReader(document(), index.annotator, always(intent))
    return FollowupReader(structure, lambda alone, leaning: is_complete).read(
        text, language, None, list(earlier)
    )


def test_a_short_question_that_is_complete_leans_on_nothing(index: Index) -> None:
    earlier = after(index, "¿Qué becas hay para estudiar en China?")
    readings = [after(index, "¿Menciona el café?", earlier, is_complete=c) for c in (True, False)]
    assert [reading.is_interpreted for reading in readings] == [False, True]


def test_a_question_that_points_back_is_never_complete(index: Index) -> None:
    earlier = after(index, "¿Qué becas hay para estudiar en China?")
    assert after(index, "¿Y en pesca?", earlier, is_complete=True).context == earlier.text


@given(QUESTIONS)
def test_the_first_question_means_what_it_says(index: Index, text: str) -> None:
    reading = after(index, text)
    assert (reading.text, reading.context, reading.is_interpreted) == (text, "", False)


@pytest.mark.parametrize(
    "text",
    [
        row("¿Y en turismo?", id="theme-es"),
        row("And sports?", id="theme-en"),
        row("E o esporte?", id="theme-pt"),
        row("那体育呢？", id="theme-zh"),
        row("¿Con qué países?", id="question word-es"),
        row("With which countries?", id="question word-en"),
        row("Com quais países?", id="question word-pt"),
        row("¿Quién organiza eso?", id="pronoun-es"),
        row("Who organises it?", id="pronoun-en"),
        row("Quem organiza isso?", id="pronoun-pt"),
        row("谁组织这个？", id="pronoun-zh"),
    ],
)
def test_a_short_question_leans_on_the_one_before(index: Index, text: str) -> None:
    reading = after(index, text, FISHING, GRANTS)
    assert (reading.text, reading.context) == (text, GRANTS.text)


def test_a_topic_is_kept_over_several_short_questions(index: Index) -> None:
    second = after(index, "¿Con qué países?", GRANTS)
    assert GRANTS.text in after(index, "¿Y hasta cuándo?", GRANTS, second).context


@pytest.mark.parametrize("text", ["¿Y eso?", "And that?", "E isso?"])
def test_a_question_without_words_of_its_own_leans_most(index: Index, text: str) -> None:
    reading = after(index, text, GRANTS)
    assert (reading.is_leaning, reading.weight) == (True, max(CONTEXT))


@given(st.lists(st.sampled_from(["pesca", "turismo", "energía", "aduanas", "cine"]), unique=True))
def test_the_more_words_of_its_own_the_less_a_question_leans(words: list[str]) -> None:
    weights = [Reading(" ".join(words[:n]), "es").weight for n in range(len(words) + 1)]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        row(
            "¿Qué propone contra el tráfico de drogas, armas, bienes culturales y personas?",
            id="es",
        ),
        row("What does the paper propose against money laundering and corruption?", id="en"),
        row("Quais medidas propõe contra lavagem de dinheiro e corrupção?", id="pt"),
        row("文件对反腐败和反洗钱合作提出了哪些具体措施？", id="zh"),
    ],
)
def test_a_full_question_stands_alone(index: Index, text: str) -> None:
    assert after(index, text, GRANTS).context == ""


@pytest.mark.parametrize(
    "text",
    [
        row("Cambiando de tema, ¿la Antártida?", id="es"),
        row("New topic: Antarctica?", id="en"),
        row("Mudando de assunto, a Antártida?", id="pt"),
        row("换个话题，南极呢？", id="zh"),
    ],
)
def test_a_change_of_subject_leaves_the_topic(index: Index, text: str) -> None:
    assert after(index, text, GRANTS).context == ""


def test_a_change_of_subject_is_not_searched_for(index: Index) -> None:
    assert after(index, "Cambiando de tema: ¿hay becas?", FISHING).text == "¿hay becas?"


@pytest.mark.parametrize("text", ["¿Y el segundo?", "and the second?", "e o segundo?"])
def test_the_second_is_a_programme_only_after_programmes(index: Index, text: str) -> None:
    named = replace(GRANTS, preferred=(1,))
    assert after(index, text, GRANTS).programme is None
    assert after(index, text, named).programme == 2


@pytest.mark.parametrize("is_complete", [True, False])
def test_a_middling_question_leans_unless_it_is_complete(index: Index, is_complete: bool) -> None:
    text = "¿En qué puerto se instala la base antártica?"
    reading = after(index, text, GRANTS, is_complete=is_complete)
    assert bool(reading.context) is not is_complete


def test_what_is_narrowed_keeps_what_it_leaned_on(index: Index) -> None:
    leaning = replace(FISHING, context=GRANTS.text)
    narrowed = after(index, "solo los del programa de la paz", leaning)
    assert FISHING.text in narrowed.context
    assert GRANTS.text in narrowed.context


@pytest.mark.parametrize(
    ("text", "language"),
    [
        row("Contame más", "es", id="es"),
        row("Tell me more, please", "en", id="en"),
        row("Fale mais", "pt", id="pt"),
        row("更多", "zh", id="zh"),
    ],
)
def test_more_is_wanted_on_what_was_asked_last(index: Index, text: str, language: Language) -> None:
    reading = after(index, text, FISHING, GRANTS, language=language)
    assert (reading.text, reading.language, reading.wants_more) == (GRANTS.text, language, True)


@pytest.mark.parametrize("previous", [GRANTS, FORUMS], ids=["content", "structure"])
@pytest.mark.parametrize(
    ("text", "language"),
    [
        row("En inglés, por favor", "en", id="en"),
        row("in Portuguese please", "pt", id="pt"),
        row("em chinês", "zh", id="zh"),
        row("用西班牙语", "es", id="es"),
        row("Could you say that in Spanish please, my boss is Cuban", "es", id="reason-en"),
        row("¿Me lo podés decir en inglés? Es para mi jefa", "en", id="reason-es"),
        row("Pode traduzir para o inglês? É pra minha orientadora", "en", id="reason-pt"),
        row("麻烦用英文再说一遍，我要引到论文里", "en", id="reason-zh"),
    ],
)
def test_the_same_is_asked_again_in_another_language(
    index: Index, previous: Reading, text: str, language: Language
) -> None:
    reading = after(index, text, previous)
    assert (reading.text, reading.request) == (previous.text, previous.request)
    assert reading.language == language


@pytest.mark.parametrize(
    "text",
    [
        "En inglés: ¿qué dice de la pesca?",
        "Say it in English. And what about scholarships for teachers?",
        "¿Hay becas en inglés?",
        "¿Qué se traduce al chino?",
        "What gets translated into Chinese?",
        "say it in English, how many scholarships are there",
    ],
)
def test_a_language_beside_another_question_repeats_nothing(index: Index, text: str) -> None:
    assert after(index, text, GRANTS).text == text


@pytest.mark.parametrize(
    "text",
    [
        row("Solo los del programa de la paz", id="only-es"),
        row("Just those in the peace programme", id="only-en"),
        row("Apenas os do programa da paz", id="only-pt"),
        row("¿Y en el programa de la paz?", id="and-es"),
        row("And in the peace programme?", id="and-en"),
        row("E no programa da paz?", id="and-pt"),
    ],
)
@pytest.mark.parametrize("previous", [GRANTS, FORUMS], ids=["content", "structure"])
def test_what_was_asked_is_narrowed_to_a_programme(
    index: Index, text: str, previous: Reading
) -> None:
    reading = after(index, text, previous)
    narrowed = previous.request and previous.request.within(4)
    assert (reading.text, reading.programme, reading.request) == (previous.text, 4, narrowed)


def test_a_narrower_question_with_a_topic_of_its_own_keeps_it(index: Index) -> None:
    reading = after(index, "Solo la ciberseguridad en el programa de la paz", GRANTS)
    assert ("ciberseguridad" in reading.text, reading.programme) == (True, 4)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        row("¿En qué programa está eso?", "programme_of", id="programme-es"),
        row("Which programme is that in?", "programme_of", id="programme-en"),
        row("Em que programa está isso?", "programme_of", id="programme-pt"),
        row("这属于哪个工程？", "programme_of", id="programme-zh"),
        row("¿En qué sección está eso?", "section_of", id="section-es"),
        row("Which section is that in?", "section_of", id="section-en"),
    ],
)
def test_the_place_of_what_was_talked_about_is_asked_for(
    index: Index, text: str, intent: str
) -> None:
    reading = after(index, text, GRANTS, intent=intent)
    kind = reading.request and reading.request.kind
    assert (reading.text, kind, reading.request and reading.request.topic) == (
        GRANTS.text,
        intent,
        "",
    )


@pytest.mark.parametrize("intent", ["section_of", "programme_of", "mentions"])
@pytest.mark.parametrize(
    "text", ["¿Y dónde será?", "Where would it take place?", "E onde seria?", "在哪里举行？"]
)
def test_where_it_will_be_is_no_place_in_the_document(index: Index, text: str, intent: str) -> None:
    reading = after(index, text, GRANTS, intent=intent)
    assert (reading.text, reading.request, reading.context) == (text, None, GRANTS.text)


@pytest.mark.parametrize(
    "text",
    [
        "¿Dónde queda eso en el documento?",
        "Onde fica isso no documento?",
        "Where will I find it, which programme?",
        "这一部分在哪里开始？",
    ],
)
def test_where_it_is_in_the_document_is_a_place_there(index: Index, text: str) -> None:
    reading = after(index, text, GRANTS, intent="programme_of")
    assert reading.request and reading.request.kind == "programme_of"


def test_the_place_of_something_else_is_not_that_of_what_was_talked_about(index: Index) -> None:
    reading = after(index, "¿En qué programa está el turismo?", GRANTS, intent="programme_of")
    assert reading.request and reading.request.topic == "turismo"


@pytest.mark.parametrize("text", ["¿Y la primera?", "The first one", "A primeira", "第一个"])
def test_the_first_topic_of_the_conversation_is_found_again(index: Index, text: str) -> None:
    assert after(index, text, GRANTS, FISHING).text == GRANTS.text


@pytest.mark.parametrize(
    "text",
    [
        row("Volviendo a las becas, ¿hay plazas para campamentos de verano?", id="es"),
        row("Back to the becas: are there places for summer camps in the country?", id="en"),
        row("Voltando às becas, voltando ao tema: existem vagas para acampamentos?", id="pt"),
    ],
)
def test_a_topic_that_is_named_again_is_found_again(index: Index, text: str) -> None:
    assert after(index, text, GRANTS, FISHING).context == GRANTS.text


def test_a_question_about_the_structure_stands_alone(index: Index) -> None:
    reading = after(index, "¿Cuántas secciones hay?", GRANTS, intent="count")
    assert (reading.request and reading.request.kind, reading.context) == ("count", "")


@given(QUESTIONS)
def test_whatever_follows_leans_only_on_what_was_asked(index: Index, text: str) -> None:
    reading = after(index, text, GRANTS, FISHING)
    assert reading.context in {"", GRANTS.text, FISHING.text}


@pytest.mark.parametrize(
    ("text", "programme"),
    [
        ("restringe eso al capítulo de la solidaridad", 1),
        ("just the culture bit now", 3),
        ("no eixo 1, o que exatamente?", 1),
        ("讲团结的那部分里怎样表述", 1),
        ("Narrow it to programme four.", 4),
        ("filtrá por el nº 2", 2),
    ],
)
def test_a_part_on_a_theme_or_by_its_place_narrows_the_previous_question(
    index: Index, text: str, programme: int
) -> None:
    assert after(index, text, FISHING).programme == programme


PEACE_FORUMS = Reading(
    FORUMS.text,
    "es",
    programme=4,
    request=Request("names", programmes=(4,), names=("forum",)),
    base=FORUMS,
)
"""The forums, narrowed to the programme on peace."""


@pytest.mark.parametrize(
    "text",
    [
        row("¿y en todo el documento?", id="es"),
        row("ahora los de todos los programas", id="all-es"),
        row("and in the whole document?", id="en"),
        row("e no documento todo?", id="pt"),
        row("整个文件呢", id="zh"),
    ],
)
def test_what_was_narrowed_is_widened_again(index: Index, text: str) -> None:
    reading = after(index, text, FORUMS, PEACE_FORUMS)
    assert (reading.programme, reading.request) == (None, FORUMS.request)


def test_what_was_asked_of_one_programme_is_widened_too(index: Index) -> None:
    alone = Reading("¿Qué foros hay en el de la paz?", "es", request=PEACE_FORUMS.request)
    reading = after(index, "¿y en todo el documento?", alone)
    assert reading.request == FORUMS.request


@pytest.mark.parametrize(
    ("text", "programme", "intent"),
    [
        row("nomás programa de los pueblos", 5, "overview", id="bare-es"),
        row("文明工程部分单独给我", 3, "outline", id="bare-zh"),
        row("那团结工程呢？", 1, "outline", id="and-zh"),
        row("¿y los de desarrollo?", 2, CONTENT, id="name alone-es"),
        row("and development?", 2, CONTENT, id="name alone-en"),
        row("e no das civilizações?", 3, CONTENT, id="name alone-pt"),
        row("限定在第五个工程", 5, CONTENT, id="number-zh"),
        row("¿y el 5?", 5, CONTENT, id="number-es"),
        row("e o 2?", 2, CONTENT, id="number-pt"),
    ],
)
def test_another_programme_takes_the_place_of_the_one_before(
    index: Index, text: str, programme: int, intent: str
) -> None:
    reading = after(index, text, FORUMS, PEACE_FORUMS, intent=intent)
    narrowed = FORUMS.request and FORUMS.request.within(programme)
    assert (reading.programme, reading.request) == (programme, narrowed)


def test_only_something_of_a_part_is_looked_for_there(index: Index) -> None:
    text = "I only care about the antiquities, i.e. the part on civilisations"
    reading = after(index, text, GRANTS, intent="overview")
    assert (reading.programme, reading.request) == (3, None)


@pytest.mark.parametrize("text", ["¿Cuántos?", "how many?", "quantos são?", "一共多少个？"])
def test_a_list_is_counted_by_giving_it_again(index: Index, text: str) -> None:
    assert after(index, text, FORUMS, intent="count").request == FORUMS.request


@pytest.mark.parametrize("text", ["Comparalos", "compare them", "compare os dois", "比较一下"])
def test_the_last_two_sections_are_compared(index: Index, text: str) -> None:
    asked = [
        Reading(f"Resume {id_}", "es", request=Request("overview", (id_,)))
        for id_ in ("1.1", "2.8", "2.9")
    ]
    assert after(index, text, *asked).request == Request("compare", ("2.8", "2.9"))


def test_a_list_of_those_stays_within_the_programme(index: Index) -> None:
    reading = after(index, "¿Cuáles de esos son seminarios?", PEACE_FORUMS, intent="names")
    assert reading.programme == PEACE_FORUMS.programme


@pytest.mark.parametrize(
    ("text", "programmes"),
    [
        ("¿y en los programas 1 y 3?", (1, 3)),
        ("¿y fuera del programa de la paz?", (1, 2, 3, 5)),
        ("和平工程之外呢", (1, 2, 3, 5)),
    ],
)
def test_a_list_is_given_for_several_programmes(
    index: Index, text: str, programmes: tuple[int, ...]
) -> None:
    request = after(index, text, FORUMS).request
    assert request == Request("names", programmes=programmes, names=("forum",))


def test_outside_a_programme_the_others_come_first(index: Index) -> None:
    reading = after(index, "¿y fuera del programa de la paz?", GRANTS)
    assert (reading.text, reading.preferred) == (GRANTS.text, (1, 2, 3, 5))
