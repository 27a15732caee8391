"""How well unsupported statements are told from supported ones, and the fit of what tells them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from eval.cited import Case, Fault
from rag.answer.checking import Checked, ReplyChecker
from rag.answer.protocol import read
from rag.answer.support import COEFFICIENTS, Coefficients, Support, SupportJudge
from rag.domain import LANGUAGES, Document, Language
from rag.search.fitting import fit_decision

FLAGGED = 0.005
"""Share of correct statements of the fitting half whose wording may be flagged: of the 3 % that
may be flagged in all, the rest is left to numbers, names, denial and force."""

FITTED: frozenset[Fault] = frozenset({"none", "wrong_id", "claim"})
"""What the wording is judged by; the other faults have features of their own."""

_HEADER = """\
# Is a statement worded like what it cites? Log-odds per language: intercept + weight × feature;
# below the threshold its wording is not backed. Written by `python -m eval faults --fit` from half
# of eval/faults; do not edit by hand.
"""


UNFITTED: Coefficients = defaultdict(lambda: dict.fromkeys(LANGUAGES, 0.0))
"""Weights that say nothing; only the features are wanted."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A case and what was made of it."""

    case: Case
    support: Support
    is_flagged: bool
    """Whether whoever reads the answer is told that something is wrong."""


@dataclass(frozen=True, slots=True)
class Caught:
    """How many of the statements with one fault were flagged, whatever for."""

    caught: int
    total: int

    @property
    def share(self) -> float:
        """0 where there are none."""
        return self.caught / self.total if self.total else 0.0


Table = Mapping[Fault, Mapping[Language, Caught]]
"""Fault → language → how many were flagged."""


def judge(
    found: Iterable[Case], judge_: SupportJudge, checker: ReplyChecker, document: Document
) -> list[Judged]:
    """Every case with its verdict, read and checked as a model's reply would be."""
    judged = []
    for case in found:
        cited = [document.sentence_by_id[id_] for id_ in case.ids if id_ in document.sentence_by_id]
        reply = read(f"{case.text} [{', '.join(case.ids)}]")
        support = judge_.judge(case.text, case.language, cited)
        judged.append(Judged(case, support, _is_flagged(checker.check(reply, case.language))))
    return judged


def _is_flagged(checked: Checked) -> bool:
    is_unbacked = any(sentence.verdict != "supported" for sentence in checked.sentences)
    is_moved = any(citation.verdict == "moved" for citation in checked.citations)
    return is_unbacked or is_moved or bool(checked.rejected)


def table(judged: Sequence[Judged], part: str) -> Table:
    """What was flagged on one half."""
    faults = dict.fromkeys(j.case.fault for j in judged)
    return {
        fault: {
            language: _caught(
                [
                    j
                    for j in judged
                    if (j.case.part, j.case.fault, j.case.language) == (part, fault, language)
                ]
            )
            for language in LANGUAGES
        }
        for fault in faults
    }


def curve(
    judged: Sequence[Judged], language: Language, part: str
) -> list[tuple[float, float, float]]:
    """Flagged correct statements → caught claims and wrong ids, by the score of wording alone."""
    scores = {
        fault: np.array(
            [
                j.support.score
                for j in judged
                if (j.case.part, j.case.fault, j.case.language) == (part, fault, language)
            ]
        )
        for fault in FITTED
    }
    points = []
    for share in (0.005, 0.01, 0.02, 0.03, 0.05, 0.1):
        threshold = np.quantile(scores["none"], share)
        points.append(
            (
                share,
                float((scores["claim"] < threshold).mean()),
                float((scores["wrong_id"] < threshold).mean()),
            )
        )
    return points


def fit(judged: Sequence[Judged]) -> dict[str, dict[Language, float]]:
    """Feature → language → weight, with `intercept` and `threshold`, from the fitting half."""
    chosen = [j for j in judged if j.case.part == "fit" and j.case.fault in FITTED]
    names = list(chosen[0].support.features)
    fitted: dict[str, dict[Language, float]] = {n: {} for n in ("intercept", "threshold", *names)}
    for language in LANGUAGES:
        rows = [j for j in chosen if j.case.language == language]
        features = np.array([[j.support.features[name] for name in names] for j in rows])
        right = np.array([j.case.fault == "none" for j in rows])
        intercept, weights = fit_decision(features, right)
        scores = intercept + features @ weights
        fitted["intercept"][language] = intercept
        fitted["threshold"][language] = _threshold(scores[right])
        for name, weight in zip(names, weights, strict=True):
            fitted[name][language] = float(weight)
    return fitted


def write(fitted: Mapping[str, Mapping[Language, float]]) -> None:
    """Store the coefficients where the product reads them."""
    lines = [
        f"{name} = {{ {', '.join(f'{lang} = {value:.6g}' for lang, value in row.items())} }}"
        for name, row in fitted.items()
    ]
    COEFFICIENTS.write_text(_HEADER + "\n".join(lines) + "\n", encoding="utf-8")


def _threshold(scores: NDArray[np.float64]) -> float:
    """The score that the allowed share of correct statements stays below.

    By the normal distribution of the scores: of 50 to 100, the lowest alone says too little.
    """
    return float(NormalDist(scores.mean(), scores.std(ddof=1)).inv_cdf(FLAGGED))


def _caught(judged: Sequence[Judged]) -> Caught:
    return Caught(sum(j.is_flagged for j in judged), len(judged))
