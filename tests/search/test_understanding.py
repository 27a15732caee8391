import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Language, Question
from rag.errors import InputError
from rag.search.index import Index
from rag.search.reading import Reading
from rag.search.understanding import MAX_HISTORY, MAX_QUESTION, Understanding
from tests.product import document

row = pytest.param
ANYTHING = st.text(max_size=40)
TURNS = st.lists(
    st.sampled_from(
        ["¿Y la pesca?", "contame más", "solo en el programa de la paz", "那体育呢？", " "]
    ),
    max_size=MAX_HISTORY + 6,
)


@pytest.fixture(scope="module")
def understanding(index: Index) -> Understanding:
    return Understanding(document(), index, lambda alone, leaning: False)


def read(understanding: Understanding, *texts: str) -> Reading:
    """What the last of several questions means."""
    *earlier, last = (Question(text) for text in texts)
    return understanding.read(last, earlier)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        row("¿Qué propone en materia de turismo?", "es", id="es"),
        row("What does it propose on tourism?", "en", id="en"),
        row("O que propõe em relação ao turismo?", "pt", id="pt"),
        row("在旅游方面提出什么？", "zh", id="zh"),
    ],
)
def test_the_language_is_that_of_the_question(
    understanding: Understanding, text: str, language: Language
) -> None:
    assert read(understanding, text).language == language


def test_a_language_that_is_chosen_wins(understanding: Understanding) -> None:
    question = Question("What does it propose on tourism?", "pt")
    assert understanding.read(question).language == "pt"


def test_a_question_is_read_in_its_own_language_and_not_in_the_one_before(
    understanding: Understanding,
) -> None:
    assert read(understanding, "¿Qué dice de la pesca?", "And what about sports?").language == "en"


@given(ANYTHING)
def test_a_question_is_either_understood_or_refused_with_a_remedy(
    understanding: Understanding, text: str
) -> None:
    try:
        assert read(understanding, text).text
    except InputError as error:
        assert error.remedy


@pytest.mark.parametrize(
    "text",
    [
        row("", id="nothing"),
        row(" \n\t", id="space"),
        row("¿¡?!…", id="marks"),
        row("\u200b\u202e\x00", id="invisible"),
    ],
)
def test_a_question_without_words_is_refused(understanding: Understanding, text: str) -> None:
    with pytest.raises(InputError, match="no contiene palabras"):
        read(understanding, text)


def test_a_question_that_is_too_long_is_refused(understanding: Understanding) -> None:
    with pytest.raises(InputError, match="el límite es 4000"):
        read(understanding, "a" * (MAX_QUESTION + 1))


@pytest.mark.parametrize("programme", [-1, 0, 6, 44])
def test_a_filter_by_a_programme_that_does_not_exist_is_refused(
    understanding: Understanding, programme: int
) -> None:
    with pytest.raises(InputError, match=f"No existe el programa {programme}"):
        understanding.read(Question("pesca", None, programme))


@pytest.mark.parametrize("programme", [None, *document().programme_by_number])
def test_a_filter_is_kept(understanding: Understanding, programme: int | None) -> None:
    assert understanding.read(Question("pesca", None, programme)).programme == programme


def test_what_is_searched_for_is_cleaned(understanding: Understanding) -> None:
    assert read(understanding, " ¿Qué\x00 dice\n de la pesca\u202e? ").text == (
        "¿Qué dice de la pesca?"
    )


@pytest.mark.parametrize("earlier", ["", "  ", "\x00"], ids=["nothing", "space", "null"])
def test_an_earlier_question_without_words_changes_nothing(
    understanding: Understanding, earlier: str
) -> None:
    fishing, sports = "¿Qué dice de la pesca?", "¿Y los deportes?"
    assert read(understanding, fishing, earlier, sports).context == fishing


def test_an_earlier_question_that_is_too_long_is_cut(understanding: Understanding) -> None:
    reading = read(understanding, "pesca " * MAX_QUESTION, "¿Y los deportes?")
    assert 0 < len(reading.context) <= MAX_QUESTION


@given(TURNS)
def test_only_the_last_questions_of_a_long_conversation_count(
    understanding: Understanding, turns: list[str]
) -> None:
    last = "¿Y los deportes?"
    assert read(understanding, *turns, last) == read(understanding, *turns[-MAX_HISTORY:], last)


def test_a_filter_of_an_earlier_question_does_not_stick(understanding: Understanding) -> None:
    earlier = Question("¿Qué dice de la pesca?", None, 2)
    assert understanding.read(Question("¿Qué dice del turismo?"), [earlier]).programme is None


@pytest.mark.parametrize(
    "text",
    [
        row("¿Qué dice la sección 7.3?", id="section-es"),
        row("What does section 2.18 say?", id="section-en"),
        row("O que diz a seção 6.1?", id="section-pt"),
        row("¿Qué propone el octavo programa?", id="programme-es"),
        row("What does the 6th programme say?", id="programme-en"),
        row("O que diz o sétimo programa?", id="programme-pt"),
        row("第六个工程讲什么？", id="programme-zh"),
    ],
)
def test_a_programme_or_section_that_does_not_exist_is_strange(
    understanding: Understanding, text: str
) -> None:
    reading = read(understanding, text)
    assert (reading.is_strange, reading.request) == (True, None)


EXISTING = [
    *(f"sección {id_}" for id_ in document().section_by_id if id_[0].isdigit()),
    *("primer programa", "second programme", "terceiro programa", "第四个工程", "last programme"),
    *(programme.title for programme in document().programmes),
]


@pytest.mark.parametrize("name", EXISTING)
def test_a_programme_or_section_that_exists_is_not_strange(
    understanding: Understanding, name: str
) -> None:
    assert not read(understanding, f"¿Qué dice: {name}?").is_strange


@pytest.mark.parametrize(
    ("turns", "kind", "programmes"),
    [
        row(
            ("¿Qué foros nombra el documento?", "Solo los del programa de la paz"),
            "names",
            (4,),
            id="narrowed-es",
        ),
        row(
            ("List all the forums of the document.", "And in the development programme?"),
            "names",
            (2,),
            id="narrowed-en",
        ),
        row(
            ("Quantas subseções tem o programa da paz?", "E o programa dos povos?"),
            "count",
            (5,),
            id="another programme-pt",
        ),
        row(
            ("¿Qué dice de la pesca?", "¿Cuántas subsecciones tiene el programa de la paz?"),
            "count",
            (4,),
            id="after content-es",
        ),
        row(("文件怎么谈奖学金？", "和平工程有多少个小节？"), "count", (4,), id="after content-zh"),
    ],
)
def test_the_structure_is_asked_about_in_a_conversation(
    understanding: Understanding, turns: tuple[str, ...], kind: str, programmes: tuple[int, ...]
) -> None:
    request = read(understanding, *turns).request
    assert request and (request.kind, request.programmes) == (kind, programmes)
