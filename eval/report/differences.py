"""Two runs side by side, metric by metric."""

from eval.metrics.comparison import Difference
from eval.pairing import Comparison
from eval.report.content import COUNTS, Table, percent
from eval.report.labels import labels

MARKS = {"better": "▲ better", "worse": "▼ worse", "noise": "noise", "equal": "equal"}


def table(comparison: Comparison, title: str = "Second run against first") -> Table:
    """Every metric in both runs, and whether the difference is more than noise."""
    found = comparison.differences
    rows = [_row(name, found[name]) for name in labels() if name in found]
    header = ("metric", "first", "second", "difference", "95 % interval", "p", "verdict", "n")
    return Table(title, header, tuple(rows))


def _row(metric: str, one: Difference) -> tuple[str, ...]:
    if metric in COUNTS:
        values = (f"{one.first:.2f}", f"{one.second:.2f}", f"{one.value:+.2f}")
        bounds = f"{one.low:+.2f} – {one.high:+.2f}"
    else:
        points = f"{100 * one.value:+.1f}"
        values = (percent(one.first), percent(one.second), points)
        bounds = f"{100 * one.low:+.1f} – {100 * one.high:+.1f}"
    p = f"{one.p:.3f}" if one.p >= 0.001 else "<0.001"
    return (labels()[metric].name, *values, bounds, p, MARKS[one.verdict], str(one.n))
