"""Is a statement backed by the sentences that it cites? Whoever wrote it."""

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rag.answer.names import NameCheck
from rag.answer.numbers import numbers
from rag.domain import Document, Language, Problem, Question, Sentence
from rag.search.annotation import Annotator
from rag.search.normalisation import clean, fold, stems, words
from rag.search.retrieval import Retrieval
from rag.search.retriever import Retriever

COEFFICIENTS = Path(__file__).parent / "data" / "support.toml"
MODALITY = Path(__file__).parent / "data" / "modality.toml"

KINDS: Mapping[str, Problem] = {
    "denial": "negation",
    "negation": "negation",
    "force": "modality",
}
"""Table of markers → what a statement has wrong that has one of them, unlike its source."""

SPANISH: Language = "es"

HEADED = 8
"""Sentences, best first, that a heading may take its numbers and names from."""

MAX_GAP = 3.0
"""Beyond it, how far a cited section leads or trails says no more."""

Features = Mapping[str, float]
Coefficients = Mapping[str, Mapping[Language, float]]
"""Feature, `intercept` or `threshold` → language → weight."""


@dataclass(frozen=True, slots=True)
class Support:
    """How far cited sentences back a statement."""

    problems: tuple[Problem, ...]
    """What they do not have; empty where they back it."""
    score: float
    """Log-odds that the wording is theirs."""
    features: Features

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class SupportJudge:
    """Weighs statements against sentences of the document."""

    def __init__(
        self,
        document: Document,
        retriever: Retriever,
        annotator: Annotator,
        coefficients: Coefficients | None = None,
    ) -> None:
        """Take the document, what understands words in four languages, and the weights."""
        self._document = document
        self._retriever = retriever
        self._given = coefficients
        self._names = NameCheck(document, annotator)
        self._retrieve = lru_cache(maxsize=256)(self._retrieved)

    def judge(self, text: str, language: Language, cited: Sequence[Sentence]) -> Support:
        """The verdict on one statement; with nothing cited, its wording cannot hold."""
        features = self.features(text, language, cited)
        weights = _coefficients() if self._given is None else self._given
        score = weights["intercept"][language] + sum(
            weights[name][language] * value for name, value in features.items()
        )
        problems = list(self._exact_problems(text, language, cited))
        if score < weights["threshold"][language]:
            problems.append("wording")
        problems.extend(_force(text, language, cited))
        return Support(tuple(problems), score, features)

    def nearest(self, text: str) -> tuple[str, ...]:
        """Ids of the sentences that are found for a statement, best first."""
        return tuple(hit.passage.id for hit in self._retrieve(text).hits)

    def is_of_document(self, text: str, language: Language) -> bool:
        """Whether the best found sentences have every number and name of a heading."""
        ids = self.nearest(text)[:HEADED]
        cited = [self._document.sentence_by_id[id_] for id_ in ids]
        return not self._exact_problems(text, language, cited)

    def _exact_problems(
        self, text: str, language: Language, cited: Sequence[Sentence]
    ) -> list[Problem]:
        """Numbers and names that what is cited does not have."""
        found: list[Problem] = []
        if numbers(text, language) - self._allowed_numbers(cited):
            found.append("number")
        terms = {term.word: term for term in self._retrieve(text).terms}
        ids = [sentence.id for sentence in cited]

        def stands(name: str) -> bool:
            held = (terms.get(word) for word in words(name))
            return all(term and self._retriever.coverage([term], ids) >= 1 for term in held)

        if self._names.missing(text, language, cited, stands):
            found.append("name")
        return found

    def _allowed_numbers(self, cited: Sequence[Sentence]) -> frozenset[str]:
        """Numbers of the sentences and headings, and those that headings bear."""
        found: set[str] = set()
        for sentence in cited:
            section = self._document.section_by_id[sentence.section]
            found |= numbers(self._document.in_place(sentence), "es")
            found |= {str(n) for n in (section.programme, section.number) if n is not None}
            found.add(section.id)
        return frozenset(found)

    def features(self, text: str, language: Language, cited: Sequence[Sentence]) -> Features:
        """What the score is made of."""
        retrieval = self._retrieve(text)
        ids = [sentence.id for sentence in cited]
        sections = {sentence.section for sentence in cited}
        around = " ".join(map(self._document.in_place, cited))
        own = frozenset(stems(around))
        said = [unit for unit in stems(text, "pt" if language == "pt" else "es")]
        shared = sum(unit in own for unit in said) / len(said) if said else 0.0
        terms = retrieval.terms
        unknown = sum(t.weight for t in terms if t.match is None)
        total = sum(t.weight for t in terms) or 1.0
        return {
            "covered": self._retriever.coverage(terms, ids),
            "shared": shared,
            "gap": _gap(retrieval, sections),
            "place": _place(retrieval, ids),
            "things": self._named(text, language, cited),
            "units": self._retriever.unit_coverage(terms, ids),
            "unknown": unknown / total,
            "length": math.log1p(len(terms)),
        }

    def _named(self, text: str, language: Language, cited: Sequence[Sentence]) -> float:
        """Share of the things that the text names that what is cited names as well."""
        said = self._names.named(text, language)
        if not said:
            return 1.0
        held = frozenset[int]().union(*map(self._names.things, cited))
        return len(said & held) / len(said)

    def _retrieved(self, text: str) -> Retrieval:
        return self._retriever.retrieve(Question(clean(text)))


def _gap(retrieval: Retrieval, sections: set[str]) -> float:
    """By how much the best cited section leads the best of the others, or trails it."""
    scores = {True: -math.inf, False: -math.inf}
    for hit in retrieval.hits:
        is_cited = hit.passage.section in sections
        scores[is_cited] = max(scores[is_cited], hit.score)
    if scores[True] == -math.inf:
        return -MAX_GAP
    return max(-MAX_GAP, min(MAX_GAP, scores[True] - scores[False]))


def _place(retrieval: Retrieval, ids: Sequence[str]) -> float:
    """Reciprocal rank of the best cited sentence among all."""
    ranks = (n for n, hit in enumerate(retrieval.hits, start=1) if hit.passage.id in ids)
    return 1 / next(ranks, math.inf)


def _force(text: str, language: Language, cited: Sequence[Sentence]) -> list[Problem]:
    """Denials and obligations that the cited sentences do not have, and a denial that they have."""
    source = fold(" ".join(sentence.text for sentence in cited))
    said = fold(text)
    found: list[Problem] = [
        problem
        for kind, problem in KINDS.items()
        if _markers(kind, language).search(said) and not _markers(kind, "es").search(source)
    ]
    is_denied = _markers("denied", "es").search(source) is not None
    if is_denied and len(cited) == 1 and not _denies(said, language):
        found.append("negation")
    return list(dict.fromkeys(found))


def _denies(said: str, language: Language) -> bool:
    """Whether a statement denies in any way, in its own words or in a Spanish quote."""
    kinds = ("denial", "without")
    return any(_markers(k, lang).search(said) for k in kinds for lang in {language, SPANISH})


@cache
def _markers(kind: str, language: Language) -> re.Pattern[str]:
    patterns = tomllib.loads(MODALITY.read_text(encoding="utf-8"))[kind][language]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


@cache
def _coefficients() -> Coefficients:
    table: Coefficients = tomllib.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    return table
