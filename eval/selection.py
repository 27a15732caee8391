"""Which questions of the dataset a run asks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from eval.items import GROUPS, SECTION_KINDS, DatasetError, Item, select
from rag.domain import LANGUAGES, Question

Part = Literal["dev", "test", "all"]


class Selection(BaseModel):
    """What was asked for on the command line; an empty filter lets all pass."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    split: Part = "dev"
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Kinds, groups and types: `typo`, `section`, `absent_detail`."""
    only: tuple[str, ...] = ()
    """Ids and patterns of ids: `2.5-*`."""
    limit: int | None = None
    """At most so many items, evenly spread over those that pass the filters."""
    epochs: int = 1
    """How often each is asked, for models that vary."""

    def of(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """The selected items, in their order.

        Raises:
            DatasetError: none passes.
        """
        passed = select(
            items,
            split=None if self.split == "all" else self.split,
            languages=self.languages,
            kinds=self.kinds,
            only=self.only,
        )
        if not passed:
            raise DatasetError(
                "Ninguna pregunta pasa los filtros.",
                remedy=f"Idiomas: {', '.join(LANGUAGES)}; clases: "
                f"{', '.join((*SECTION_KINDS, *GROUPS[1:]))}; parte: {self.split}.",
            )
        return spread(passed, self.limit)


def spread(items: Sequence[Item], limit: int | None) -> tuple[Item, ...]:
    """At most `limit` items at even distances, so that a small run still sees every kind."""
    if limit is None or limit >= len(items):
        return tuple(items)
    return tuple(items[step * len(items) // limit] for step in range(limit))


@dataclass(frozen=True, slots=True)
class Ask:
    """One turn that is to be put to the assistant."""

    item: Item
    turn_index: int
    epoch: int

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells it from every other one in a run."""
        return self.item.id, self.turn_index, self.epoch

    @property
    def question(self) -> Question:
        """As the app puts it: language and programme are for the assistant to find out."""
        return Question(self.item.turns[self.turn_index].asked)

    @property
    def history(self) -> tuple[Question, ...]:
        """The asker's earlier questions, oldest first."""
        return tuple(Question(text) for text in self.item.history(self.turn_index))


def asks(items: Sequence[Item], epochs: int = 1) -> Iterator[Ask]:
    """Every turn of every item, epoch by epoch."""
    for epoch in range(epochs):
        for item in items:
            yield from (Ask(item, index, epoch) for index in range(len(item.turns)))
