"""BM25 over fields."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.search.postings import Postings
from rag.search.vocabulary import Vocabulary, in_order

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
    width = len(documents)
    numbers: dict[str, int] = {}
    parts = [
        _frequencies([document.get(name, ()) for document in documents], field, numbers)
        for name, field in fields.items()
    ]
    cells, inverse = np.unique(np.concatenate([part for part, _ in parts]), return_inverse=True)
    f = np.bincount(inverse, weights=np.concatenate([values for _, values in parts]))
    terms, columns = np.divmod(cells, width)
    held_by = np.bincount(terms, minlength=len(numbers))
    rarity = np.array([idf(count, width) for count in range(width + 1)])
    weights = rarity[held_by[terms]] * f / (K1 + f)
    ordered = in_order(numbers)
    order = np.array([numbers[term] for term in ordered], dtype=np.intp)
    sorting = np.lexsort((columns, np.argsort(order)[terms]))
    return Postings(
        Vocabulary.of(ordered),
        np.cumsum([0, *held_by[order].tolist()], dtype=np.int32),
        columns[sorting].astype(np.int32),
        weights[sorting].astype(np.float32),
        width,
    )


def _frequencies(
    texts: Sequence[Sequence[str]], field: Field, numbers: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Cells of a field, `term number · documents + document`, and their normalised frequencies.

    New terms get the next numbers.
    """
    lengths = [len(text) for text in texts]
    mean = sum(lengths) / max(1, sum(1 for length in lengths if length)) or 1.0
    norms = np.array([1 - field.b + field.b * length / mean for length in lengths])
    found = (numbers.setdefault(term, len(numbers)) for text in texts for term in text)
    terms = np.fromiter(found, dtype=np.int64, count=sum(lengths))
    columns = np.repeat(np.arange(len(texts)), lengths)
    cells, counts = np.unique(terms * len(texts) + columns, return_counts=True)
    return cells, field.weight * counts / norms[cells % len(texts)]
