import json
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from rag.corpus import gazetteer
from rag.corpus.gazetteer import GAZETTEER, Kind, Thing, load
from rag.domain import LANGUAGES
from rag.errors import SourceError
from tests.product import document

LINE: dict[str, object] = {
    "kind": "product",
    "es": ["café", "cafetalero"],
    "en": ["coffee"],
    "pt": ["café"],
    "zh": ["咖啡"],
    "covered_by": ["2.12"],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "things.jsonl"


def write(file: Path, *lines: dict[str, object]) -> Path:
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return file


def without(field: str) -> dict[str, object]:
    return {key: value for key, value in LINE.items() if key != field}


def test_a_line_is_a_thing_with_its_names_by_language(file: Path) -> None:
    (thing,) = load(write(file, LINE))
    assert thing == Thing(
        "product",
        (
            ("es", ("café", "cafetalero")),
            ("en", ("coffee",)),
            ("pt", ("café",)),
            ("zh", ("咖啡",)),
        ),
        ("2.12",),
    )


def test_the_forms_of_a_thing_are_its_names_with_their_languages(file: Path) -> None:
    (thing,) = load(write(file, LINE))
    assert list(thing.forms()) == [
        ("café", "es"),
        ("cafetalero", "es"),
        ("coffee", "en"),
        ("café", "pt"),
        ("咖啡", "zh"),
    ]


def test_a_thing_may_belong_to_no_section(file: Path) -> None:
    (thing,) = load(write(file, without("covered_by")))
    assert thing.covered_by == ()


def test_a_thing_may_tell_the_closest_sections(file: Path) -> None:
    (thing,) = load(write(file, without("covered_by") | {"near": ["5.4", "5.1"]}))
    assert thing.near == ("5.4", "5.1")


def test_things_come_in_the_order_of_the_lines(file: Path) -> None:
    kinds = ["place", "event", "law"]
    lines = [LINE | {"kind": kind} for kind in kinds]
    assert [thing.kind for thing in load(write(file, *lines))] == kinds


def test_an_empty_file_has_no_things(file: Path) -> None:
    assert load(write(file)) == ()


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(LINE | {"kind": "odd"}),
        json.dumps(LINE | {"fr": ["café"]}),
        json.dumps(without("zh")),
        json.dumps(LINE | {"es": "café"}),
        json.dumps(LINE | {"es": [7]}),
        f"{json.dumps(LINE)}\n\n{json.dumps(LINE)}",
        json.dumps(LINE)[:-1],
        "[]",
        "\udcff",
    ],
    ids=[
        *("unknown kind", "unknown language", "missing language", "no list", "no text"),
        *("blank line", "cut off", "no object", "no UTF-8"),
    ],
)
def test_a_file_that_is_not_valid_is_named_in_the_failure(content: str, file: Path) -> None:
    file.write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(SourceError, match=file.name):
        load(file)


def test_a_missing_file_is_named_in_the_failure(file: Path) -> None:
    with pytest.raises(SourceError, match=file.name):
        load(file)


def test_every_line_of_the_curated_file_is_a_thing() -> None:
    assert len(load()) == len(GAZETTEER.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_things(kind: Kind) -> None:
    assert any(thing.kind == kind for thing in load())


@pytest.mark.parametrize("field", ["covered_by", "near"])
def test_things_are_close_to_sections_of_the_document(field: str) -> None:
    named = {section for thing in load() for section in getattr(thing, field)}
    assert named
    assert named - document().section_by_id.keys() == set()


def test_no_name_is_blank_or_has_space_around_it() -> None:
    forms = [form for thing in load() for form, _ in thing.forms()]
    assert [form for form in forms if form != form.strip() or not form] == []


def test_no_name_holds_a_line_break() -> None:
    forms = [form for thing in load() for form, _ in thing.forms()]
    assert [form for form in forms if len(form.splitlines()) != 1] == []


def test_no_thing_has_a_name_twice_in_one_language() -> None:
    repeated = [thing for thing in load() if max(Counter(thing.forms()).values()) > 1]
    assert repeated == []


def test_no_thing_is_listed_twice() -> None:
    counts = Counter(thing.names for thing in load())
    assert [names for names, count in counts.items() if count > 1] == []


def test_only_chinese_names_have_chinese_characters() -> None:
    latin = [form for thing in load() for form, language in thing.forms() if language != "zh"]
    assert [form for form in latin if any("\u3400" <= c <= "\u9fff" for c in form)] == []


def test_names_come_in_the_order_of_the_languages() -> None:
    orders = {tuple(language for language, _ in thing.names) for thing in gazetteer.load()}
    assert orders == {LANGUAGES}
