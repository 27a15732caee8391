import re
from collections.abc import Iterable
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from rag import ui
from rag.domain import LANGUAGES, Citation, CitationVerdict, Language, Mode, Problem, Question
from rag.models.reach import Reach
from rag.models.status import State
from rag.ui.words import DEFAULT, NAMES, catalogue, starters
from tests.product import assistant

UI = Path(ui.__file__).parent
CODE = "\n".join(
    path.read_text(encoding="utf-8") for path in [*UI.rglob("*.py"), UI.parents[1] / "app.py"]
)
COMPUTED = (
    *("reader.verdict_", "inspector.leg_", "inspector.feature_", "inspector.step_"),
    *("inspector.mode_", "written.problem_", "written.un", "receipt.json", "receipt.md"),
    *("takeaway.", "rating.", "limits.", "app.reader_page", "app.chat_page"),
    *("models.state_", "models.local", "models.remote", "models.hosted", "about.verdict_"),
    *("metric.", "kind.", "evaluation.view_", "evaluation.by_", "evaluation.status_"),
    *("evaluation.expected_", "evaluation.given_"),
)
"""Beginnings of keys of which the code holds no more."""

TRANSLATIONS: tuple[Language, ...] = ("en", "pt", "zh")

NAMES_OF_OURS = {"app.name", "about.version"}
"""The same in every language."""

ALIKE: dict[Language, set[str]] = {
    "en": {"index.characters"},
    "pt": {
        *("app.reader_page", "app.models_page", "about.hash", "models.state_answers"),
        *("answer.fewer", "answer.earlier", "tools.copy", "shell.copied"),
        *("rating.useful", "rating.send", "search.count"),
        *("inspector.leg_ngrams", "inspector.leg_classifier", "inspector.step_understand"),
        *("inspector.step_retrieve", "inspector.step_total"),
        *("index.letters", "index.characters", "index.found_one", "index.found_many"),
        *(
            "evaluation.languages",
            "evaluation.no_limit",
            "evaluation.preparing",
            "evaluation.count",
        ),
        *("evaluation.tokens", "evaluation.equal", "evaluation.view", "evaluation.view_programmes"),
        *("evaluation.view_groups", "evaluation.metric", "evaluation.value", "evaluation.turns"),
        *(
            "evaluation.nothing_cited",
            "evaluation.programme",
            "evaluation.foreword",
            "evaluation.by",
        ),
        *(
            "evaluation.by_lang",
            "evaluation.by_programme",
            "evaluation.group",
            "evaluation.expected",
        ),
        *(
            "evaluation.given",
            "evaluation.expected_answered",
            "evaluation.must",
            "evaluation.status_answered",
        ),
        *("kind.attack",),
        *("shell.copied", "search.count", "rating.send", "tools.copy", "rating.useful"),
        *("reader.previous", "reader.programme_restored"),
    },
    "zh": set(),
}
"""Texts that happen to be the same in Spanish."""


def test_every_language_has_the_same_keys_and_placeholders() -> None:
    texts = catalogue()
    assert tuple(texts) == LANGUAGES == tuple(NAMES)
    for language in texts:
        assert texts[language].keys() == texts[DEFAULT].keys(), language
        for key, text in texts[language].items():
            assert _placeholders(text) == _placeholders(texts[DEFAULT][key]), (language, key)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_text_was_left_in_spanish(language: Language) -> None:
    texts, spanish = catalogue()[language], catalogue()[DEFAULT]
    same = {key for key, text in texts.items() if text == spanish[key]}
    assert same == (NAMES_OF_OURS | ALIKE[language]) & texts.keys()


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_keeps_icons_code_and_emphasis(language: Language) -> None:
    texts, spanish = catalogue()[language], catalogue()[DEFAULT]
    for key, text in texts.items():
        assert re.findall(r":[a-z]+/\w+:", text) == re.findall(r":[a-z]+/\w+:", spanish[key]), key
        assert text.count("**") == spanish[key].count("**"), key
        if key != "about.keys_text":  # a key is called otherwise elsewhere
            assert re.findall(r"`[^`]+`", text) == re.findall(r"`[^`]+`", spanish[key]), key


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_the_quotation_marks_of_its_language(language: Language) -> None:
    for key, text in catalogue()[language].items():
        assert not re.search("[«»\"']", text), key
        assert text.count("“") == text.count("”"), key


def test_chinese_emphasis_closes() -> None:
    """Before a letter, `**` closes nothing where a punctuation mark stands before it."""
    for key, text in catalogue()["zh"].items():
        assert not re.search(r"\*\*[^*]+[。：，；！？”）]\*\*\w", text), key


def test_every_word_of_the_catalogue_is_used() -> None:
    used = set(re.findall(r"[\"']([a-z]+\.[a-z_]+)[\"']", CODE))
    used |= {f"{key}_{number}" for key in used for number in ("one", "many")}
    words = {key for key in catalogue()[DEFAULT] if not key.startswith(COMPUTED)}
    assert not words - used


@pytest.mark.parametrize("verdict", ["verified", "moved", "stitched"])
def test_every_verdict_that_can_be_shown_has_words(verdict: CitationVerdict) -> None:
    assert f"reader.verdict_{verdict}" in catalogue()[DEFAULT]


@pytest.mark.parametrize("problem", get_args(Problem))
def test_every_problem_of_a_sentence_has_words(problem: Problem) -> None:
    assert f"written.problem_{problem}" in catalogue()[DEFAULT]


@pytest.mark.parametrize("mode", get_args(Mode))
def test_every_mode_has_words(mode: Mode) -> None:
    assert f"inspector.mode_{mode}" in catalogue()[DEFAULT]


@pytest.mark.parametrize("state", get_args(State))
def test_every_state_of_a_model_has_words(state: State) -> None:
    assert f"models.state_{state}" in catalogue()[DEFAULT]


@pytest.mark.parametrize("reach", get_args(Reach))
def test_every_reach_of_a_model_has_words(reach: Reach) -> None:
    assert f"models.{reach}" in catalogue()[DEFAULT]


@pytest.mark.parametrize("verdict", get_args(CitationVerdict))
def test_every_verdict_is_explained(verdict: CitationVerdict) -> None:
    assert f"about.verdict_{verdict}" in catalogue()[DEFAULT]


@pytest.mark.parametrize("language", LANGUAGES)
def test_starters_are_questions_of_their_own_kinds(language: Language) -> None:
    shown = starters(language)
    assert len({starter.kind for starter in shown}) == len(shown) >= 4
    assert [starter.icon for starter in shown] == [starter.icon for starter in starters(DEFAULT)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_starters_behave_as_their_kinds_say(language: Language) -> None:
    answers = [assistant().ask(Question(starter.question)) for starter in starters(language)]
    fact, lay, subject, names, comparison, absent = answers
    assert [answer.language for answer in answers] == [language] * len(answers)
    assert [answer.status for answer in answers] == ["answered"] * 5 + ["not_in_document"]
    assert [citation.sentence for citation in fact.citations] == ["II:5"]
    assert _sections(lay.citations) == {"2.12"}
    assert _sections(subject.citations) == {"3.3"}
    assert len(_sections(names.citations)) > 10
    assert _sections(comparison.citations) == {"4.3", "4.4"}
    assert absent.reason == "absent_topic"


def _sections(citations: Iterable[Citation]) -> set[str]:
    return {citation.sentence.rpartition(":")[0] for citation in citations}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
