"""Which questions are for tuning (dev) and which only for judging (test).

`python -m eval.split` assigns every item that has no split yet and leaves the others alone, so that
a question never changes sides. There is no chance in it: items are taken in order, and each goes
where it keeps the share of dev nearest to a third in every stratum that it belongs to.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from eval.items import DATASET, Item, Split, load

DEV_SHARE = 1 / 3

Stratum = tuple[str | None, ...]


def assign(items: Iterable[Item]) -> dict[str, Split]:
    """Id → split, for every item; those that have one keep it. A dialogue is one item."""
    known = list(items)
    splits: dict[str, Split] = {item.id: item.split for item in known if item.split}
    total: Counter[Stratum] = Counter()
    dev: Counter[Stratum] = Counter()
    for item in sorted(known, key=lambda item: item.split is None):
        strata = list(_strata(item))
        total.update(strata)
        wanted = sum(_gain(dev[stratum], total[stratum]) for stratum in strata)
        split = splits.setdefault(item.id, "dev" if wanted > 0 else "test")
        if split == "dev":
            dev.update(strata)
    return splits


def rewrite(folder: Path = DATASET) -> int:
    """Write missing splits into the files; how many there were. All else in a line stays."""
    splits = assign(load(folder))
    missing = 0
    for file in sorted(folder.glob("*.jsonl")):
        lines = [
            json.loads(line)
            for line in file.read_text(encoding="utf-8").split("\n")
            if line.strip()
        ]
        missing += sum(line.get("split") is None for line in lines)
        written = (line | {"split": splits[line["id"]]} for line in lines)
        file.write_text("".join(f"{_line(line)}\n" for line in written), encoding="utf-8")
    return missing


def _strata(item: Item) -> Iterator[Stratum]:
    yield ("group", item.group)
    yield ("language", item.group, item.lang)
    yield ("kind", item.group, item.lang, item.kind)
    yield ("type", item.group, item.type)
    yield ("section", item.group, item.section)
    yield ("section and language", item.group, item.section, item.lang)


def _gain(dev: int, total: int) -> float:
    """How much nearer the stratum comes to its share of dev by one more."""
    target = total * DEV_SHARE
    return float((dev - target) ** 2 - (dev + 1 - target) ** 2)


def _line(line: dict[str, object]) -> str:
    """The line as JSON; a lone surrogate, which UTF-8 cannot hold, keeps all of it in ASCII."""
    text = json.dumps(line, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(line)


if __name__ == "__main__":
    sys.stdout.write(f"{rewrite()} items were assigned to a split\n")
