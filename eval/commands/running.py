"""`eval run` and `eval report`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from eval.conditions import conditions
from eval.evaluation import carry_out, unasked
from eval.interruption import watched
from eval.items import Item
from eval.progress import bar
from eval.report import files, terminal
from eval.report.content import report_on
from eval.runner import Budget, Meter
from eval.runs import Run, Stop
from eval.selection import Selection, asks
from eval.shelf import Shelf
from eval.subject import Subject, open_subject
from rag.contract import dumps, outline_json
from rag.settings import Settings

EXIT_INTERRUPTED = 130

Announce = Callable[[str], None]

STOPPED = {
    "max_seconds": "Se acabó el tiempo",
    "max_tokens": "Se acabaron los tokens",
    "interrupted": "Interrumpida",
}


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    model: str
    selection: Selection
    workers: int = 1
    budget: Budget = field(default_factory=Budget)
    is_new: bool = False


def run(
    items: Sequence[Item],
    order: Order,
    settings: Settings,
    announce: Announce,
    *,
    shelf_of: Settings | None = None,
) -> tuple[Run, Stop | None]:
    """A run of the order, new or gone on with, and why it stopped early, if it did.

    It is kept on the shelf of `shelf_of` where the settings themselves are for the moment only.

    Raises:
        RagError: it cannot be begun or written.
    """
    chosen = order.selection.of(items)
    subject = open_subject(order.model, settings, announce)
    shelved = place(subject, chosen, order, shelf_of or settings, announce)
    with watched() as interrupted, bar(order.model) as on_result:
        stop = carry_out(
            shelved,
            subject,
            meter=Meter(order.budget, interrupted),
            workers=order.workers,
            on_result=on_result,
        )
    if stop:
        announce(
            f"{STOPPED[stop]}: faltan {len(unasked(shelved))} preguntas. "
            "La misma orden sigue donde quedó."
        )
    return shelved, stop


def place(
    subject: Subject, items: Sequence[Item], order: Order, settings: Settings, announce: Announce
) -> Run:
    """The run that was left unfinished under the same conditions, or a new one."""
    due = conditions(
        subject,
        settings,
        items,
        model=order.model,
        selection=order.selection,
    )
    shelf = Shelf.of(settings)
    left = None if order.is_new else shelf.unfinished(due)
    if left:
        announce(f"Sigue la corrida {left.folder.name}: faltan {len(unasked(left))} preguntas.")
        return left
    return shelf.begin(due, items, outline_json(subject.document), subject.document.source)


def tell(run: Run, *, cases: int, as_json: bool, reveal: bool) -> None:
    """Write the run's report files and print the report."""
    record = run.record
    if reveal and record.test_part_used:
        seen = (*record.revealed, datetime.now(UTC))
        run.write(record.model_copy(update={"revealed": seen}))
    report = report_on(run, reveal=reveal)
    written = files.write(run, report)
    if as_json:
        terminal.say(dumps(report.as_json()))
        return
    terminal.show(report, cases=cases)
    for path in written:
        terminal.say(str(path))


def list_runs(shelf: Shelf) -> None:
    """Print a line for every run, the newest first."""
    for run in shelf.runs():
        record = run.record
        total = len(list(asks(run.items(), record.conditions.selection.epochs)))
        done = len(run.results())
        state = "complete" if record.finished else f"{done} of {total} answered"
        terminal.say(f"{record.id}  {record.conditions.model}  {state}")
    terminal.say(str(shelf.root))
