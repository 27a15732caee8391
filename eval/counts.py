"""How many questions there are, and how many there must be."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from eval.items import SECTION_KINDS, Item
from eval.metrics.reference import Reference

MIN_ITEMS = 950
MIN_OF_SECTION: Mapping[str, int] = {"es": 6, "en": 3, "pt": 3, "zh": 3}
MIN_OF_GROUP: Mapping[str, int] = {
    "unanswerable": 100,
    "dialogue": 50,
    "structural": 50,
    "attack": 40,
}
MIN_TEST_SHARE = 0.60
MIN_TEST_OF_LANGUAGE: Mapping[str, int] = {"en": 100, "pt": 100, "zh": 100}

Table = tuple[tuple[str, ...], ...]
"""Rows of cells, the heading first."""


def shortfalls(items: Sequence[Item], reference: Reference) -> Iterator[str]:
    """Where the dataset is smaller than it must be."""
    if len(items) < MIN_ITEMS:
        yield f"{len(items)} items, at least {MIN_ITEMS} are due"
    yield from _of_sections(items, reference)
    yield from _too_few(Counter[str](item.group for item in items), MIN_OF_GROUP)
    for group in MIN_OF_GROUP:
        members = Counter[str](item.lang for item in items if item.group == group)
        yield from _too_few(members, dict.fromkeys(MIN_OF_SECTION, 1), f"{group} in ")
    test = Counter[str](item.lang for item in items if item.split == "test")
    yield from _too_few(test, MIN_TEST_OF_LANGUAGE, "test part in ")
    if test.total() < MIN_TEST_SHARE * len(items):
        yield f"{test.total()} of {len(items)} in the test part, under {MIN_TEST_SHARE:.0%}"


def tables(items: Sequence[Item], reference: Reference) -> dict[str, Table]:
    """Counts by split, language, group, kind, type and section; columns are languages and parts."""
    dimensions: Mapping[str, tuple[Iterable[str], Callable[[Item], str | None]]] = {
        "group": (_order(item.group for item in items), lambda item: item.group),
        "kind": (_order(item.kind for item in items), lambda item: item.kind),
        "type": (
            _order(f"{item.group}/{item.type}" for item in items if item.type),
            lambda item: f"{item.group}/{item.type}",
        ),
        "section": (
            reference.places,
            lambda item: item.section if item.kind in SECTION_KINDS else None,
        ),
    }
    return {name: _table(name, items, *rows) for name, rows in dimensions.items()}


def _of_sections(items: Iterable[Item], reference: Reference) -> Iterator[str]:
    questions = [item for item in items if item.group == "section"]
    by_language = Counter[tuple[str | None, str]]((q.section, q.lang) for q in questions)
    spanish = {(item.section, item.kind) for item in questions if item.lang == "es"}
    for section in reference.places:
        for language, least in MIN_OF_SECTION.items():
            count = by_language[section, language]
            if count < least:
                yield f"{section} has {count} questions in {language}, at least {least} are due"
        missing = [kind for kind in SECTION_KINDS if (section, kind) not in spanish]
        if missing:
            yield f"{section} has no Spanish question of kind {', '.join(missing)}"


def _too_few(counts: Mapping[str, int], minima: Mapping[str, int], what: str = "") -> Iterator[str]:
    for name, least in minima.items():
        if counts.get(name, 0) < least:
            yield f"{what}{name}: {counts.get(name, 0)} items, at least {least} are due"


def _table(
    name: str,
    items: Sequence[Item],
    rows: Iterable[str],
    row_of: Callable[[Item], str | None],
) -> Table:
    languages, parts = tuple(MIN_OF_SECTION), ("dev", "test")
    body = []
    for row in rows:
        members = [item for item in items if row_of(item) == row]
        by_language = Counter[str](item.lang for item in members)
        by_part = Counter[str | None](item.split for item in members)
        cells = [by_language[lang] for lang in languages] + [by_part[part] for part in parts]
        body.append((row, str(len(members)), *map(str, cells)))
    sums = [sum(int(row[column]) for row in body) for column in range(1, 8)]
    return ((name, "items", *languages, *parts), *body, ("total", *map(str, sums)))


def _order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
