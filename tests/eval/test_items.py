import json
from pathlib import Path

import pytest

from eval.items import DatasetError, Item, load, select
from tests.eval import perfect

SINGLE = {
    "id": "2.5-es-1",
    "lang": "es",
    "kind": "direct",
    "question": "¿Energía?",
    "sections": ["2.5"],
    "evidence": ["energías limpias"],
    "split": "dev",
}


def test_a_single_question_is_an_item_with_one_turn() -> None:
    item = Item.model_validate(SINGLE)
    assert [turn.question for turn in item.turns] == ["¿Energía?"]
    assert item.turns[0].status == "answered"
    assert item.section == "2.5"
    assert item.history(0) == ()


def test_an_unanswerable_question_expects_a_refusal_and_knows_its_type() -> None:
    line = {"id": "u", "lang": "en", "kind": "unanswerable", "type": "greeting", "question": "Hi"}
    (turn,) = Item.model_validate(line).turns
    assert (turn.status, turn.type) == ("not_in_document", "greeting")


def test_an_oversize_attack_is_asked_as_often_as_it_says() -> None:
    line = {"id": "a", "lang": "en", "kind": "attack", "question": "ab", "repeat": 3}
    item = Item.model_validate(line | {"allowed": ["rejected"]})
    assert item.turns[0].asked == "ababab"
    assert item.turns[0].status is None


def test_a_dialogue_knows_what_was_asked_before_and_a_change_of_language() -> None:
    turns = [
        {"type": "start", "question": "¿Becas?", "status": "answered", "sections": ["3.3"]},
        {"type": "followup", "question": "en inglés", "status": "answered", "lang": "en"},
    ]
    item = Item.model_validate({"id": "d", "lang": "es", "kind": "dialogue", "turns": turns})
    assert item.history(1) == ("¿Becas?",)
    assert (item.language(0), item.language(1)) == ("es", "en")


@pytest.mark.parametrize(
    "change",
    [{"lang": "fr"}, {"kind": "odd"}, {"id": ""}, {"sectoins": []}, {"question": 7}],
    ids=lambda change: next(iter(change)),
)
def test_a_line_with_an_unknown_value_or_field_is_named_with_its_place(
    change: dict[str, object], tmp_path: Path
) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(json.dumps(SINGLE) + "\n" + json.dumps(SINGLE | change), encoding="utf-8")
    with pytest.raises(DatasetError, match=r"x\.jsonl:2"):
        load(file)


@pytest.mark.parametrize("content", ["{", "\n", "[1]"])
def test_a_file_that_is_no_dataset_is_an_expected_failure_or_empty(
    content: str, tmp_path: Path
) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(content, encoding="utf-8")
    if content.strip():
        with pytest.raises(DatasetError):
            load(file)
    else:
        assert load(file) == ()


def test_a_folder_without_questions_is_an_expected_failure(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        load(tmp_path)


def test_filters_combine() -> None:
    items = perfect.items()
    found = select(items, split="dev", languages=["pt"], kinds=["section", "absent_detail"])
    assert {item.lang for item in found} == {"pt"}
    assert {item.group for item in found} == {"section", "unanswerable"}
    assert {item.type for item in found if item.group == "unanswerable"} == {"absent_detail"}
    assert [item.id for item in select(items, only=["2.5-zh-*"])] == [
        "2.5-zh-1",
        "2.5-zh-2",
        "2.5-zh-3",
    ]
    assert select(items) == items
