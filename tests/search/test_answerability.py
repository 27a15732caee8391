import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import LANGUAGES, Language
from rag.search.annotation import KNOWN, Annotator
from rag.search.answerability import question_features
from rag.search.naming import Name

NAMES = [
    Name("Andina", "es", "COMPANY", 1),
    Name("Pampa Verde", "es", "COMPANY", 2),
    Name("Ruritania", "es", "COUNTRY", 3),
    Name("pesca", "es", KNOWN, 4),
    Name("puertos", "es", KNOWN, 5),
    Name("渔业", "zh", KNOWN, 4),
]
ANNOTATOR = Annotator.of(NAMES, units=["coopera"], common=["quisiera", "saber"])
WORDS = ["menciona", "Andina", "Ruritania", "pesca", "cuántos", "?", ".", "渔业", "zxqv", "2025"]
QUESTIONS = st.lists(st.sampled_from(WORDS)).map(" ".join)


def features(question: str, language: Language = "es") -> set[str]:
    return set(question_features(question, language, ANNOTATOR))


def form(question: str) -> list[str]:
    """The question with classes in place of names, word by word."""
    found = question_features(question, "es", ANNOTATOR)
    return [f.removeprefix("form:") for f in found if f.startswith("form:") and " " not in f]


def shapes(question: str) -> set[str]:
    """Its features but for the words themselves."""
    return {f for f in features(question) if f.startswith(("form:", "asked:", "asks:", "has:"))}


def test_a_question_has_the_same_form_for_every_name_of_a_class() -> None:
    assert shapes("¿Menciona a Andina?") == shapes("¿Menciona a Pampa Verde?")


def test_a_question_has_another_form_for_a_name_of_another_class() -> None:
    assert shapes("¿Menciona a Andina?") != shapes("¿Menciona a Ruritania?")


def test_a_form_has_classes_in_place_of_names_and_marks_its_ends() -> None:
    assert form("¿Qué hay de Ruritania?") == ["START", "que", "hay", "de", "COUNTRY", "END"]


def test_a_word_that_nobody_knows_is_rare() -> None:
    assert "RARE" in form("¿Y el zxqv?")


def test_neighbours_that_the_document_knows_count_once() -> None:
    assert form("pesca puertos pesca").count("KNOWN") == 1


def test_the_words_of_the_question_are_features_beside_its_form() -> None:
    assert {"andina", "menciona andina"} <= features("Menciona Andina")


def test_chinese_is_taken_in_pairs_of_characters() -> None:
    assert {"有渔", "渔业", "业吗"} <= features("有渔业吗", "zh")


@pytest.mark.parametrize(
    ("question", "without"),
    [
        pytest.param("¿Menciona el documento a Andina?", "¿Menciona a Andina?", id="es"),
        pytest.param("Does the document mention Andina?", "Does mention Andina?", id="en"),
        pytest.param("这份文件提到渔业吗？", "提到渔业吗？", id="zh"),
    ],
)
def test_that_the_document_is_asked_tells_nothing(question: str, without: str) -> None:
    assert features(question) == features(without)


def test_who_asks_is_told_from_what_is_asked() -> None:
    asked = {
        f for f in features("Soy de Ruritania. ¿Hay pesca?") if f.startswith(("asked:", "has:"))
    }
    assert asked == {f for f in features("¿Hay pesca?") if f.startswith(("asked:", "has:"))}


def test_the_kind_of_thing_is_tied_to_what_it_is_asked_of() -> None:
    assert "asks:amount of COUNTRY" in features("¿Cuántos hay en Ruritania?")


@given(QUESTIONS, st.sampled_from(LANGUAGES))
def test_only_names_in_the_sentence_that_asks_are_classes_of_the_question(
    question: str, language: Language
) -> None:
    classes = {f.removeprefix("has:") for f in features(question, language) if f[:4] == "has:"}
    assert {f"asked:{each}" for each in classes} <= features(question, language)


@given(QUESTIONS)
def test_typing_in_capitals_changes_no_feature(question: str) -> None:
    assert question_features(question, "es", ANNOTATOR) == question_features(
        question.upper(), "es", ANNOTATOR
    )


def test_a_thing_is_one_feature_in_every_language() -> None:
    assert "thing:4" in features("¿Qué dice de la pesca?") & features("渔业怎么样?", "zh")


def test_what_is_asked_of_a_thing_is_a_feature_in_every_language() -> None:
    assert "thing:4 asks:amount" in features("¿Cuánta pesca?") & features("多少渔业?", "zh")


def test_inflections_of_a_word_have_parts_in_common() -> None:
    parts = [{f for f in features(w) if f.startswith("part:")} for w in ("zarpando", "zarparon")]
    assert parts[0] & parts[1]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("¿Por qué prohíbe la pesca?", "stance:against wanted asks:reason"),
        ("¿Por qué apoya el hegemonismo?", "stance:support opposed asks:reason"),
        ("¿Prohíbe la pesca?", "stance:against KNOWN"),
    ],
    ids=["against what is wanted", "for what is opposed", "of what the document names"],
)
def test_a_stance_is_a_feature_together_with_what_it_is_taken_to(
    question: str, expected: str
) -> None:
    assert expected in features(question)
