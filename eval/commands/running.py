"""`eval run` and `eval report`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from eval.evaluation import carry_out, unasked
from eval.interruption import watched
from eval.items import Item
from eval.orders import Announce, Order, baseline_of, place
from eval.pairing import pair
from eval.progress import bar
from eval.report import files, terminal
from eval.report.content import report_on
from eval.report.differences import table
from eval.runner import Budget, Meter
from eval.runs import Run, Stop
from eval.selection import asks
from eval.shelf import Shelf
from eval.subject import embedder_named, model_named, open_subject
from rag.contract import dumps
from rag.models.registry import EXTRACTIVE
from rag.settings import Settings

EXIT_INTERRUPTED = 130

AGAINST = "Second: this run; first: the extractive mode on the same questions"

STOPPED = {
    "max_seconds": "Se acabó el tiempo",
    "max_tokens": "Se acabaron los tokens",
    "interrupted": "Interrumpida",
}
GOES_ON = "La misma orden sigue donde quedó."


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
    model, embedder = model_named(order.model, settings), embedder_named(order.embedder, settings)
    order = replace(order, model=model, embedder=embedder)
    subject = open_subject(model, settings, announce, embedder=embedder)
    shelved = place(subject, chosen, order, shelf_of or settings, announce)
    with watched() as interrupted, bar(model) as on_result:
        stop = carry_out(
            shelved,
            subject,
            meter=Meter(order.budget, interrupted),
            workers=order.workers,
            on_result=on_result,
        )
    if stop:
        announce(f"{STOPPED[stop]}: faltan {len(unasked(shelved))} preguntas. {GOES_ON}")
    return shelved, stop


def beside(
    shelved: Run, items: Sequence[Item], order: Order, settings: Settings, announce: Announce
) -> Run | None:
    """The extractive mode on the same questions, asked now if need be; `None` for itself.

    Raises:
        RagError: it cannot be asked or written.
    """
    if shelved.record.conditions.model == EXTRACTIVE:
        return None
    if found := baseline_of(shelved):
        return found
    announce("El modo extractivo, para comparar:")
    asked, stop = run(items, replace(order, model=EXTRACTIVE, budget=Budget()), settings, announce)
    asked.write(asked.record.model_copy(update={"is_baseline": True}))
    return None if stop else asked


def tell(run: Run, *, cases: int, as_json: bool, reveal: bool, baseline: Run | None = None) -> None:
    """Write the run's report files and print the report, beside the baseline if there is one."""
    record = run.record
    if reveal and record.test_part_used:
        seen = (*record.revealed, datetime.now(UTC))
        run.write(record.model_copy(update={"revealed": seen}))
    report = report_on(run, reveal=reveal)
    if baseline:
        against = table(pair(baseline, run), AGAINST)
        report = replace(report, against=against)
    written = files.write(run, report)
    if as_json:
        terminal.say(dumps(report.as_json()))
        return
    terminal.show(report, cases=cases)
    for path in written:
        terminal.say(str(path))


def tell_again(name: str, settings: Settings, *, cases: int, as_json: bool, reveal: bool) -> None:
    """Judge a stored run anew, and print and write its report.

    Raises:
        RunError: there is no such run.
    """
    found = Shelf.of(settings).find(name)
    tell(found, cases=cases, as_json=as_json, reveal=reveal, baseline=baseline_of(found))


def list_runs(shelf: Shelf) -> None:
    """Print a line for every run, the newest first."""
    for run in shelf.runs():
        record = run.record
        total = len(list(asks(run.items(), record.conditions.selection.epochs)))
        done = len(run.results())
        state = "complete" if record.finished else f"{done} of {total} answered"
        terminal.say(f"{record.id}  {record.conditions.answerer}  {state}")
    terminal.say(str(shelf.root))
