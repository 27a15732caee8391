"""What a report says, before anything is decided about how it looks."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from eval.evaluation import answered
from eval.metrics.grading import METRICS, Graded, grade
from eval.metrics.intervals import Figure
from eval.metrics.summary import Summary, summarise
from eval.report.cases import Case, failing, is_open
from eval.report.labels import labels
from eval.runs import Record, Run

COUNTS = frozenset(metric.name for metric in METRICS if metric.unit == "count")

SLICED_BY = {"lang": "Language", "kind": "Kind", "type": "Type", "lang_group": "Language and group"}
"""The dimensions that are shown as tables."""

SLICE_METRICS = ("right", "section_accuracy", "programme_accuracy", "evidence_recall", "language")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first column is text, the others are figures."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A judged run."""

    record: Record
    summary: Summary
    cases: tuple[Case, ...]
    """Failing cases that may be shown."""
    hidden: int
    """Failing cases of the test part that are not shown."""
    latencies_ms: tuple[float, ...]
    against: Table | None = None
    """The run beside the extractive mode, where a model answered."""

    def as_json(self) -> dict[str, object]:
        """Everything, for other programs."""
        return {
            "run": self.record.model_dump(mode="json"),
            "summary": self.summary.as_json(),
            "failing": [asdict(case) for case in self.cases],
            "failing_hidden": self.hidden,
            "against": asdict(self.against) if self.against else None,
        }


def report_on(run: Run, *, reveal: bool = False) -> Report:
    """The report of a run, finished or not."""
    reference = run.reference()
    return of_graded(run.record, grade(answered(run), reference), run, reveal=reveal)


def of_graded(
    record: Record, graded: Sequence[Graded], run: Run, *, reveal: bool = False
) -> Report:
    """The report of a run that is graded already."""
    hidden = 0 if reveal else sum(not one.is_right and not is_open(one) for one in graded)
    return Report(
        record=record,
        summary=summarise(graded, run.reference()),
        cases=failing(graded, reveal=reveal),
        hidden=hidden,
        latencies_ms=tuple(
            one.asked.answer.timings_ms["total"]
            for one in graded
            if "total" in one.asked.answer.timings_ms
        ),
    )


def headline(summary: Summary) -> Table:
    """Every figure with its interval."""
    rows = [
        (
            label.name,
            shown(summary.figures[metric], metric),
            interval(summary.figures[metric]),
            str(summary.figures[metric].n),
        )
        for metric, label in labels().items()
        if metric in summary.figures
    ]
    return Table("Figures", ("metric", "value", "95 % interval", "n"), tuple(rows))


def slices(summary: Summary) -> Iterator[Table]:
    """A table for every dimension that divides the questions."""
    for dimension, title in SLICED_BY.items():
        members = summary.slices.get(dimension, {})
        names = [labels()[metric].name for metric in SLICE_METRICS]
        rows = tuple(
            (
                name,
                str(figures["right"].n),
                *(shown(figures[m], m) if m in figures else "–" for m in SLICE_METRICS),
            )
            for name, figures in members.items()
        )
        if len(rows) > 1:
            yield Table(title, (title.lower(), "turns", *names), rows)


def tables(report: Report) -> Iterator[Table]:
    """Everything that a report has to count, in order."""
    yield headline(report.summary)
    if report.against:
        yield report.against
    yield from slices(report.summary)


def facts(report: Report) -> tuple[tuple[str, str], ...]:
    """What was asked, what it cost, and what the figures were made with."""
    found = _asked(report) | _cost(report.summary) | _made(report.record)
    return tuple((name, text) for name, text in found.items() if text)


def _asked(report: Report) -> dict[str, str]:
    record, summary = report.record, report.summary
    epochs = record.conditions.selection.epochs
    often = f", {epochs} epochs" if epochs > 1 else ""
    worst = summary.worst
    return {
        "run": record.id,
        "state": _state(report),
        "model": record.conditions.model,
        "embedder": record.conditions.embedder,
        "prompts": ", ".join(record.prompts),
        "asked": f"{summary.items} items, {summary.turns} turns{often}",
        "part": record.conditions.selection.split
        + (" (test part used)" if record.test_part_used else ""),
        "worst slice": f"{worst.name}: {shown(worst.figure)} right of {worst.figure.n}"
        if worst
        else "",
    }


def _cost(summary: Summary) -> dict[str, str]:
    cost = summary.cost
    p50, p95 = cost.latency_ms_p50, cost.latency_ms_p95
    return {
        "follow-up gap": ""
        if summary.followup_gap is None
        else f"{100 * summary.followup_gap:+.1f} points",
        "latency": "" if p50 is None else f"p50 {p50:.1f} ms, p95 {p95:.1f} ms",
        "tokens": ""
        if cost.tokens_mean is None
        else f"{cost.tokens_mean:.0f} a question, {cost.tokens_total} in all",
        "AUROC": _plain(summary.confidence.auroc),
        "AURC": _plain(summary.confidence.aurc),
    }


def _made(record: Record) -> dict[str, str]:
    conditions = record.conditions
    return {
        "took": f"{record.seconds:.1f} s",
        "started": f"{record.started:%Y-%m-%d %H:%M:%S} UTC",
        "commit": conditions.commit or "unknown",
        "code": conditions.code,
        "document": conditions.document[:12],
        "index": conditions.index,
        "questions": conditions.dataset,
    }


def shown(figure: Figure, metric: str = "") -> str:
    """A share in per cent, a mean as it is."""
    if figure.value is None:
        return "–"
    return f"{figure.value:.2f}" if metric in COUNTS else percent(figure.value)


def percent(value: float) -> str:
    """The share in per cent; only a whole is called 100 %, and only nothing 0 %.

    >>> percent(0.9996), percent(1.0), percent(0.0004)
    ('99.9 %', '100 %', '0.1 %')
    """
    if value in (0.0, 1.0):
        return f"{value:.0%}".replace("%", " %")
    return f"{min(99.9, max(0.1, 100 * value)):.1f} %"


def interval(figure: Figure) -> str:
    """The bounds in per cent; empty for what is no share."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{100 * figure.low:.1f}–{100 * figure.high:.1f}"


def _state(report: Report) -> str:
    record = report.record
    if record.finished:
        return "complete"
    return f"incomplete ({record.stopped or 'killed'}): figures are of what was asked"


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
