"""The thresholds that a change must not fall below."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.metrics.intervals import Figure
from eval.metrics.summary import Summary
from eval.selection import Part
from rag.errors import RagError

GATE = Path(__file__).parent / "gate.toml"


class GateError(RagError):
    """The thresholds cannot be read."""


class Gate(BaseModel):
    """The thresholds for one model on one part of the dataset."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    split: Part
    at_least: Mapping[str, float] = {}
    """Metric → least value."""
    at_most: Mapping[str, float] = {}
    """Metric → greatest value, for what should be rare."""
    slices: Mapping[str, float] = {}
    """`DIMENSION/NAME` → least share of right answers."""


def read(path: Path = GATE) -> Gate:
    """The thresholds of the file.

    Raises:
        GateError: it is missing or not valid.
    """
    try:
        return Gate.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise GateError(
            f"Los umbrales de {path} no son válidos: {str(error).splitlines()[0]}.",
            remedy="Corríjalos: [at_least], [at_most] y [slices] con números de 0 a 1.",
        ) from error


def breaches(gate: Gate, summary: Summary) -> Iterator[str]:
    """Where the figures break the gate; a figure that is missing breaks it too."""
    for metric, least in gate.at_least.items():
        figure = summary.figures.get(metric)
        if _value(figure) is None or (_value(figure) or 0.0) < least:
            yield f"{metric} is {_shown(figure)}, at least {least} is due"
    for metric, most in gate.at_most.items():
        figure = summary.figures.get(metric)
        if _value(figure) is None or (_value(figure) or 0.0) > most:
            yield f"{metric} is {_shown(figure)}, at most {most} is allowed"
    for name, least in gate.slices.items():
        dimension, _, member = name.partition("/")
        figure = summary.slices.get(dimension, {}).get(member, {}).get("right")
        if _value(figure) is None or (_value(figure) or 0.0) < least:
            yield f"{name} has {_shown(figure)} right, at least {least} is due"


def _value(figure: Figure | None) -> float | None:
    return None if figure is None else figure.value


def _shown(figure: Figure | None) -> str:
    value = _value(figure)
    return "missing" if value is None else f"{value:.4f}"
