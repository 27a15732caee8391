import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from rag import ui
from rag.domain import CitationVerdict, Mode, Problem
from rag.ui.words import DEFAULT, catalogue, starters

UI = Path(ui.__file__).parent
CODE = "\n".join(
    path.read_text(encoding="utf-8") for path in [*UI.rglob("*.py"), UI.parents[1] / "app.py"]
)
COMPUTED = (
    *("reader.verdict_", "inspector.leg_", "inspector.feature_", "inspector.step_"),
    *("inspector.mode_", "written.problem_", "written.un", "receipt.json", "receipt.md"),
    *("metric.", "kind.", "evaluation.view_", "evaluation.by_", "evaluation.status_"),
    *("evaluation.expected_", "evaluation.given_"),
)
"""Beginnings of keys of which the code holds no more."""


def test_every_language_has_the_same_keys_and_placeholders() -> None:
    texts = catalogue()
    for language in texts:
        assert texts[language].keys() == texts[DEFAULT].keys(), language
        for key, text in texts[language].items():
            assert _placeholders(text) == _placeholders(texts[DEFAULT][key]), (language, key)


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


def test_starters_are_questions_of_their_own_kinds() -> None:
    assert len({starter.kind for starter in starters()}) == len(starters()) >= 4


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
