"""`eval check`."""

from collections.abc import Sequence

from eval.check import check
from eval.counts import tables
from eval.items import Item
from eval.report import terminal
from eval.report.content import Table
from eval.truth import reference


def check_dataset(items: Sequence[Item]) -> int:
    """Print the counts and every problem; the exit status."""
    truth = reference()
    counted = tables(items, truth).items()
    terminal.show_tables(Table(name, rows[0], rows[1:]) for name, rows in counted)
    problems = check(items, truth)
    terminal.say("")
    for problem in problems:
        terminal.say(f"✗ {problem}")
    if not problems:
        terminal.say(f"✓ {len(items)} preguntas sin problemas")
    return int(bool(problems))
