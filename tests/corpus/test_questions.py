import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import pytest

from rag.corpus import questions
from rag.corpus.questions import ANSWERED, CONTENT, DATA, INTENTS, REASONS, LabelledQuestion
from rag.domain import LANGUAGES, Language
from tests.product import document

Read = Callable[[], tuple[LabelledQuestion, ...]]

FILES: dict[str, tuple[Read, Sequence[str]]] = {
    "silence": (questions.silence, (*REASONS, ANSWERED)),
    "structure": (questions.structure, (*INTENTS, CONTENT)),
}
"""File → what reads it, and the labels that it may have."""

HAN = re.compile(r"[\u3400-\u9fff]")
NUMBERED = re.compile(r"\d\.\d")

READERS = pytest.mark.parametrize("read", [read for read, _ in FILES.values()], ids=list(FILES))


@pytest.mark.parametrize("name", list(FILES))
def test_every_line_is_a_question_as_it_stands_in_the_file(name: str) -> None:
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    written = [(one["question"], one["lang"], one["type"]) for one in map(json.loads, lines)]
    read, _ = FILES[name]
    assert [(one.text, one.language, one.label) for one in read()] == written


@pytest.mark.parametrize("name", list(FILES))
def test_every_label_is_known(name: str) -> None:
    read, labels = FILES[name]
    assert {question.label for question in read()} - set(labels) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list(FILES))
def test_every_label_has_questions_in_every_language(name: str, language: Language) -> None:
    read, labels = FILES[name]
    found = {question.label for question in read() if question.language == language}
    assert set(labels) - found == set()


@READERS
def test_no_question_stands_twice_in_a_file(read: Read) -> None:
    counts = Counter(question.text for question in read())
    assert [text for text, count in counts.items() if count > 1] == []


@READERS
def test_no_question_has_two_labels_or_languages_however_it_is_written(read: Read) -> None:
    meanings: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for question in read():
        bare = "".join(filter(str.isalnum, question.text.casefold()))
        meanings[bare].add((question.label, question.language))
    assert {text: found for text, found in meanings.items() if len(found) > 1} == {}


def test_what_the_document_does_not_answer_is_no_question_about_its_structure() -> None:
    silent = {question.text for question in questions.silence() if question.label != ANSWERED}
    structural = {question.text for question in questions.structure()}
    assert silent & structural == set()


@READERS
def test_no_question_is_blank_or_has_space_around_it(read: Read) -> None:
    texts = [question.text for question in read()]
    assert [text for text in texts if text != text.strip() or not text] == []


@READERS
def test_a_question_in_another_language_is_not_mostly_chinese(read: Read) -> None:
    others = [question.text for question in read() if question.language != "zh"]
    assert [text for text in others if 2 * len(HAN.findall(text)) > len(text)] == []


@READERS
def test_a_chinese_question_has_chinese_characters_or_just_numbers_of_sections(read: Read) -> None:
    chinese = [question.text for question in read() if question.language == "zh"]
    assert [text for text in chinese if not HAN.search(text) and not NUMBERED.search(text)] == []


@READERS
def test_no_question_is_a_sentence_of_the_document(read: Read) -> None:
    sentences = {sentence.text for sentence in document().sentences}
    assert {question.text for question in read()} & sentences == set()
