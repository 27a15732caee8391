"""Pictures as Vega-Lite, drawn by what Streamlit ships: nothing is loaded from elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from eval.metrics.intervals import Figure
from eval.metrics.summary import Confusion

Spec = dict[str, Any]
"""A chart in Vega-Lite's own terms."""

Bar = tuple[str, Figure]
"""A name and a share with its interval."""

RIGHT: Final = {"light": "#0f6068", "dark": "#4fb3ab"}
WRONG: Final = {"light": "#d9761a", "dark": "#e8924a"}
INK: Final = {"light": "#1f2a30", "dark": "#e7e4dd"}
QUIET: Final = {"light": "#55616b", "dark": "#a9b4bc"}
LINE: Final = {"light": "#e4dfd3", "dark": "#2d353c"}
"""The theme's own, where Streamlit would write the axes too faintly."""

_STEP = 30
_SHARE: Final = {"labelExpr": "format(100 * datum.value, '.0f') + ' %'", "tickCount": 5}
_BARE: Final = {"domain": False, "ticks": False, "labelFlush": False, "labelFontSize": 13}
_LABELS: Final = {"title": None, "labelLimit": 190, **_BARE}


def draw(spec: Spec, alt: str, key: str) -> None:
    """The chart, with what it shows as its accessible name."""
    with st.container(key=f"chart-{key}"):
        st.vega_lite_chart({**spec, "config": _config()}, alt=alt)


def _config() -> Spec:
    quiet, line = _colour(QUIET), _colour(LINE)
    colours = {"labelColor": quiet, "titleColor": quiet, "gridColor": line, "titleFontSize": 13}
    return {"axis": colours, "autosize": {"type": "fit-x", "contains": "padding"}}


def intervals(bars: Sequence[Bar]) -> Spec:
    """Each share as a dot on its interval, in the given order."""
    values = [
        {"name": name, "value": figure.value, "low": figure.low, "high": figure.high, "n": figure.n}
        for name, figure in bars
        if figure.value is not None
    ]
    lowest = min((figure.low or 0.0 for _, figure in bars), default=0.0)
    x = _quantity_from(int(10 * lowest) / 10)
    ink = {"color": _colour(RIGHT)}
    line = {"type": "rule", "strokeWidth": 3, "opacity": 0.45} | ink
    dot = {"type": "point", "size": 90, "filled": True, "opacity": 1} | ink
    ends = {"x": {"field": "low", **x}, "x2": {"field": "high"}}
    return {
        "data": {"values": values},
        "height": {"step": _STEP},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": None, "axis": _LABELS},
            "tooltip": [{"field": "name", "title": " "}, *map(_percent, ("value", "low", "high"))],
        },
        "layer": [
            {"mark": line, "encoding": ends},
            {"mark": dot, "encoding": {"x": {"field": "value", **x}}},
        ],
    }


def _quantity_from(lowest: float) -> Spec:
    scale = {"domain": [lowest, 1], "nice": False}
    return {"type": "quantitative", "scale": scale, "axis": {"title": None, **_SHARE}}


def _percent(field: str) -> Spec:
    return {"field": field, "type": "quantitative", "format": ".1%"}


def confusion(matrix: Confusion, names: Mapping[str, str], axes: tuple[str, str]) -> Spec:
    """Counts, shaded by their share of the row: right ones in one hue, wrong ones in another.

    `axes` name the rows and the columns.
    """
    values = [
        {
            "row": names[row],
            "column": names[column],
            "count": count or "",
            "kind": "right" if row == column else "wrong",
            "share": count / sum(counts),
        }
        for row, counts in zip(matrix.rows, matrix.counts, strict=True)
        if sum(counts)
        for column, count in zip(matrix.columns, counts, strict=True)
    ]
    rows, columns = axes
    encoding = {
        "x": _band("column", columns, [names[column] for column in matrix.columns]),
        "y": _band("row", rows, [names[row] for row in matrix.rows]),
    }
    return _tiles(values, encoding, "count", height=44)


def sections(
    tiles: Sequence[Mapping[str, object]], axes: tuple[str, str], columns: Sequence[str]
) -> Spec:
    """A tile for every section, a column for every programme; what is missed stands out.

    Each tile has its `column`, its `row`, a `label`, a `title` and the `share` that is missed.
    """
    rows, across = axes
    values = [{**tile, "kind": "wrong"} for tile in tiles]
    order = sorted({int(str(tile["row"])) for tile in tiles})
    encoding = {
        "x": _band("column", across, list(columns)),
        "y": _band("row", rows, [str(row) for row in order]),
    }
    return _tiles(values, encoding, "label", height=26)


def risk_coverage(curve: Sequence[tuple[float, float]], axes: tuple[str, str]) -> Spec:
    """Share of wrong answers among those given, as more and more are given."""
    highest = max(0.1, *(risk for _, risk in curve))
    coverage, risk = axes
    return {
        "data": {"values": [{"coverage": x, "risk": y} for x, y in curve]},
        "height": 300,
        "mark": {"type": "area", "line": {"color": _colour(WRONG)}, "opacity": 0.25}
        | {"color": _colour(WRONG)},
        "encoding": {
            "x": _quantity("coverage", coverage, 1.0),
            "y": _quantity("risk", risk, highest),
            "tooltip": [
                {"field": field, "type": "quantitative", "format": ".1%", "title": title}
                for field, title in (("coverage", coverage), ("risk", risk))
            ],
        },
    }


def _tiles(
    values: Sequence[Mapping[str, object]], encoding: Spec, label: str, *, height: int
) -> Spec:
    colours = {"domain": ["right", "wrong"], "range": [_colour(RIGHT), _colour(WRONG)]}
    # Never so strong that the figure on it cannot be read.
    shade = {"domain": [0, 0.001, 1], "range": [0.06, 0.1, 0.6]}
    fill = {
        "color": {"field": "kind", "type": "nominal", "scale": colours, "legend": None},
        "opacity": {"field": "share", "type": "quantitative", "scale": shade, "legend": None},
        "tooltip": [{"field": field, "title": " "} for field in _told(values)],
    }
    text = {"text": {"field": label, "type": "nominal"}}
    return {
        "data": {"values": list(values)},
        "height": {"step": height},
        "encoding": encoding,
        "layer": [
            {"mark": {"type": "rect", "cornerRadius": 4}, "encoding": fill},
            {"mark": {"type": "text", "color": _colour(INK), "fontSize": 13}, "encoding": text},
        ],
    }


def _told(values: Sequence[Mapping[str, object]]) -> list[str]:
    """What is said of a tile under the pointer."""
    return ["title"] if values and "title" in values[0] else ["row", "column", "count"]


def _band(field: str, title: str, order: Sequence[str]) -> Spec:
    axis = {"title": title, "labelAngle": 0, "labelLimit": 150, **_BARE}
    if field == "column":
        axis["orient"] = "top"
    scale = {"paddingInner": 0.06}
    return {"field": field, "type": "nominal", "sort": list(order), "axis": axis, "scale": scale}


def _quantity(field: str, title: str, highest: float) -> Spec:
    scale = {"domain": [0, highest]}
    return {"field": field, "type": "quantitative", "scale": scale} | {
        "axis": {"title": title, **_SHARE}
    }


def _colour(pair: Mapping[str, str]) -> str:
    """As the theme of whoever looks wants it."""
    return pair["dark" if st.context.theme.type == "dark" else "light"]
