"""What a structural question wants, by a linear model over its cues and words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from rag.search.cues import CLASS, Cues
from rag.search.grammar import SECTION
from rag.search.normalisation import is_han, text_ngrams
from rag.search.references import PROGRAMME

_WORD = re.compile(rf"{PROGRAMME}|{SECTION}|[a-z0-9]+|[\u3400-\u9fff]+")
_REPEATED = {PROGRAMME, SECTION, "which", "compare"}
"""Cues whose second occurrence tells something."""

_MAX_TOPICS = 4
_MAX_LENGTH = 8


def intent_features(cues: Cues) -> list[str]:
    """Cues, their pairs and order, how much else is named, the words themselves and their parts."""
    counts = Counter(cue.name for cue in cues.found)
    names = sorted(counts)
    order = [cue.name for cue in cues.found]
    topics = f"topics:{min(_MAX_TOPICS, len(cues.topic))}"
    references = (
        f"programmes:{min(2, len(cues.named.programmes))} "
        f"sections:{min(2, len(cues.named.sections))} class:{CLASS in counts}"
    )
    return [
        *names,
        *(f"{name} twice" for name in names if counts[name] > 1 and name in _REPEATED),
        *(f"{first}&{second}" for first, second in combinations(names, 2)),
        *(f"first:{name}" for name in order[:1]),
        *(f"last:{name}" for name in order[-1:]),
        *(f"{first}>{second}" for first, second in pairwise(order)),
        *(topics, references, f"{references} {topics}"),
        *(f"{name}&{topics}" for name in names),
        *(f"{name}&{references}" for name in names),
        _length(cues.named.marked),
        *_lexical(list(_units(cues.named.marked))),
        *(f"letters:{gram}" for gram in text_ngrams(cues.named.marked)),
    ]


def _length(text: str) -> str:
    step = 10 if is_han(text.strip()[:1]) else 20
    return f"length:{min(_MAX_LENGTH, len(text) // step)}"


def _units(marked: str) -> Iterator[str]:
    """Words, and pairs of Chinese characters."""
    for word in _WORD.findall(marked):
        if is_han(word) and len(word) > 1:
            yield from (word[i : i + 2] for i in range(len(word) - 1))
        else:
            yield word


def _lexical(units: Sequence[str]) -> list[str]:
    pairs = [f"word:{first} {second}" for first, second in pairwise(units)]
    return [*(f"word:{unit}" for unit in units), *pairs]
