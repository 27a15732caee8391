"""The dataset is sound, and the validator would tell if it were not."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from eval.check import check
from eval.counts import shortfalls, tables
from eval.duplicates import read_index
from eval.items import DatasetError, Item, load
from tests.eval import perfect

SPAN = "Fortalecer la cooperación en energías limpias"
SOUND: Mapping[str, object] = {
    "id": "2.5-es-1",
    "lang": "es",
    "kind": "direct",
    "question": "¿Qué energías limpias quiere fomentar?",
    "sections": ["2.5"],
    "acceptable": ["2.6"],
    "evidence": [SPAN],
    "split": "dev",
}


def problems(*lines: Mapping[str, object], index: Path | None = None) -> list[str]:
    items = [Item.model_validate(line) for line in lines]
    nowhere = Path("/nowhere")
    found = check(items, perfect.reference(), index or nowhere, with_counts=False)
    return [problem.rule for problem in found]


def test_the_dataset_breaks_no_rule() -> None:
    assert [str(problem) for problem in check(perfect.items(), perfect.reference())] == []


def test_a_sound_line_has_no_problem() -> None:
    assert problems(SOUND) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"sections": ["9.9"], "evidence": []}, "sections"),
        ({"acceptable": ["2.5"]}, "sections"),
        ({"sections": []}, "expectations"),
        ({"kind": "unanswerable", "type": "absent_topic"}, "expectations"),
        ({"nearest": ["2.4"]}, "expectations"),
        ({"evidence": [SPAN + "."]}, "evidence"),
        ({"sections": ["2.6"], "acceptable": ["2.5"]}, "evidence"),
        ({"evidence": []}, "evidence"),
        ({"must": ["Huawei"]}, "strings"),
        ({"must_not": ["energías limpias"]}, "strings"),
        ({"type": "outline"}, "kinds"),
        ({"question": "¿?"}, "kinds"),
        ({"split": None}, "split"),
    ],
)
def test_a_broken_rule_is_reported(change: dict[str, object], rule: str) -> None:
    assert rule in problems({**SOUND, **change})


def test_the_nearest_section_may_hold_the_evidence_against_a_false_premise() -> None:
    line = {
        "id": "u",
        "lang": "es",
        "kind": "unanswerable",
        "type": "false_premise",
        "question": "¿Por qué se opone a las energías limpias?",
        "nearest": ["2.5"],
        "evidence": [SPAN],
        "split": "test",
    }
    assert problems(line) == []


def test_an_id_is_not_used_twice() -> None:
    assert problems(SOUND, {**SOUND, "question": "¿Habla de minas?"}) == ["unique id"]


@pytest.mark.parametrize(
    "question",
    [
        "¿Qué energías limpias quiere fomentar?",
        "QUE ENERGIAS LIMPIAS QUIERE FOMENTAR",
        "¿Qué energías limpias quieren fomentar?",
    ],
    ids=["equal", "folded", "nearly"],
)
def test_a_question_is_not_asked_twice(question: str) -> None:
    twin = {**SOUND, "id": "x", "question": question}
    assert problems(SOUND, twin) == ["no question twice"]


def test_a_question_of_the_index_is_refused_also_when_slightly_changed(tmp_path: Path) -> None:
    index = tmp_path / "questions.json"
    index.write_text(json.dumps({"2.5": {"es": ["Qué energia limpia quiere fomentar"]}}))
    assert problems(SOUND, index=index) == ["reserved for the index"]


def test_an_index_of_another_form_is_an_expected_failure(tmp_path: Path) -> None:
    file = tmp_path / "questions.json"
    file.write_text('["a"]')
    with pytest.raises(DatasetError):
        read_index(file)


def test_a_small_dataset_falls_short_in_every_count() -> None:
    found = "\n".join(shortfalls([Item.model_validate(SOUND)], perfect.reference()))
    for text in ("1 items", "2.4 has 0", "unanswerable: 0", "test part in zh: 0", "under 60%"):
        assert text in found


def test_the_counts_add_up() -> None:
    for name, table in tables(perfect.items(), perfect.reference()).items():
        *_, total = table
        assert int(total[1]) == sum(map(int, total[2:6])) == sum(map(int, total[6:])), name
    group = tables(perfect.items(), perfect.reference())["group"]
    assert int(group[-1][1]) == len(load())
