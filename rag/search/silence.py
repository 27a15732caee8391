"""Does the document answer the question at all? A calibrated decision from a few features."""

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.corpus.questions import REASONS
from rag.domain import Language, Reason
from rag.search.annotation import KNOWN, NUMBER, PROPER, RARE, Annotator, Token
from rag.search.answerability import BY_FORM, BY_WORDS, question_features
from rag.search.asking import asked_kinds, asked_part, quoted
from rag.search.linear import LinearModel
from rag.search.normalisation import content_words, fold
from rag.search.retrieval import Retrieval
from rag.search.retriever import Retriever

COEFFICIENTS = Path(__file__).parent / "data" / "silence.toml"
"""Fitted by `python -m eval fit` on the dev part of the dataset."""

LEANING = "_leaning"
"""What the name of a threshold ends in for questions that lean on the one before."""

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
    """Whether the question repeats a sentence of the document nearly word for word, and asks for
    no detail that the sentence may lack: a date, a place, a name, a reason …"""
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question taken apart, once."""

    text: str
    language: Language
    part: str
    """The sentence that asks."""
    sounds: Mapping[str, float]
    """Decision value of being silent, by words and by form, and of each reason."""
    best: Reason
    """The reason with the highest value."""
    kinds: frozenset[str]
    """The kinds of thing that it asks for."""
    tokens: Sequence[Token]
    of_part: Sequence[Token]
    """Those of the sentence that asks."""

    @property
    def telling(self) -> Sequence[Token]:
        """The tokens of the sentence that asks which name or tell something."""
        return [token for token in self.of_part if token.label not in (None, NUMBER)]

    @property
    def asks_absent(self) -> bool:
        """Whether it asks if things are mentioned that the document lacks, and nothing else."""
        telling = self.telling
        lacking = [token for token in telling if token.thing is not None and token.label != KNOWN]
        return "named" in self.kinds and 0 < len(lacking) == len(telling)

    @property
    def reason(self) -> Reason:
        """Why the document would be silent; on words nobody knows, that it lacks the topic."""
        if all(token.label == RARE for token in self.tokens):
            return "absent_topic"
        is_about_it = self.best in _ELSEWHERE
        return self.best if is_about_it or not self.asks_absent else "absent_topic"


class SilenceJudge:
    """Weighs what a question sounds like against what was found for it."""

    def __init__(self, model: LinearModel, annotator: Annotator, retriever: Retriever) -> None:
        """Take the learned model, what tells known words from strange ones, and the sentences."""
        self._model = model
        self._retriever = retriever
        self._annotator = annotator

    def judge(self, question: str, language: Language, retrieval: Retrieval) -> SilenceDecision:
        """The decision for a question and what was found for it."""
        asked = self._asked(question, language)
        features = _features(asked, retrieval)
        weights = _coefficients()
        score = weights["intercept"] + sum(weights[name] * x for name, x in features.items())
        reason = asked.reason
        sureness = _sureness(reason)
        group = LEANING if retrieval.leans else ""
        return SilenceDecision(
            features=features,
            confidence=1 / (1 + math.exp(min(score, 700.0))),
            threshold=sureness * weights[f"threshold{group}"],
            certain=sureness * weights[f"certain{group}"],
            reason=reason,
            repeats=retrieval.repeated is not None and not features["asks_detail"],
            missing=tuple(self._missing(asked)),
            near=_near(asked),
            is_small_talk=_is_small_talk(asked, retrieval),
            misquotes=self._misquotes(asked),
        )

    def features(
        self, question: str, language: Language, retrieval: Retrieval
    ) -> tuple[Mapping[str, float], float]:
        """The features alone, and the share of the threshold that counts, for fitting."""
        asked = self._asked(question, language)
        return _features(asked, retrieval), _sureness(asked.reason)

    def _asked(self, question: str, language: Language) -> _Asked:
        sounds = self._model.decide(question_features(question, language, self._annotator))
        part = asked_part(question)
        return _Asked(
            text=question,
            language=language,
            part=part,
            sounds=sounds,
            best=max(REASONS, key=lambda reason: sounds[reason]),
            kinds=asked_kinds(question),
            tokens=self._annotator.tokens(question, language),
            of_part=self._annotator.tokens(part, language),
        )

    def _missing(self, asked: _Asked) -> Iterator[tuple[str, ...]]:
        """For each thing of the question that is not known, its names, as it was typed first."""
        is_aligned = len(fold(asked.part)) == len(asked.part)
        for token in asked.of_part:
            if token.thing is not None and token.label != KNOWN:
                typed = asked.part[token.start : token.end] if is_aligned else token.text
                is_proper = token.label in PROPER
                languages = () if is_proper else dict.fromkeys((asked.language, "es"))
                yield tuple(dict.fromkeys([typed, *self._annotator.forms(token.thing, languages)]))

    def _misquotes(self, asked: _Asked) -> bool:
        text = quoted(asked.text) if asked.language == "es" else None
        is_long = text is not None and len(content_words(text)) >= MIN_QUOTED
        return is_long and text is not None and not self._retriever.holds(text)


def _near(asked: _Asked) -> tuple[str, ...]:
    """Sections close to the things that the document lacks, those asked for first."""
    tokens = (*asked.of_part, *asked.tokens)
    return tuple(dict.fromkeys(section for token in tokens for section in token.near))


def _is_small_talk(asked: _Asked, retrieval: Retrieval) -> bool:
    """Whether it sounds like a greeting above all, or no word of it names or tells anything."""
    if retrieval.leans:
        return False
    sounds = asked.sounds
    if asked.best == "greeting" and sounds["greeting"] > 0 and sounds[BY_WORDS] > 0:
        return True
    return not retrieval.is_grounded and all(token.label is None for token in asked.tokens)


def _features(asked: _Asked, retrieval: Retrieval) -> Mapping[str, float]:
    telling = asked.telling
    absent = sum(token.label in PROPER for token in telling)
    known = sum(token.label == KNOWN for token in telling)
    return {
        "learned_words": asked.sounds[BY_WORDS],
        "learned_form": asked.sounds[BY_FORM],
        "learned_reason": asked.sounds[asked.best],
        "coverage": retrieval.coverage,
        "margin": _margin(retrieval),
        "asks_detail": float(bool(asked.kinds - _NO_DETAIL)),
        "asks_absent": float(asked.asks_absent),
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
