import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus import names as proper_names
from rag.domain import LANGUAGES, Language
from rag.search.annotation import KNOWN, Annotator
from rag.search.cues import CLASS, Cue, CueReader, Cues
from rag.search.grammar import SECTION
from rag.search.naming import Name
from rag.search.normalisation import clean, fold
from rag.search.patterns import pattern, tables
from rag.search.references import PROGRAMME, ReferenceReader
from rag.search.requests import kinds_of
from tests.product import document

NAMES = (
    Name("orden internacional", "es", KNOWN, 0),
    Name("paz", "es", KNOWN, 1),
    Name("peace", "en", KNOWN, 1),
    Name("和平", "zh", KNOWN, 1),
    Name("los cinco programas", "es", KNOWN, 2),
    Name("litio", "es", "COVERED", 3),
    Name("锂矿", "zh", "COVERED", 3),
    Name("comercio", "es", KNOWN, 4),
    Name("fondos", "es", KNOWN, 5),
)
READER = CueReader(Annotator.of(NAMES, [], ["soy", "hay", "veces"]))
REFERENCES = ReferenceReader(document())

PIECES = ["¿Cuántos", "foros", "compara", "paz", "orden internacional", "2.5", "programa", "dos"]
QUESTIONS = st.one_of(
    st.text(st.characters(exclude_characters="§"), max_size=50),
    st.lists(st.sampled_from([*PIECES, ". ", "? ", "论坛", "几个", "。", "和平"])).map(" ".join),
)


def read(question: str, language: Language = "es") -> Cues:
    return READER.read(REFERENCES.read(fold(clean(question))), language)


def cue_names(question: str, language: Language = "es") -> set[str]:
    return {cue.name for cue in read(question, language).found}


def topic(question: str, language: Language = "es") -> list[str]:
    return [token.text for token in read(question, language).topic]


@pytest.mark.parametrize(
    ("question", "language", "cue"),
    [
        ("¿Cuántos apartados tiene?", "es", "count"),
        ("How many sections are there?", "en", "count"),
        ("Quantos tópicos há?", "pt", "count"),
        ("有几个小节？", "zh", "count"),
        ("Enumera los apartados", "es", "list"),
        ("列出所有论坛", "zh", "list"),
        ("list every forum", "en", "all"),
        ("¿Cuál es la estructura?", "es", "structure"),
        ("give me the outline", "en", "structure"),
        ("文件的框架", "zh", "structure"),
        ("¿Dónde se habla de becas?", "es", "where"),
        ("Where are scholarships covered?", "en", "where"),
        ("Onde fala de bolsas?", "pt", "mention"),
        ("哪里提到奖学金？", "zh", "mention"),
        ("Compara ambos programas", "es", "compare"),
        ("有什么区别？", "zh", "compare"),
        ("Resume el texto", "es", "overview"),
        ("a quick summary", "en", "overview"),
        ("¿En qué subsección está?", "es", "unit"),
        ("los programas", "es", "programme"),
    ],
)
def test_a_word_that_asks_about_structure_is_a_cue(
    question: str, language: Language, cue: str
) -> None:
    assert read(question, language).has(cue)


@pytest.mark.parametrize("key", sorted(tables("structure")["cues"]))
def test_a_question_without_cues_has_none(key: str) -> None:
    assert not read("China apoya la energía").has(key)


def test_a_word_may_be_several_cues() -> None:
    assert cue_names("¿Cuáles?") == {"list", "which"}


@pytest.mark.parametrize(
    ("question", "cue"),
    [("¿Qué dice de 2.5?", SECTION), ("Resume el segundo programa", PROGRAMME)],
    ids=["section", "programme"],
)
def test_a_reference_is_a_cue(question: str, cue: str) -> None:
    assert read(question).has(cue)


@pytest.mark.parametrize(
    ("question", "language", "classes"),
    [
        ("Enumera los fondos, foros y ferias", "es", ("fund", "forum", "fair")),
        ("all forums and all the fora", "en", ("forum",)),
        ("有几个论坛？", "zh", ("forum",)),
        ("Quantas feiras e tratados?", "pt", ("fair", "convention")),
        ("¿Qué dice de la energía?", "es", ()),
    ],
    ids=["in order", "once", "Chinese", "Portuguese", "none"],
)
def test_classes_of_names_are_asked_for_in_order_and_once(
    question: str, language: Language, classes: tuple[str, ...]
) -> None:
    assert read(question, language).classes == classes


def test_a_class_of_names_is_a_cue_that_stays_in_the_residue() -> None:
    cues = read("Enumera los foros")
    assert (cues.has(CLASS), cues.residue.split()) == (True, ["los", "foros"])


@pytest.mark.parametrize(
    ("question", "is_cue"),
    [("¿Qué es el orden internacional?", False), ("¿En qué orden vienen?", True)],
    ids=["part of a name", "alone"],
)
def test_a_word_inside_a_name_is_no_cue(question: str, is_cue: bool) -> None:
    assert read(question).has("structure") == is_cue


def test_the_word_programme_stays_a_cue_inside_a_name() -> None:
    assert read("¿Cuáles son los cinco programas?").has("programme")


@pytest.mark.parametrize(
    ("question", "language", "found"),
    [
        ("¿Dónde se menciona el litio?", "es", ["litio"]),
        ("哪里提到锂矿？", "zh", ["锂矿"]),
        ("¿Qué sección habla de paz y comercio?", "es", ["paz", "comercio"]),
        ("Profesor, ¿dónde habla de la paz?", "es", ["paz"]),
        ("Resume la sección 2.5", "es", []),
    ],
    ids=["one thing", "Chinese", "two things", "talk left out", "only a reference"],
)
def test_the_topic_is_what_is_named_beside_the_cues(
    question: str, language: Language, found: list[str]
) -> None:
    assert topic(question, language) == found


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Exporto litio. ¿Dónde se menciona la paz?", "es"),
        ("¿Dónde se menciona la paz? Exporto litio.", "es"),
        ("我研究锂矿。哪里提到和平？", "zh"),
    ],
    ids=["before", "after", "Chinese"],
)
def test_a_sentence_that_tells_who_is_asking_is_left_out(question: str, language: Language) -> None:
    assert not {"litio", "锂矿"} & set(topic(question, language))


def test_where_the_asking_sentence_names_nothing_the_others_count() -> None:
    assert topic("El litio sube. ¿Dónde se menciona?") == ["litio", "sube"]


def test_the_sentence_that_compares_says_what_is_compared() -> None:
    assert topic("Compara paz y comercio. ¿Cuántas veces habla del litio?") == ["paz", "comercio"]


@pytest.mark.parametrize(
    ("question", "classes"),
    [
        ("Enumera las iniciativas", ("initiative",)),
        ("Enumera las iniciativas globales", ("global_initiative",)),
        ("全球倡议有哪些", ("global_initiative",)),
        ("Lista los organismos financieros internacionales", ("financial",)),
    ],
)
def test_the_longest_words_for_a_class_win(question: str, classes: tuple[str, ...]) -> None:
    assert read(question).classes == classes


@pytest.mark.parametrize(
    ("question", "classes"),
    [
        ("Los eventos, sin contar los foros", ("event",)),
        ("all events except forums", ("event",)),
        ("seminários, exceto os fóruns", ("seminar",)),
        ("研讨会(不算论坛)有哪些", ("seminar",)),
    ],
)
def test_a_class_that_is_left_out_is_not_asked_for(question: str, classes: tuple[str, ...]) -> None:
    assert read(question).classes == classes


def test_what_stands_between_two_compared_things_stays() -> None:
    assert read("paz vs comercio").residue.split() == ["paz", "vs", "comercio"]


@given(QUESTIONS, st.sampled_from(LANGUAGES))
def test_cues_come_in_the_order_of_the_question(question: str, language: Language) -> None:
    starts = [cue.start for cue in read(question, language).found]
    assert starts == sorted(starts)


@given(QUESTIONS, st.sampled_from(LANGUAGES))
def test_a_cue_is_a_word_of_its_pattern(question: str, language: Language) -> None:
    cues = read(question, language)
    assert [cue for cue in cues.found if not _is_of_its_pattern(cue, cues.named.marked)] == []


def _is_of_its_pattern(cue: Cue, marked: str) -> bool:
    text = marked[cue.start : cue.end]
    if cue.name == CLASS:
        classes = tables("structure")["names"]
        return any(pattern("structure", "names", key).fullmatch(text) for key in classes)
    if cue.name in (PROGRAMME, SECTION):
        return text == cue.name
    return bool(pattern("structure", "cues", cue.name).search(text))


@given(QUESTIONS, st.sampled_from(LANGUAGES))
def test_the_residue_holds_no_reference(question: str, language: Language) -> None:
    assert not re.search(f"{PROGRAMME}|{SECTION}", read(question, language).residue)


@given(QUESTIONS, st.sampled_from(LANGUAGES))
def test_the_residue_is_a_part_of_the_question_with_blanks(
    question: str, language: Language
) -> None:
    cues = read(question, language)
    assert set(cues.residue) <= {*cues.named.marked, " "}
    assert len(cues.residue) <= len(cues.named.marked)


@given(QUESTIONS, st.sampled_from(LANGUAGES))
def test_what_the_topic_names_stands_in_the_question(question: str, language: Language) -> None:
    cues = read(question, language)
    words = re.findall(r"[^\W_]+", fold(cues.named.marked))
    assert all(part in " ".join(words) for token in cues.topic for part in token.text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_question_has_nothing(language: Language) -> None:
    cues = read("", language)
    assert (cues.found, cues.classes, cues.residue, cues.topic) == ((), (), "", ())


def test_the_classes_that_can_be_asked_for_are_those_that_have_names() -> None:
    kinds = {name.kind for name in proper_names.read()}
    classes = set(tables("structure")["names"])
    assert kinds_of(sorted(classes)) - {"event"} == (classes | kinds) - {"event"}
    assert all(kinds & kinds_of([key]) for key in classes)
