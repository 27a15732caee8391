"""`eval mutate`: does it answer from the document, or from memory?"""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.commands import running
from eval.evaluation import answered
from eval.metrics.grading import Graded, grade
from eval.metrics.intervals import Figure, share
from eval.mutant_items import KINDS, items_of, kind_of
from eval.mutants import Mutant, mutate
from eval.orders import Order
from eval.report import terminal
from eval.report.cases import case_of
from eval.report.content import Table, interval, shown
from eval.runs import Run, Stop
from rag.contract import dumps
from rag.corpus import document as documents
from rag.corpus import source
from rag.settings import Settings


def mutate_and_ask(
    order: Order, settings: Settings, announce: Callable[[str], None]
) -> tuple[Run, Stop | None]:
    """A run over an altered copy of the document, which is indexed aside.

    Raises:
        RagError: the copy cannot be made, indexed or asked.
    """
    mutant = mutate(documents.load(settings.source or source.BUNDLED))
    announce(
        f"Copia alterada: {len(mutant.numbers)} números, {len(mutant.names)} nombres, "
        f"{len(mutant.moved)} subsecciones cambiadas de lugar."
    )
    with TemporaryDirectory(prefix="cinco-mutate-") as folder:
        aside = written(mutant, Path(folder), settings)
        return running.run(items_of(mutant), order, aside, announce, shelf_of=settings)


def written(mutant: Mutant, folder: Path, settings: Settings) -> Settings:
    """The copy as a file, and the settings under which it is the document."""
    path = folder / "copy.txt"
    path.write_text(mutant.document.source, encoding="utf-8", newline="")
    return settings.model_copy(update={"data_dir": folder, "source": path})


def tell(run: Run, *, cases: int, as_json: bool) -> None:
    """Print how often the answers followed the copy, by what was altered."""
    graded = grade(answered(run), run.reference())
    figures = by_kind(graded)
    wrong = [case_of(one) for one in graded if not one.is_right]
    if as_json:
        values = {kind: {"n": figure.n, "value": figure.value} for kind, figure in figures.items()}
        failing = [
            {"id": case.key, "question": case.question, "given": case.given} for case in wrong
        ]
        terminal.say(dumps({"run": run.record.id, "followed": values, "failing": failing}))
        return
    terminal.show_tables([table(figures)])
    for case in wrong[:cases]:
        terminal.say(terminal.short(f"✗ {case.key} {case.question}"))
        terminal.say(terminal.short(f"    expected {' · '.join(case.expected)}"))
        terminal.say(terminal.short(f"    given    {case.given}"))
    terminal.say(f"cinco eval report {run.record.id}")


def by_kind(graded: Sequence[Graded]) -> dict[str, Figure]:
    """What was altered → share of the answers that follow the copy."""
    return {
        kind: share([one.grades["right"] for one in graded if kind_of(one.asked.item) == kind])
        for kind in KINDS
    }


def table(figures: dict[str, Figure]) -> Table:
    """A row for every kind of alteration."""
    rows = tuple((k, shown(f), interval(f), str(f.n)) for k, f in figures.items())
    return Table("Answers that follow the copy", ("altered", "follow", "95 % interval", "n"), rows)
