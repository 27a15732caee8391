import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus.questions import Intent
from rag.domain import Language
from rag.search.comparing import MAX_SPLITS
from rag.search.index import Index
from rag.search.requests import Order, Request
from rag.search.structure import StructureReader
from tests.product import document
from tests.search.deciding import always

row = pytest.param
SECTIONS = tuple(document().section_by_id)
PROGRAMMES = tuple(document().programme_by_number)
WORDS = [
    *("¿Qué", "cuántos", "lista", "todos", "los", "foros", "programas", "secciones", "dónde"),
    *("se", "menciona", "compara", "resume", "programa", "de", "la", "paz", "y", "con", "pesca"),
    *("how", "many", "which", "section", "programme", "compare", "summary", "and", "tourism"),
    *("4.2", "5.6", "prólogo", "parte II", "«Zona de Paz»", "哪一节", "工程", "比较", "和", "论坛"),
]
QUESTIONS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
ASKED: dict[tuple[Intent, Language], str] = {
    ("outline", "es"): "¿Qué subsecciones tiene el programa de los pueblos?",
    ("outline", "en"): "List the sections of the civilisations programme.",
    ("outline", "pt"): "Quais subseções tem o programa da paz?",
    ("outline", "zh"): "发展工程有哪些小节？",
    ("count", "es"): "¿Cuántas subsecciones tiene el programa del desarrollo?",
    ("count", "en"): "How many sections does the development programme have?",
    ("count", "pt"): "Quantas subseções tem o programa dos povos?",
    ("count", "zh"): "文明工程有多少个小节？",
    ("names", "es"): "Enumera todos los foros que nombra el documento.",
    ("names", "en"): "List all the initiatives mentioned in the document.",
    ("names", "pt"): "Liste todos os centros citados no documento.",
    ("names", "zh"): "列出文件提到的所有论坛。",
    ("programme_of", "es"): "¿A qué programa pertenece la cooperación sanitaria?",
    ("programme_of", "en"): "Which programme does sports belong to?",
    ("programme_of", "pt"): "A que programa pertence o turismo?",
    ("programme_of", "zh"): "网络安全属于哪个工程？",
    ("section_of", "es"): "¿En qué subsección se trata la ciberseguridad?",
    ("section_of", "en"): "Which section covers tourism?",
    ("section_of", "pt"): "Em que seção se fala de energia nuclear?",
    ("section_of", "zh"): "哪一节讲农业？",
    ("mentions", "es"): "Lista todos los lugares que mencionan la CELAC.",
    ("mentions", "en"): "List every place where BeiDou is mentioned.",
    ("mentions", "pt"): "Liste todos os trechos que mencionam BeiDou.",
    ("mentions", "zh"): "列出所有提到北斗的地方。",
    ("compare", "es"): "Compara el programa de la paz con el del desarrollo.",
    ("compare", "en"): "Compare section 4.2 with section 4.5.",
    ("compare", "pt"): "Compare a seção 5.5 com a seção 3.4.",
    ("compare", "zh"): "比较农业合作和航天合作。",
    ("overview", "es"): "Resume la subsección 3.4.",
    ("overview", "en"): "Give me a summary of section 5.3.",
    ("overview", "pt"): "Resuma o programa da paz.",
    ("overview", "zh"): "概括第5.5节的内容。",
}
"""Plain questions about the structure."""


@pytest.fixture(scope="module")
def reader(index: Index) -> StructureReader:
    return StructureReader(document(), index.annotator, index.intents)


def read(index: Index, intent: str, question: str, language: Language = "es") -> Request | None:
    """What a question asks of the structure, where its intent is taken as given."""
    return StructureReader(document(), index.annotator, always(intent)).read(question, language)


def understood(index: Index, intent: str, question: str, language: Language = "es") -> Request:
    request = read(index, intent, question, language)
    assert request is not None
    return request


@pytest.mark.parametrize(("kind", "language"), ASKED)
def test_a_plain_question_about_the_structure_is_recognised(
    reader: StructureReader, kind: Intent, language: Language
) -> None:
    request = reader.read(ASKED[kind, language], language)
    assert request is not None and request.kind == kind


@pytest.mark.parametrize(
    ("language", "question"),
    [
        row("es", "¿Qué propone sobre la pesca ilegal?", id="proposal"),
        row("es", "¿Cuántas becas se ofrecerán a estudiantes?", id="amount"),
        row("es", "¿Qué países pueden usar BeiDou?", id="countries"),
        row("en", "Will China send medical missions?", id="yes or no"),
        row("en", "How does China view Taiwan?", id="view"),
        row("pt", "China apoia a energia nuclear?", id="support"),
        row("pt", "O que a China diz sobre o combate às drogas?", id="saying"),
        row("zh", "中国支持核能合作吗？", id="support-zh"),
        row("zh", "关于旅游有什么措施？", id="measures-zh"),
    ],
)
def test_a_question_about_content_asks_nothing_of_the_structure(
    reader: StructureReader, language: Language, question: str
) -> None:
    assert reader.read(question, language) is None


@pytest.mark.parametrize("number", PROGRAMMES)
@pytest.mark.parametrize("intent", ["outline", "count"])
def test_a_programme_is_asked_for_by_its_own_title(index: Index, intent: str, number: int) -> None:
    title = document().programme_by_number[number].title
    assert understood(index, intent, f"¿Qué subsecciones tiene el {title}?").programmes == (number,)


@pytest.mark.parametrize("id_", SECTIONS[4:])
def test_a_section_is_asked_for_by_its_number(index: Index, id_: str) -> None:
    assert understood(index, "overview", f"Resume la sección {id_}.").sections == (id_,)


def test_sections_come_in_the_order_of_the_question(index: Index) -> None:
    request = understood(index, "overview", "Resume 4.2, 4.5 y 1.1.")
    assert request.sections == ("4.2", "4.5", "1.1")


def test_the_outline_of_the_whole_document_has_its_parts_and_programmes(index: Index) -> None:
    request = understood(index, "outline", "Muéstrame el índice.")
    assert (request.is_of_parts, request.is_of_programmes) == (True, True)


def test_the_outline_of_the_programmes_leaves_out_the_parts_before_them(index: Index) -> None:
    request = understood(index, "outline", "What are the five programmes?", "en")
    assert (request.is_of_parts, request.is_of_programmes) == (False, True)


def test_the_outline_of_one_section_is_its_overview(index: Index) -> None:
    request = understood(index, "outline", "¿Qué contiene la sección 3.4?")
    assert (request.kind, request.sections) == ("overview", ("3.4",))


@pytest.mark.parametrize("intent", ["outline", "count"])
@pytest.mark.parametrize(
    ("question", "programme"),
    [
        row("¿Qué apartados reúne la paz?", 4, id="peace"),
        row("¿Qué apartados reúne la solidaridad?", 1, id="unity"),
    ],
)
def test_sections_are_asked_of_a_programme_by_its_theme_alone(
    index: Index, intent: str, question: str, programme: int
) -> None:
    assert understood(index, intent, question).programmes == (programme,)


@pytest.mark.parametrize("intent", ["outline", "count"])
def test_the_structure_of_another_document_is_not_ours(index: Index, intent: str) -> None:
    question = "¿Cuántos artículos tiene la Constitución de Chile?"
    assert read(index, intent, question) is None


@pytest.mark.parametrize(
    ("intent", "question"),
    [
        row("names", "¿Qué se nombra?", id="names of no class"),
        row("mentions", "¿Dónde?", id="mentions of nothing"),
        row("compare", "Compara la sección 4.2.", id="comparison of one section"),
        row("overview", "Resumen", id="overview of nothing"),
    ],
)
def test_a_question_that_says_too_little_asks_nothing_of_the_structure(
    index: Index, intent: str, question: str
) -> None:
    assert read(index, intent, question) is None


def test_names_are_asked_for_by_their_classes_in_order(index: Index) -> None:
    assert understood(index, "names", "Lista los fondos y los foros.").names == ("fund", "forum")


@pytest.mark.parametrize("marks", ["«»", "“”", '""', "「」"])
def test_what_is_quoted_is_what_is_looked_for(index: Index, marks: str) -> None:
    question = f"¿Dónde aparece {marks[0]}Zona de Paz{marks[1]} en el documento?"
    assert understood(index, "mentions", question).parts == ("zona de paz",)


def test_mentions_may_be_asked_of_one_programme(index: Index) -> None:
    request = understood(index, "mentions", "¿Dónde menciona la CELAC el programa de la paz?")
    assert (request.parts, request.programmes) == (("celac",), (4,))


@pytest.mark.parametrize(
    ("language", "question", "sides"),
    [
        row("es", "Compara la pesca con el turismo.", ("la pesca", "el turismo"), id="es"),
        row("en", "Compare fishing and tourism.", ("fishing", "tourism"), id="en"),
        row("pt", "Compare a pesca com o turismo.", ("a pesca", "o turismo"), id="pt"),
        row("zh", "比较渔业与旅游。", ("渔业", "旅游"), id="zh"),
    ],
)
def test_a_comparison_is_parted_between_its_two_themes_first(
    index: Index, language: Language, question: str, sides: tuple[str, str]
) -> None:
    likeliest = understood(index, "compare", question, language).splits[0]
    assert tuple(side.strip(" .。") for side in likeliest) == sides


@given(question=QUESTIONS, intent=st.sampled_from(["compare", "overview", "mentions", "names"]))
def test_what_is_understood_can_always_be_answered_about(
    index: Index, question: str, intent: str
) -> None:
    request = read(index, intent, question)
    assert request is None or says_enough(request)


def says_enough(request: Request) -> bool:
    named = len(request.sections) + len(request.programmes)
    return {
        "compare": named > 1 or bool(request.topic),
        "overview": bool(named or request.topic),
        "mentions": bool(request.parts),
        "names": bool(request.names),
        "outline": True,
    }[request.kind]


@given(question=QUESTIONS)
def test_only_programmes_and_sections_that_exist_are_asked_for(
    reader: StructureReader, question: str
) -> None:
    named = reader.named(question)
    assert set(named.sections) <= set(SECTIONS) and set(named.programmes) <= set(PROGRAMMES)


@given(st.lists(st.sampled_from(["pesca", "y", "con", "o", "vs"]), max_size=40).map(" ".join))
def test_a_comparison_is_parted_at_a_few_places_and_never_leaves_a_side_empty(
    index: Index, question: str
) -> None:
    request = read(index, "compare", f"Compara {question}")
    splits = request.splits if request else ()
    assert len(splits) <= 2 * MAX_SPLITS and all(side.strip() for s in splits for side in s)


@pytest.mark.parametrize("number", PROGRAMMES)
def test_a_request_within_a_programme_asks_the_same_of_it_alone(number: int) -> None:
    request = Request("names", ("4.2",), (4,), names=("forum",), is_of_programmes=True)
    assert request.within(number) == Request("names", (), (number,), names=("forum",))


def test_the_name_of_a_programme_is_taken_out_of_a_question(reader: StructureReader) -> None:
    programmes, rest = reader.programmes_in("la pesca en el programa de la paz")
    assert (programmes, "pesca" in rest, "paz" in rest) == ((4,), True, False)


def test_words_that_ask_about_a_document_leave_the_topic_behind() -> None:
    left = StructureReader.without_talk("lista donde se menciona la pesca")
    assert left.split() == ["se", "la", "pesca"]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        row("¿Cuántas veces se dice Taiwán?", "es", id="es"),
        row("How many times do they say Taiwan?", "en", id="en"),
        row("Quantas vezes se diz Taiwan?", "pt", id="pt"),
        row("台湾提到几次？", "zh", id="zh"),
        row("¿En cuántas secciones se nombra Taiwán?", "es", id="sections-es"),
        row("In how many sections is Taiwan mentioned?", "en", id="sections-en"),
        row("Em quantas seções Taiwan é citado?", "pt", id="sections-pt"),
        row("台湾在几个小节里提到？", "zh", id="sections-zh"),
    ],
)
def test_how_often_a_thing_is_named_asks_for_its_places(
    index: Index, question: str, language: Language
) -> None:
    assert understood(index, "count", question, language).kind == "mentions"


def test_a_tentative_list_is_of_some_of_a_class(index: Index) -> None:
    some = understood(index, "names", "¿Qué foros de pesca hay?")
    whole = understood(index, "names", "Todos los foros de pesca")
    assert (some.is_tentative, whole.is_tentative) == (True, False)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        row("¿Dónde se habla de pesca?", "mentions", id="where"),
        row("¿En qué secciones se habla de pesca?", "mentions", id="several"),
        row("¿En qué sección se habla de pesca?", "section_of", id="one"),
    ],
)
def test_where_a_thing_is_spoken_of_means_all_places_unless_one_section_is_asked_for(
    index: Index, question: str, kind: Intent
) -> None:
    assert understood(index, "section_of", question).kind == kind


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        row("¿Dónde se habla de pesca o turismo?", ("pesca", "turismo"), id="or"),
        row("¿Dónde se habla de pesca, turismo y becas?", ("pesca", "turismo", "becas"), id="list"),
        row("Soy chef en Quito, ¿dónde se habla de pesca?", ("pesca",), id="who is asking"),
        row("Soy de Lima y quiero saber dónde se habla de pesca", ("pesca",), id="a wish"),
        row("¿Dónde dice «paz» o «zona de paz»?", ("paz", "zona de paz"), id="quotations"),
        row("Busco dónde menciona la pesca, no solo en aduanas", ("pesca",), id="not only there"),
        row("Sobre la pesca, quiero cada apartado que la menciona", ("pesca",), id="theme first"),
    ],
)
def test_each_thing_is_looked_for_by_itself(
    index: Index, question: str, parts: tuple[str, ...]
) -> None:
    assert understood(index, "mentions", question).parts == parts


@pytest.mark.parametrize(
    ("question", "language", "order"),
    [
        row("¿Qué apartado sigue después de 3.4?", "es", "next", id="next"),
        row("Which section comes before 3.4?", "en", "previous", id="previous"),
        row("¿Cuál es el último apartado del documento?", "es", "last", id="last"),
        row("¿Qué apartado abre el programa de la paz?", "es", "first", id="first"),
        row("Which topic sits between infrastructure and farming?", "en", "between", id="between"),
        row("Lo del turismo, ¿entre qué dos apartados está?", "es", "around", id="around"),
        row("体育前面是什么、后面是什么？", "zh", "around", id="before and after"),
        row("¿La pesca va antes o después de las aduanas?", "es", "compared", id="which is first"),
        row("¿Qué viene antes de deportes?", "es", "previous", id="comes before"),
        row("Acabada a agricultura, o que vem?", "pt", "next", id="comes next"),
        row("¿Qué viene después de agricultura en el programa 2?", "es", "next", id="inside one"),
        row("Com que assunto o documento termina?", "pt", "last", id="no word for a section"),
    ],
)
def test_one_section_may_be_asked_for_by_its_place(
    index: Index, question: str, language: Language, order: Order
) -> None:
    assert understood(index, "outline", question, language).order == order


@pytest.mark.parametrize(
    ("question", "programmes"),
    [
        row("¿Qué programa tiene más apartados?", (2,), id="most"),
        row("Which programme has the fewest sections?", (3, 4, 5), id="fewest"),
        row("最长的工程有几节？", (2,), id="longest"),
    ],
)
def test_programmes_may_be_asked_for_by_their_size(
    index: Index, question: str, programmes: tuple[int, ...]
) -> None:
    assert understood(index, "count", question).programmes == programmes


@pytest.mark.parametrize(
    "question",
    [
        "Sé que uno es el programa de la paz, ¿cuáles son los otros cuatro?",
        "Peace is one of the programmes; name the other four.",
        "除了团结那个工程，剩下四个工程叫什么",
    ],
)
def test_the_programmes_that_are_left_are_listed_with_all(index: Index, question: str) -> None:
    assert understood(index, "outline", question) == Request("outline", is_of_programmes=True)


@pytest.mark.parametrize(
    "question", ["Resume todo el documento", "sum up the whole paper", "概括全文"]
)
def test_an_overview_of_nothing_in_particular_is_an_outline(index: Index, question: str) -> None:
    whole = Request("outline", is_of_parts=True, is_of_programmes=True)
    assert understood(index, "overview", question) == whole


def test_the_point_of_a_programme_where_a_thing_is_is_its_place(index: Index) -> None:
    question = "Taxes are dealt with at what point number of the development programme?"
    assert understood(index, "outline", question, "en").kind == "section_of"


@pytest.mark.parametrize(
    ("question", "classes"),
    [("instituciones que se llaman «centros»", ("centre",)), ("所有叫“中心”的机构", ("centre",))],
)
def test_a_class_in_quotation_marks_is_what_is_asked_for(
    index: Index, question: str, classes: tuple[str, ...]
) -> None:
    request = understood(index, "names", question)
    assert (request.names, request.parts) == (classes, ())


@pytest.mark.parametrize("question", ["How many programmes are there, at least?", "at most five?"])
def test_at_least_and_at_most_ask_for_no_size(index: Index, question: str) -> None:
    request = read(index, "count", question, "en")
    assert request is None or request.programmes == ()


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        row("No solo la pesca: ¿dónde se menciona el turismo?", ("turismo",), id="first"),
        row(
            "¿Dónde sale la pesca, no solo en aduanas, sino el turismo?",
            ("pesca", "turismo"),
            id="in",
        ),
    ],
)
def test_only_the_exception_is_left_out(
    index: Index, question: str, parts: tuple[str, ...]
) -> None:
    assert understood(index, "mentions", question).parts == parts


@pytest.mark.parametrize(
    "question",
    [
        "Para mi clase de turismo: necesito la lista de los foros",
        "One more thing for my tourism class, tell me which forums are named",
    ],
)
def test_what_a_wish_is_for_narrows_nothing(index: Index, question: str) -> None:
    assert understood(index, "names", question).hints == ()


def test_a_topic_before_a_wish_is_looked_for(index: Index) -> None:
    request = understood(index, "mentions", "Pesca: quiero cada apartado donde se habla de ella")
    assert request.parts == ("pesca",)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        row("¿Qué apartados hay sobre la cooperación entre China y América Latina?", "es", id="en"),
        row("List the sections on energy in the following format: id, title", "en", id="format"),
        row("¿Qué puntos vienen sobre energía en el programa de desarrollo?", "es", id="vienen"),
        row("Give me the table of contents from start to finish", "en", id="from start"),
        row("Lay out the whole structure from start to end", "en", id="to end"),
        row("Dame el índice y la fecha del documento", "es", id="fecha"),
        row("¿De qué va cada apartado del programa de la paz?", "es", id="va"),
    ],
)
def test_words_of_order_in_passing_ask_for_no_place(
    index: Index, question: str, language: Language
) -> None:
    request = read(index, "outline", question, language)
    assert request is None or request.order is None


def test_the_sections_of_the_last_programme_are_no_single_section(index: Index) -> None:
    request = understood(index, "outline", "¿Qué secciones tiene el último programa?")
    assert (request.order, request.programmes) == (None, (5,))


@pytest.mark.parametrize(
    ("question", "intent_taken"),
    [row("¿Habrá pesca y turismo?", False, id="no word"), row("Pesca vs. turismo", True, id="vs")],
)
def test_without_a_word_that_compares_a_comparison_must_be_surer(
    index: Index,
    question: str,
    intent_taken: bool,
) -> None:
    reader = StructureReader(document(), index.annotator, always("compare", lead=0.5))
    assert (reader.read(question, "es") is not None) == intent_taken


@pytest.mark.parametrize(
    ("question", "language", "programmes"),
    [
        ("Qual programa é o mais comprido?", "pt", (2,)),
        ("哪个工程条目最多？", "zh", (2,)),
        ("哪个工程条目最多、哪个最少？", "zh", ()),
        ("Which programme has the most sections, and which the fewest?", "en", ()),
    ],
)
def test_programmes_of_one_size_are_told_from_both_sizes(
    index: Index, question: str, language: Language, programmes: tuple[int, ...]
) -> None:
    request = understood(index, "count", question, language)
    assert request.programmes == programmes


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("O que vem antes dos programas? Tem prólogo?", "pt"),
        ("What comes before the five programmes?", "en"),
        ("五大工程之前有哪些部分？", "zh"),
    ],
)
def test_what_comes_before_the_programmes_are_the_parts(
    index: Index, question: str, language: Language
) -> None:
    request = understood(index, "outline", question, language)
    assert request.order is None
    assert request.is_of_parts


@pytest.mark.parametrize(
    ("question", "language", "part"),
    [
        ("Menciones a la pesca; trabajo en una ONG y es para un informe", "es", "pesca"),
        ("Every place where fishing is mentioned, I need them for a report", "en", "fishing"),
        ("Onde se fala de pesca? Todas as menções, sou jornalista e preciso delas", "pt", "pesca"),
        ("渔业分布在哪些部分，我要给学生做一张表", "zh", "渔业"),
    ],
)
def test_what_an_answer_is_for_is_not_looked_for(
    index: Index, question: str, language: Language, part: str
) -> None:
    assert understood(index, "mentions", question, language).parts == (part,)


@pytest.mark.parametrize(
    ("question", "end"),
    [
        ("Secciones que mencionan pesca y soya", "soya"),
        ("Todas las menciones de comercio y trabajo", "trabajo"),
        ("Every place that names trade and South-South cooperation", "cooperation"),
    ],
)
def test_a_second_thing_is_no_purpose(index: Index, question: str, end: str) -> None:
    language: Language = "en" if question.startswith("Every") else "es"
    assert understood(index, "mentions", question, language).topic.rstrip(".").endswith(end)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("¿Qué dice del Fondo Monetario Internacional?", ()),
        ("¿Qué comisiones mixtas hay?", ("commission",)),
    ],
)
def test_a_name_that_begins_with_a_word_for_a_class_is_one_only_in_the_plural(
    reader: StructureReader, question: str, names: tuple[str, ...]
) -> None:
    assert reader.cues(question, "es").classes == names
