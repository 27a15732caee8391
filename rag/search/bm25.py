"""BM25 over fields."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.search.postings import Postings

K1 = 1.2
"""Term frequency saturation (Robertson & Zaragoza 2009)."""


@dataclass(frozen=True, slots=True)
class Field:
    """How much a field counts, and how much its length is held against it."""

    weight: float
    b: float


def idf(document_frequency: int, documents: int) -> float:
    """Lucene's idf, `ln(1 + (N - df + 0.5) / (df + 0.5))`: never negative.

    >>> round(idf(1, 10), 3), round(idf(10, 10), 3)
    (1.992, 0.047)
    """
    return math.log(1 + (documents - document_frequency + 0.5) / (document_frequency + 0.5))


def weigh(
    documents: Sequence[Mapping[str, Sequence[str]]], fields: Mapping[str, Field]
) -> Postings:
    """BM25F weights of every term in every document, ready to be summed (one column per document).

    `idf · f / (k1 + f)`, where f is the weighted sum over the fields of
    `tf / (1 - b + b · length / mean length)` (Robertson & Zaragoza 2009, «The Probabilistic
    Relevance Framework», section 3.6; k1 + 1 left out as in Lucene 8).
    """
    frequencies: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for name, field in fields.items():
        lengths = [len(document.get(name, ())) for document in documents]
        mean = sum(lengths) / max(1, sum(1 for length in lengths if length)) or 1.0
        for column, document in enumerate(documents):
            norm = 1 - field.b + field.b * lengths[column] / mean
            for term, count in Counter(document.get(name, ())).items():
                frequencies[term][column] += field.weight * count / norm
    return Postings.of(
        {term: _saturated(row, len(documents)) for term, row in frequencies.items()},
        len(documents),
    )


def _saturated(row: Mapping[int, float], documents: int) -> dict[int, float]:
    """The weights of one term from its normalised frequencies."""
    weight = idf(len(row), documents)
    return {column: weight * f / (K1 + f) for column, f in row.items()}
