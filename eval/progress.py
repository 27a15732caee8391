"""A progress bar on stderr, where that is a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from eval.evaluation import OnResult
from eval.journal import Line

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def bar(title: str) -> Iterator[OnResult]:
    """Something that takes results and draws how far the run is; it draws nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda done, total, line: None
        return
    with _progress() as progress:
        task = progress.add_task(title, errors="")
        errors = 0

        def on_result(done: int, total: int, line: Line | None) -> None:
            nonlocal errors
            answer = line["answer"] if line else None
            errors += isinstance(answer, dict) and answer.get("status") == "error"
            said = f"errores: {errors}" if errors else ""
            progress.update(task, completed=done, total=total, errors=said)

        yield on_result


def _progress() -> "Progress":
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        progress.TextColumn("·"),
        progress.TimeRemainingColumn(),
        progress.TextColumn("{task.fields[errors]}"),
        console=Console(stderr=True),
        transient=True,
    )
