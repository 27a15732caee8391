"""Questions that say what another one says already: within the dataset, and against the index."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.items import DatasetError, Item
from eval.metrics.wording import bare, ngrams
from rag.corpus import analytical_index, questions
from rag.domain import LANGUAGES

NEAR_INDEX = 0.70
"""Dice's coefficient of character trigrams (bigrams in Chinese) from which a question nearly equals
one of the index. The nearest independently written pair is at .62."""
NEAR_EACH_OTHER = 0.85
"""The same between two questions of the dataset that stand alone; the nearest pair is at .73."""

Finding = tuple[str, str]
"""Id of an item, and what it resembles."""


def repeated(items: Sequence[Item]) -> Iterator[Finding]:
    """Opening questions that equal or nearly equal an earlier one, also after folding.

    Follow-ups may recur, since what precedes them makes them another question.
    """
    for language, members in _by_language(items).items():
        turns = [item.turns[0] for item in members]
        equal = [f"{turn.repeat}:{bare(turn.question) or turn.question}" for turn in turns]
        texts = [turn.question for turn in turns]
        near = resemblance(texts, texts, language)
        for row, item in enumerate(members):
            if equal[row] in equal[:row]:
                yield item.id, f"equals {members[equal.index(equal[row])].id}"
        for row, column in np.argwhere(np.tril(near, -1) >= NEAR_EACH_OTHER):
            if equal[row] != equal[column]:
                other = members[column].id
                yield members[row].id, f"nearly equals {other} ({near[row, column]:.2f})"


def near_index(items: Sequence[Item], index: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Questions, follow-ups included, that equal or nearly equal one that the index holds."""
    for language, members in _by_language(items).items():
        asked = [(item.id, turn.question) for item in members for turn in item.turns]
        reserved = index.get(language, ())
        near = resemblance([question for _, question in asked], reserved, language)
        for row, column in np.argwhere(near >= NEAR_INDEX):
            yield asked[row][0], f"«{reserved[column]}» ({near[row, column]:.2f})"


def shipped_index() -> dict[str, list[str]]:
    """Language → the questions that the product learns from."""
    found: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for file in analytical_index.files():
        for language, lines in file.questions.items():
            found[language].extend(line.partition(analytical_index.ARROW)[0] for line in lines)
    for question in (*questions.silence(), *questions.structure()):
        found[question.language].append(question.text)
    return found


def read_index(path: Path) -> dict[str, list[str]]:
    """Language → the questions of a file that are reserved for an index.

    Raises:
        DatasetError: the file cannot be read or has another form.
    """
    try:
        by_section = json.loads(path.read_text(encoding="utf-8"))
        found: dict[str, list[str]] = {}
        for languages in by_section.values():
            for language, questions in languages.items():
                found.setdefault(language, []).extend(questions)
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise DatasetError(
            f"No se puede leer {path}.", remedy="Debe ser sección → idioma → preguntas."
        ) from error
    return found


def resemblance(left: Sequence[str], right: Sequence[str], language: str) -> NDArray[np.float32]:
    """Dice's coefficient 2 |A ∩ B| / (|A| + |B|) of the character n-grams, a row per left text.

    >>> resemblance(["¿Becas en China?", "¡Adiós!"], ["becas, en China"], "es").tolist()
    [[1.0], [0.0]]
    """
    size = 2 if language == "zh" else 3
    grams = [ngrams(text, size) if bare(text) else frozenset[str]() for text in (*left, *right)]
    columns = {gram: column for column, gram in enumerate(sorted(set().union(*grams)))}
    table = np.zeros((len(grams), len(columns)), dtype=np.float32)
    for row, found in enumerate(grams):
        table[row, [columns[gram] for gram in found]] = 1
    sizes = table.sum(axis=1)
    shared = table[: len(left)] @ table[len(left) :].T
    total = sizes[: len(left), None] + sizes[None, len(left) :]
    return np.asarray(2 * shared / np.maximum(total, 1), dtype=np.float32)


def _by_language(items: Sequence[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.lang, []).append(item)
    return found
