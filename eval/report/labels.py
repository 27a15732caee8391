"""What every metric is called, and what it means in one sentence."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LABELS = Path(__file__).parent / "data" / "labels.toml"


@dataclass(frozen=True, slots=True)
class Label:
    """The words for one metric."""

    name: str
    meaning: str


@cache
def labels() -> dict[str, Label]:
    """Metric → its words, in the order of a report."""
    table = tomllib.loads(LABELS.read_text(encoding="utf-8"))
    return {metric: Label(**words) for metric, words in table.items()}
