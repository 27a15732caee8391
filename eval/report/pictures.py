"""The pictures of a report, as inline SVG. Colours come from the page's style sheet."""

from collections.abc import Mapping, Sequence
from math import floor, log10

from eval.metrics.intervals import Figure, percentile
from eval.metrics.summary import NO_PROGRAMME, Confusion
from eval.report.content import percent
from eval.report.markup import Attributes, Html, el

CELL = 52
BINS = 30


def interval_bar(figure: Figure) -> Html:
    """The value as a dot on its interval, from 0 to 1."""
    if figure.value is None or figure.low is None or figure.high is None:
        return Html("")
    return _svg(
        (120, 14),
        f"{percent(figure.value)}",
        el("line", {"class": "track", "x1": 4, "x2": 116, "y1": 7, "y2": 7}),
        el(
            "line",
            {
                "class": "interval",
                "x1": 4 + 112 * figure.low,
                "x2": 4 + 112 * figure.high,
                "y1": 7,
                "y2": 7,
            },
        ),
        el("circle", {"class": "dot", "cx": 4 + 112 * figure.value, "cy": 7, "r": 3.5}),
    )


def confusion_matrix(confusion: Confusion, names: Mapping[str, str]) -> Html:
    """Counts, shaded by their share of the row: right ones in one hue, wrong ones in another."""
    left, top = 250, 56
    parts = [
        _text(left + CELL * (column + 0.5), top - 12, name, "middle")
        for column, name in enumerate(confusion.columns)
    ]
    for row, (name, counts) in enumerate(zip(confusion.rows, confusion.counts, strict=True)):
        y = top + CELL * row
        parts.append(_text(left - 10, y + CELL / 2 + 4, names.get(name, name), "end"))
        for column, count in enumerate(counts):
            kind = "right" if confusion.columns[column] == name else "wrong"
            strength = count / sum(counts) if sum(counts) else 0.0
            where = (left + CELL * column, y)
            parts.append(_tile(where, str(count or ""), kind, strength))
    parts.append(_text(left, 16, "programme of the first citation", "start", "axis"))
    size = (left + CELL * len(confusion.columns) + 4, top + CELL * len(confusion.rows) + 4)
    return _svg(size, "Gold programme against the programme of the first citation", *parts)


def section_tiles(sections: Mapping[str, Figure], names: Mapping[str, str]) -> Html:
    """A tile for every section, a row for every programme; what is missed stands out."""
    rows: dict[str, list[str]] = {}
    for section in sections:
        rows.setdefault(section.split(".")[0] if "." in section else NO_PROGRAMME, []).append(
            section
        )
    parts = []
    for row, (name, members) in enumerate(rows.items()):
        y = 20 + (CELL + 28) * row
        parts.append(_text(0, y - 6, names.get(name, name), "start", "axis"))
        for column, section in enumerate(members):
            figure = sections[section]
            value = figure.value or 0.0
            label = f"{section}: {percent(value)} of {figure.n}"
            tile = _tile((CELL * column, y), f"{100 * value:.0f}", "wrong", 1 - value, label)
            parts += [tile, _text(CELL * (column + 0.5), y + 15, section, "middle", "small")]
    widest = max((len(members) for members in rows.values()), default=1)
    size = (CELL * widest + 4, 20 + (CELL + 28) * len(rows))
    return _svg(size, "Section accuracy by required section, in per cent", *parts)


def risk_coverage(curve: Sequence[tuple[float, float]]) -> Html:
    """Share of wrong answers among those given, as more and more are given."""
    plot = _Plot(1.0, max(0.1, *(risk for _, risk in curve)))
    points = " ".join(f"{plot.x(coverage):.1f},{plot.y(risk):.1f}" for coverage, risk in curve)
    return plot.drawn(
        "Risk–coverage curve",
        ("coverage: share of questions answered", "risk: share of wrong answers"),
        el("polyline", {"class": "curve", "points": points}),
    )


def histogram(values_ms: Sequence[float]) -> Html:
    """How many answers took how long; what is far slower is gathered in the last bar."""
    edge = _even(1.5 * (percentile(values_ms, 95) or 0.1))
    counts = [0] * BINS
    for value in values_ms:
        counts[min(BINS - 1, int(BINS * value / edge))] += 1
    plot = _Plot(edge, float(max(counts)), is_share=False)
    width = plot.x(edge / BINS) - plot.x(0)
    bars = [
        el(
            "rect",
            {
                "class": "bar",
                "x": plot.x(edge * index / BINS) + 0.5,
                "y": plot.y(count),
                "width": width - 1,
                "height": plot.y(0) - plot.y(count),
            },
        )
        for index, count in enumerate(counts)
        if count
    ]
    return plot.drawn("Latency", ("milliseconds an answer", "answers"), *bars)


class _Plot:
    """Two axes that begin at 0."""

    def __init__(self, x_max: float, y_max: float, *, is_share: bool = True) -> None:
        self._maxima = (x_max, _even(y_max))
        self._is_share = is_share

    def x(self, value: float) -> float:
        return 64 + 420 * value / self._maxima[0]

    def y(self, value: float) -> float:
        return 230 - 200 * value / self._maxima[1]

    def drawn(self, title: str, axes: tuple[str, str], *marks: Html) -> Html:
        x_max, y_max = self._maxima
        steps = (0.0, 0.25, 0.5, 0.75, 1.0)
        grid = [
            el("line", {"class": "grid", "x1": 64, "x2": 484, "y1": y, "y2": y})
            for y in (self.y(step * y_max) for step in steps)
        ]
        labels = [_text(58, self.y(s * y_max) + 4, self._tick(s * y_max), "end") for s in steps]
        labels += [_text(self.x(s * x_max), 248, self._tick(s * x_max), "middle") for s in steps]
        labels += [
            _text(274, 270, axes[0], "middle", "axis"),
            _text(64, 18, axes[1], "start", "axis"),
        ]
        return _svg((520, 280), title, *grid, *marks, *labels)

    def _tick(self, value: float) -> str:
        return f"{100 * value:.0f} %" if self._is_share else f"{value:.3g}"


def _even(value: float) -> float:
    """The least maximum that holds the value and whose quarters are short figures.

    >>> _even(39.0), _even(0.21), _even(9.0)
    (40.0, 0.24, 10.0)
    """
    power = 10.0 ** floor(log10(value) - 1)
    steps = (10, 12, 16, 20, 24, 32, 40, 60, 80, 100)
    return next(round(step * power, 9) for step in steps if step * power >= value * 0.999999)


def _tile(
    where: tuple[float, float], label: str, kind: str, strength: float, title: str = ""
) -> Html:
    x, y = where
    box: Attributes = {"x": x + 1, "y": y + 1, "width": CELL - 2, "height": CELL - 2, "rx": 4}
    named = [el("title", None, title)] if title else []
    return el(
        "g",
        None,
        *named,
        el("rect", {"class": "tile", **box}),
        el("rect", {"class": f"tile {kind}", "fill-opacity": _shade(strength), **box}),
        _text(x + CELL / 2, y + CELL * (0.72 if title else 0.58), label, "middle", "count"),
    )


def _shade(strength: float) -> float:
    """Faint for anything, and never so strong that the figure on it cannot be read."""
    return 0.1 + 0.6 * strength if strength else 0.0


def _text(x: float, y: float, label: str, anchor: str, kind: str = "label") -> Html:
    return el("text", {"class": kind, "x": x, "y": y, "text-anchor": anchor}, label)


def _svg(size: tuple[float, float], title: str, *parts: Html) -> Html:
    width, height = size
    return el(
        "svg",
        {
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": width,
            "height": height,
            "role": "img",
            "aria-label": title,
        },
        *parts,
    )
