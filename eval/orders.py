"""What is to be run, and the run that it begins, goes on with or is set beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from eval.conditions import Conditions, conditions, entry_digest
from eval.evaluation import unasked
from eval.items import Item
from eval.runner import Budget
from eval.runs import Run
from eval.selection import Selection
from eval.shelf import Shelf
from eval.subject import Subject
from rag.contract import outline_json
from rag.models import registry
from rag.models.registry import CORPUS, EXTRACTIVE
from rag.settings import Settings

Announce = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    model: str | None
    """`None` is the configured one."""
    selection: Selection
    embedder: str | None = None
    """`None` is the configured one."""
    workers: int = 1
    budget: Budget = field(default_factory=Budget)
    is_new: bool = False


def due(subject: Subject, items: Sequence[Item], order: Order, settings: Settings) -> Conditions:
    """The conditions of a run of the order, its model and embedder named."""
    return conditions(
        subject,
        settings,
        items,
        model=order.model or EXTRACTIVE,
        selection=order.selection,
    ).model_copy(
        update={
            "embedder": order.embedder or CORPUS,
            "entry": entry_digest(registry.read(settings).find(order.model)),
        }
    )


def place(
    subject: Subject, items: Sequence[Item], order: Order, settings: Settings, announce: Announce
) -> Run:
    """The run that was left unfinished under the same conditions, or a new one.

    Raises:
        RunError: the folder cannot be written.
    """
    under = due(subject, items, order, settings)
    shelf = Shelf.of(settings)
    left = None if order.is_new else shelf.unfinished(under)
    if left:
        announce(f"Sigue la corrida {left.folder.name}: faltan {len(unasked(left))} preguntas.")
        return left
    return shelf.begin(under, items, outline_json(subject.document), subject.document.source)


def baseline_of(shelved: Run) -> Run | None:
    """The finished run of the extractive mode on the same questions, if a model's has one."""
    made = shelved.record.conditions
    if made.model == EXTRACTIVE:
        return None
    for other in Shelf(shelved.folder.parent).runs():
        record = other.record
        there = record.conditions
        alike = (there.dataset, there.selection, there.index, there.code)
        is_same = alike == (made.dataset, made.selection, made.index, made.code)
        if record.finished and there.model == EXTRACTIVE and is_same:
            return other
    return None
