"""Fits the silence decision: coefficients, and a conformal threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.items import Item
from rag.assistant import Assistant
from rag.domain import Question
from rag.search.fitting import fit_decision
from rag.search.silence import COEFFICIENTS, LEANING

CALIBRATION = Path(__file__).parent / "calibration"
"""Questions for fitting alone, in the dataset's format; no figure is ever reported on them."""

GROUPS = frozenset({"section", "unanswerable", "dialogue"})

FALSE_REFUSALS = 0.008
"""Share of answerable questions that may be refused."""

CERTAIN_REFUSALS = 0.005
"""Share of them that may be refused without asking a model that is at hand."""

LEANING_FALSE_REFUSALS = 0.05
"""What `FALSE_REFUSALS` is to the others, for questions that lean on the one before.

One in five of them asks for more than the document says («since when?»), and who was refused can
say what was meant. Of 50 such questions in three blind sets 35 are refused at a share of .03 and 41
at this one, and of 85 answerable ones one more.
"""

LEANING_CERTAIN_REFUSALS = 0.015
"""What `CERTAIN_REFUSALS` is to the others."""

_HEADER = """\
# The silence decision: log-odds of «the document does not say»: intercept + weight × feature.
# Written by `python -m eval fit`, from the dev part of the dataset and eval/calibration; do not
# edit by hand.
"""


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted, and on how much."""

    coefficients: dict[str, float]
    """Feature → weight, with `intercept`, `threshold` and `certain`."""
    answerable: int
    unanswerable: int
    refused: float
    """Share of the unanswerable dev questions that fall below the threshold."""


def fit(assistant: Assistant, items: Sequence[Item]) -> Fit:
    """The decision fitted on questions that are answerable or not.

    Each threshold is the quantile of the confidence of the answerable questions below which at
    most the share allowed to its group falls (split conformal prediction, Angelopoulos & Bates
    2023).
    """
    turns = [(item, n) for item in items if item.group in GROUPS for n in range(len(item.turns))]
    silent = np.array([not item.turns[n].is_answerable for item, n in turns])
    rows, shares = zip(*(_features(assistant, item, n) for item, n in turns), strict=True)
    names = list(rows[0])
    features = np.array([[row[name] for name in names] for row in rows])
    intercept, weights = fit_decision(features, silent)
    confidence = 1 / (1 + np.exp(intercept + features @ weights)) / np.array(shares)
    leans = features[:, names.index("leans")] > 0
    thresholds = _thresholds(confidence[~silent], leans[~silent])
    coefficients = {"intercept": intercept, **thresholds}
    coefficients |= {name: float(weight) for name, weight in zip(names, weights, strict=True)}
    limits = np.where(leans, thresholds[f"threshold{LEANING}"], thresholds["threshold"])
    refused = float((confidence < limits)[silent].mean())
    return Fit(coefficients, int((~silent).sum()), int(silent.sum()), refused)


def _features(assistant: Assistant, item: Item, turn: int) -> tuple[Mapping[str, float], float]:
    history = [Question(earlier.question) for earlier in item.turns[:turn]]
    return assistant.silence_features(Question(item.turns[turn].question), history)


def _thresholds(answerable: NDArray[np.float64], leans: NDArray[np.bool_]) -> Mapping[str, float]:
    """Those of each group of questions, by name (Mondrian conformal prediction, Vovk 2003)."""
    return {
        "threshold": _conformal(answerable[~leans], FALSE_REFUSALS),
        "certain": _conformal(answerable[~leans], CERTAIN_REFUSALS),
        f"threshold{LEANING}": _conformal(answerable[leans], LEANING_FALSE_REFUSALS),
        f"certain{LEANING}": _conformal(answerable[leans], LEANING_CERTAIN_REFUSALS),
    }


def _conformal(confidences: NDArray[np.float64], share: float) -> float:
    """The largest threshold that refuses at most the allowed share, with the finite-sample step.

    None of no questions.
    """
    if not len(confidences):
        return 0.0
    allowed = int(np.floor(share * (len(confidences) + 1)))
    return float(np.sort(confidences)[max(0, allowed - 1)])


def write(result: Fit) -> None:
    """Store the coefficients where the product reads them."""
    lines = [f"{name} = {value:.6g}" for name, value in result.coefficients.items()]
    COEFFICIENTS.write_text(_HEADER + "\n".join(lines) + "\n", encoding="utf-8")
