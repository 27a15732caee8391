"""Does the document answer the question at all? A calibrated decision from a few features."""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rag.domain import Reason
from rag.search.answerability import REASONS, AnswerabilityModel
from rag.search.asking import asked_kinds
from rag.search.normalisation import fold, words
from rag.search.retriever import Retrieval, Retriever

COEFFICIENTS = Path(__file__).parent / "data" / "silence.toml"
"""Fitted by `python -m eval fit` on the dev part of the dataset."""

_LAST = re.compile(r"(?<=[.;!?。？！])\s*")
_NAME = re.compile(r"(?<=[^.?!¿¡\s]\s)[A-ZÁÉÍÓÚÑÂÊÔÃÕÇ][\w-]+")
_MAX_NAMES = 2


@dataclass(frozen=True, slots=True)
class SilenceDecision:
    """Whether the document is silent, with everything that explains it."""

    features: Mapping[str, float]
    confidence: float
    """Estimated probability that the document answers."""
    threshold: float
    """Below this confidence the document counts as silent."""
    reason: Reason
    """Why it would be."""
    repeats: bool
    """Whether the question repeats a sentence of the document nearly word for word."""

    @property
    def is_silent(self) -> bool:
        """Whether the answer is «the document does not say»."""
        return self.confidence < self.threshold and not self.repeats


class SilenceJudge:
    """Weighs what a question sounds like against what was found for it."""

    def __init__(self, model: AnswerabilityModel, retriever: Retriever) -> None:
        """Take the learned model, and the retriever that knows the words of the index."""
        self._model = model
        self._retriever = retriever

    def judge(self, question: str, retrieval: Retrieval) -> SilenceDecision:
        """The decision for a question and what was found for it."""
        decision = self._model.decide(question)
        features = self._features(question, retrieval, float(decision[0]))
        weights = _coefficients()
        score = weights["intercept"] + sum(weights[name] * x for name, x in features.items())
        return SilenceDecision(
            features=features,
            confidence=1 / (1 + math.exp(min(score, 700.0))),
            threshold=weights["threshold"],
            reason=REASONS[int(np.argmax(decision[1:]))],
            repeats=retrieval.repeated is not None,
        )

    def features(self, question: str, retrieval: Retrieval) -> Mapping[str, float]:
        """The features alone, for fitting."""
        return self._features(question, retrieval, float(self._model.decide(question)[0]))

    def _features(self, question: str, retrieval: Retrieval, learned: float) -> Mapping[str, float]:
        ideal = sum(term.weight for term in retrieval.terms) or 1.0
        best = retrieval.section_legs[retrieval.sections[0]].get("bm25")
        asked = next((part for part in reversed(_LAST.split(question)) if part.strip()), question)
        unknown = sum(self._is_unknown(name) for name in _NAME.findall(asked))
        return {
            "learned": learned,
            "score_over_ideal": best.score / ideal if best else 0.0,
            "unknown_names": float(min(unknown, _MAX_NAMES)),
            "asks_reason": float("reason" in asked_kinds(question)),
        }

    def _is_unknown(self, name: str) -> bool:
        """Whether a capitalised word of the question stands in neither document nor index."""
        return not any(self._retriever.knows(word) for word in words(fold(name)))


@cache
def _coefficients() -> Mapping[str, float]:
    return tomllib.loads(COEFFICIENTS.read_text(encoding="utf-8"))
