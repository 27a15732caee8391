"""The questions of the dataset, in one shape: a single question is an item with one turn."""

import json
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rag.domain import Language
from rag.errors import RagError

DATASET = Path(__file__).parent / "dataset"

Kind = Literal[
    "direct",
    "paraphrase",
    "colloquial",
    "keyword",
    "typo",
    "detail",
    "unanswerable",
    "attack",
    "dialogue",
    "structural",
]
Group = Literal["section", "unanswerable", "attack", "dialogue", "structural"]
Split = Literal["dev", "test"]
Expected = Literal["answered", "not_in_document"]
Harmless = Literal["answered", "not_in_document", "rejected"]

GROUPS: tuple[Group, ...] = ("section", "unanswerable", "attack", "dialogue", "structural")
SECTION_KINDS: tuple[Kind, ...] = (
    "direct",
    "paraphrase",
    "colloquial",
    "keyword",
    "typo",
    "detail",
)

_TURN_FIELDS = (
    "question",
    "sections",
    "acceptable",
    "evidence",
    "nearest",
    "must",
    "must_not",
    "status",
    "allowed",
    "repeat",
)
"""What a single question writes beside its id, and a dialogue writes in each turn."""

Text = Annotated[str, Field(min_length=1)]


class DatasetError(RagError):
    """A file of the dataset cannot be read."""


class Turn(BaseModel):
    """One question and what a right answer to it looks like."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    """May be empty or white space: that is one of the attacks."""
    type: str | None = None
    """In a dialogue `start`, `followup`, `shift`, `back`, `filter`, `refusal`; else the item's."""
    status: Expected | None = None
    """What a right answer's status is; `None` for an attack, where `allowed` says it."""
    allowed: tuple[Harmless, ...] = ()
    """For an attack: every harmless status."""
    sections: tuple[Text, ...] = ()
    """Sections that every expert would require."""
    acceptable: tuple[Text, ...] = ()
    """Further sections that an expert could defend."""
    evidence: tuple[Text, ...] = ()
    """Verbatim spans of the document that answer, or that contradict a false premise."""
    nearest: tuple[Text, ...] = ()
    """Where the document does not answer: the sections that come closest."""
    must: tuple[Text, ...] = ()
    """Strings that a right answer contains."""
    must_not: tuple[Text, ...] = ()
    """Strings that a right answer does not contain."""
    lang: Language | None = None
    """The answer's language, where this turn asks for another than the item's."""
    programme: int | None = Field(default=None, ge=1, le=5)
    """The programme that the asker narrows to, in the question's own words."""
    repeat: int = Field(default=1, ge=1)
    """How often the question is written out, for the oversize attacks."""

    @property
    def asked(self) -> str:
        """The text that is put to the assistant."""
        return self.question * self.repeat

    @property
    def gold(self) -> tuple[str, ...]:
        """Every section that may be cited, the required ones first."""
        return self.sections + self.acceptable

    @property
    def is_answerable(self) -> bool:
        """Whether the document answers; false for attacks, where nothing is promised."""
        return self.status == "answered"


class Item(BaseModel):
    """One line of the dataset."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text
    lang: Language
    kind: Kind
    type: str | None = None
    """A finer kind of `unanswerable`, `attack` and `structural`, e.g. `absent_detail`."""
    persona: str = ""
    """Who asks: for whoever reads the failing cases, never put to the assistant."""
    split: Split | None = None
    """`None` until `eval.split` has assigned it."""
    turns: Annotated[tuple[Turn, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _one_shape(cls, line: object) -> object:
        """A line without `turns` is an item with one turn."""
        if not isinstance(line, dict) or "turns" in line:
            return line
        turn = {name: line[name] for name in (*_TURN_FIELDS, "type") if name in line}
        if line.get("kind") != "attack":
            is_refusal = line.get("kind") == "unanswerable"
            turn.setdefault("status", "not_in_document" if is_refusal else "answered")
        return {k: v for k, v in line.items() if k not in _TURN_FIELDS} | {"turns": [turn]}

    @model_validator(mode="after")
    def _expectation_is_stated(self) -> Self:
        for turn in self.turns:
            if (turn.status is None) != bool(turn.allowed):
                raise ValueError("a turn has either `status` or, for an attack, `allowed`")
        return self

    @property
    def group(self) -> Group:
        """The kind, with the six kinds of section question taken together."""
        match self.kind:
            case "unanswerable" | "attack" | "dialogue" | "structural":
                return self.kind
            case _:
                return "section"

    @property
    def section(self) -> str | None:
        """The first required section of its first turn; `None` where there is none."""
        return next(iter(self.turns[0].sections), None)

    def language(self, turn: int) -> Language:
        """The language that the answer to this turn is due in."""
        return self.turns[turn].lang or self.lang

    def history(self, turn: int) -> tuple[str, ...]:
        """The asker's questions before this turn, oldest first."""
        return tuple(earlier.asked for earlier in self.turns[:turn])


def load(path: Path = DATASET) -> tuple[Item, ...]:
    """Every item of a file, or of a folder's `*.jsonl` files in the order of their names.

    Raises:
        DatasetError: nothing is there, or a line is no valid item.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise DatasetError(f"No hay preguntas en {path}.", remedy="Indique un archivo .jsonl.")
    return tuple(item for file in files for item in _items(file))


def _items(file: Path) -> Iterator[Item]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"No se puede leer {file}.", remedy="Revise la ruta.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _item(line, f"{file.name}:{number}")


def _item(line: str, place: str) -> Item:
    remedy = "Corrija la línea; eval/dataset/README.md define cada campo."
    try:
        return Item.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DatasetError(f"{place}: {where}: {first['msg']}.", remedy=remedy) from error
    except ValueError as error:
        raise DatasetError(f"{place}: no es JSON ({error}).", remedy=remedy) from error


def select(
    items: Collection[Item],
    *,
    split: Split | None = None,
    languages: Collection[str] = (),
    kinds: Collection[str] = (),
    only: Collection[str] = (),
) -> tuple[Item, ...]:
    """The items that pass every filter, in their order; an empty filter lets all pass.

    `kinds` takes kinds, groups and types (`typo`, `section`, `absent_detail`); `only` takes ids
    and patterns of ids (`2.5-*`).
    """
    return tuple(
        item
        for item in items
        if (split is None or item.split == split)
        and (not languages or item.lang in languages)
        and (not kinds or not {item.kind, item.group, item.type}.isdisjoint(kinds))
        and (not only or any(fnmatchcase(item.id, pattern) for pattern in only))
    )
