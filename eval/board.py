"""Stored runs beside each other: the best first, and whether what parts them is noise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.evaluation import answered
from eval.metrics.comparison import Difference
from eval.metrics.grading import METRICS, Graded, grade
from eval.metrics.intervals import Figure
from eval.pairing import differences
from eval.report.cases import is_open
from eval.report.content import Report, of_graded
from eval.runs import Record, Run

RANKED_BY = "right"


@dataclass(frozen=True, slots=True)
class Judged:
    """A run with its report and every graded turn."""

    record: Record
    report: Report
    graded: tuple[Graded, ...]

    @property
    def right(self) -> Figure:
        """Share of the turns that went right."""
        return self.report.summary.figures[RANKED_BY]

    @property
    def failing(self) -> tuple[Graded, ...]:
        """What is wrong and may be looked at: nothing of the test part."""
        return tuple(one for one in self.graded if not one.is_right and is_open(one))


@dataclass(frozen=True, slots=True)
class Row:
    """A run in its place."""

    judged: Judged
    behind: Difference | None
    """It minus the first, turn by turn; `None` for the first itself."""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Finished runs that were asked the same questions, so that they can be ranked."""

    dataset: str
    runs: tuple[Run, ...]
    """The newest first."""


def judge(run: Run) -> Judged:
    """The run, graded with the gold that it holds.

    Raises:
        RagError: a file of it is damaged.
    """
    record = run.record
    graded = grade(answered(run), run.reference())
    return Judged(record, of_graded(record, graded, run), tuple(graded))


def ranked(runs: Iterable[Judged]) -> tuple[Row, ...]:
    """Most right answers first, of equals the newer; each against the first."""
    order = sorted(runs, key=lambda one: (one.right.value or 0.0, one.record.started), reverse=True)
    return tuple(
        Row(one, difference(order[0], one)[RANKED_BY] if place else None)
        for place, one in enumerate(order)
    )


def difference(
    first: Judged, second: Judged, metrics: Sequence[str] = (RANKED_BY,)
) -> dict[str, Difference]:
    """What the second does otherwise than the first, for runs of one set of questions."""
    wanted = [metric for metric in METRICS if metric.name in metrics]
    return differences(first.graded, second.graded, wanted)


def question_sets(runs: Iterable[Run], document: str) -> tuple[QuestionSet, ...]:
    """The sets of questions about a document that finished runs were asked, the latest first.

    `document` is its sha256; `runs` come newest first.
    """
    sets: dict[str, list[Run]] = {}
    for run in runs:
        record = run.record
        if record.finished and record.conditions.document == document:
            sets.setdefault(record.conditions.dataset, []).append(run)
    return tuple(QuestionSet(dataset, tuple(members)) for dataset, members in sets.items())


def unfinished(runs: Iterable[Run], document: str) -> tuple[Run, ...]:
    """The runs about a document that have questions left."""
    return tuple(
        run
        for run in runs
        if not (record := run.record).finished and record.conditions.document == document
    )
