"""Does the document answer the question at all? A calibrated decision from a few features."""

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.corpus.questions import REASONS
from rag.domain import Language, Reason
from rag.search.annotation import KNOWN, NUMBER, PROPER, RARE, Annotator, Token
from rag.search.answerability import SILENT, question_features
from rag.search.asking import asked_kinds, asked_part, quoted
from rag.search.linear import LinearModel
from rag.search.normalisation import content_words, fold
from rag.search.retrieval import Retrieval
from rag.search.retriever import Retriever

COEFFICIENTS = Path(__file__).parent / "data" / "silence.toml"
"""Fitted by `python -m eval fit` on the dev part of the dataset."""

_MAX_NAMES = 2

PREMISE = 0.5
"""Share of the threshold below which a premise is contradicted: half of the wrong refusals of the
calibration part contradicted one that the document shares."""

MIN_QUOTED = 5
"""Content words of a quotation that is looked for in the document."""

_ELSEWHERE = {"other_document", "false_premise"}
"""Reasons that a name which the document lacks may have."""

_NO_DETAIL = {"named", "opinion"}
"""Kinds that ask whether or what about, not for a thing of that kind."""


@dataclass(frozen=True, slots=True)
class SilenceDecision:
    """Whether the document is silent, with everything that explains it."""

    features: Mapping[str, float]
    confidence: float
    """Estimated probability that the document answers."""
    threshold: float
    """Below this confidence the document counts as silent."""
    certain: float
    """Below this confidence not even a model is asked."""
    reason: Reason
    """Why it would be."""
    repeats: bool
    """Whether the question repeats a sentence of the document nearly word for word."""
    missing: tuple[tuple[str, ...], ...]
    """What it asks for that the document does not name: the names looked for, thing by thing."""
    near: tuple[str, ...]
    """Sections that come closest to what it does not name, those of the asked part first."""
    is_small_talk: bool
    """Whether it greets, thanks or speaks of nothing at all."""
    misquotes: bool
    """Whether it quotes a Spanish sentence that the document does not have."""

    @property
    def is_silent(self) -> bool:
        """Whether the answer is «the document does not say»."""
        is_apart = self.misquotes or self.is_small_talk
        return is_apart or (self.confidence < self.threshold and not self.repeats)

    @property
    def is_certain(self) -> bool:
        """Whether it is silent beyond what a model could say to it."""
        return self.is_silent and (self.is_small_talk or self.confidence < self.certain)


class SilenceJudge:
    """Weighs what a question sounds like against what was found for it."""

    def __init__(self, model: LinearModel, annotator: Annotator, retriever: Retriever) -> None:
        """Take the learned model, what tells known words from strange ones, and the sentences."""
        self._model = model
        self._retriever = retriever
        self._annotator = annotator

    def judge(self, question: str, language: Language, retrieval: Retrieval) -> SilenceDecision:
        """The decision for a question and what was found for it."""
        sounds = self._sounds(question, language)
        features = self._features(question, language, retrieval, sounds)
        weights = _coefficients()
        score = weights["intercept"] + sum(weights[name] * x for name, x in features.items())
        reason = self._reason(question, language, sounds)
        sureness = _sureness(reason)
        return SilenceDecision(
            features=features,
            confidence=1 / (1 + math.exp(min(score, 700.0))),
            threshold=sureness * weights["threshold"],
            certain=sureness * weights["certain"],
            reason=reason,
            repeats=retrieval.repeated is not None,
            missing=tuple(self._missing(question, language)),
            near=self._near(question, language),
            is_small_talk=self._is_small_talk(question, language, sounds, retrieval),
            misquotes=self._misquotes(question, language),
        )

    def _reason(self, question: str, language: Language, sounds: Mapping[str, float]) -> Reason:
        """Why the document would be silent; on words that nobody knows, that it lacks the topic."""
        tokens = self._annotator.tokens(question, language)
        if all(token.label == RARE for token in tokens):
            return "absent_topic"
        reason = max(REASONS, key=lambda reason: sounds[reason])
        is_about_it = reason in ("other_document", "false_premise")
        return (
            reason if is_about_it or not self._asks_absent(question, language) else "absent_topic"
        )

    def _asks_absent(self, question: str, language: Language) -> bool:
        """Whether it asks if things are mentioned that the document lacks, and nothing else."""
        telling = self._telling(question, language)
        lacking = [token for token in telling if token.thing is not None and token.label != KNOWN]
        return "named" in asked_kinds(question) and 0 < len(lacking) == len(telling)

    def _telling(self, question: str, language: Language) -> list[Token]:
        """The tokens of the part that asks which name or tell something."""
        tokens = self._annotator.tokens(asked_part(question), language)
        return [token for token in tokens if token.label not in (None, NUMBER)]

    def _missing(self, question: str, language: Language) -> Iterator[tuple[str, ...]]:
        """For each thing of the question that is not known, its names, as it was typed first."""
        asked = asked_part(question)
        for token in self._annotator.tokens(asked, language):
            if token.thing is not None and token.label != KNOWN:
                is_aligned = len(fold(asked)) == len(asked)
                typed = asked[token.start : token.end] if is_aligned else token.text
                languages = dict.fromkeys((language, "es")) if token.label not in PROPER else ()
                yield tuple(dict.fromkeys([typed, *self._annotator.forms(token.thing, languages)]))

    def _near(self, question: str, language: Language) -> tuple[str, ...]:
        """Sections close to the things that the document lacks, those asked for first."""
        parts = (asked_part(question), question)
        tokens = [token for part in parts for token in self._annotator.tokens(part, language)]
        return tuple(dict.fromkeys(section for token in tokens for section in token.near))

    def _is_small_talk(
        self,
        question: str,
        language: Language,
        sounds: Mapping[str, float],
        retrieval: Retrieval,
    ) -> bool:
        """Whether it sounds like a greeting above all, or no word of it names or tells anything."""
        if retrieval.leans:
            return False
        best = max(REASONS, key=lambda reason: sounds[reason])
        if best == "greeting" and sounds["greeting"] > 0 and sounds[SILENT] > 0:
            return True
        tokens = self._annotator.tokens(question, language)
        return not retrieval.is_grounded and all(token.label is None for token in tokens)

    def _misquotes(self, question: str, language: Language) -> bool:
        text = quoted(question) if language == "es" else None
        is_long = text is not None and len(content_words(text)) >= MIN_QUOTED
        return is_long and text is not None and not self._retriever.holds(text)

    def features(
        self, question: str, language: Language, retrieval: Retrieval
    ) -> tuple[Mapping[str, float], float]:
        """The features alone, and the share of the threshold that counts, for fitting."""
        sounds = self._sounds(question, language)
        sureness = _sureness(self._reason(question, language, sounds))
        return self._features(question, language, retrieval, sounds), sureness

    def _sounds(self, question: str, language: Language) -> Mapping[str, float]:
        return self._model.decide(question_features(question, language, self._annotator))

    def _features(
        self,
        question: str,
        language: Language,
        retrieval: Retrieval,
        sounds: Mapping[str, float],
    ) -> Mapping[str, float]:
        telling = self._telling(question, language)
        absent = sum(token.label in PROPER for token in telling)
        known = sum(token.label == KNOWN for token in telling)
        kinds = asked_kinds(question)
        return {
            "learned": sounds[SILENT],
            "learned_reason": max(sounds[reason] for reason in REASONS),
            "coverage": retrieval.coverage,
            "margin": _margin(retrieval),
            "asks_detail": float(bool(kinds - _NO_DETAIL)),
            "asks_absent": float(self._asks_absent(question, language)),
            "absent_names": float(min(absent, _MAX_NAMES)),
            "known": known / max(1, len(telling)),
            "leans": float(retrieval.leans),
        }


def _sureness(reason: Reason) -> float:
    """Share of the threshold below which the document is silent for that reason."""
    return PREMISE if reason == "false_premise" else 1.0


def _margin(retrieval: Retrieval) -> float:
    """What the classifier's first section has over its second."""
    legs = retrieval.section_legs.values()
    scores = sorted((leg["classifier"].score for leg in legs if "classifier" in leg), reverse=True)
    return scores[0] - scores[1] if len(scores) > 1 else 0.0


@cache
def _coefficients() -> Mapping[str, float]:
    return tomllib.loads(COEFFICIENTS.read_text(encoding="utf-8"))
