import json
from collections import Counter
from pathlib import Path

from eval.items import DATASET
from eval.split import assign, rewrite
from tests.eval import perfect


def test_each_stratum_has_about_a_third_in_dev() -> None:
    strata: Counter[tuple[str, ...]] = Counter()
    dev: Counter[tuple[str, ...]] = Counter()
    for item in perfect.items():
        own: list[tuple[str, ...]] = [(item.group,), (item.lang,), (item.group, item.lang)]
        for stratum in (*own, ("kind", item.kind)):
            strata[stratum] += 1
            dev[stratum] += item.split == "dev"
    for stratum, total in strata.items():
        assert abs(dev[stratum] - total / 3) <= max(1.5, 0.04 * total), stratum


def test_every_section_has_a_third_of_its_questions_in_dev() -> None:
    dev = Counter(
        item.section for item in perfect.items() if item.group == "section" and item.split == "dev"
    )
    assert set(dev.values()) == {5}
    assert len(dev) == 48


def test_assigning_again_changes_nothing() -> None:
    assert assign(perfect.items()) == {item.id: item.split for item in perfect.items()}


def test_a_new_question_gets_a_split_and_leaves_all_else_of_the_files_alone(
    tmp_path: Path,
) -> None:
    for file in DATASET.glob("*.jsonl"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    changed = tmp_path / "attacks.jsonl"
    lines = changed.read_text(encoding="utf-8").splitlines(keepends=True)
    old = json.loads(lines[0])
    lines[0] = json.dumps({k: v for k, v in old.items() if k != "split"}) + "\n"
    changed.write_text("".join(lines), encoding="utf-8")

    assert rewrite(tmp_path) == 1
    for file in DATASET.glob("*.jsonl"):
        before = [json.loads(line) for line in file.read_bytes().split(b"\n") if line]
        after = [
            json.loads(line) for line in (tmp_path / file.name).read_bytes().split(b"\n") if line
        ]
        if file.name == changed.name:
            assert after[0].pop("split") in ("dev", "test")
            del before[0]["split"]
        assert after == before
