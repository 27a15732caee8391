"""What is looked for everywhere in the document: things, and words that name one together."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.search.annotation import KNOWN, NUMBER, Token
from rag.search.asking import quotations
from rag.search.cues import Cues
from rag.search.narrowing import PLAIN, is_talk
from rag.search.normalisation import fold
from rag.search.patterns import pattern

_MAX_ORDINAL_DIGITS = 2

_LISTED = re.compile(r"\s*[、，]\s*")
_MARK = re.compile(r"[/,;:&+—–、，；：·]")
"""What parts things that are listed."""


def sought(cues: Cues, question: str) -> tuple[str, ...]:
    """Each thing that is looked for: what is quoted, or else what is named, or the words.

    Words with nothing like «and», «or» between them name one thing together.
    """
    if texts := quotations(question):
        return tuple(map(fold, texts))
    tokens = [t for t in cues.topic if t.label != NUMBER or len(t.text) > _MAX_ORDINAL_DIGITS]
    found = pattern("structure", "beyond", "words").finditer(cues.named.marked)
    beyond = [match.span() for match in found]
    tokens = [t for t in tokens if not is_talk(t.text)]
    outside = [t for t in tokens if not any(a <= t.start < b for a, b in beyond)]
    tokens = outside or tokens
    known = _with_listed([token for token in tokens if token.label == KNOWN], tokens, cues)
    things = [token for token in tokens if token.label not in PLAIN and token.label != KNOWN]
    return tuple(dict.fromkeys(_together(known or things or tokens, cues.named.marked)))


def _with_listed(known: Sequence[Token], tokens: Sequence[Token], cues: Cues) -> Sequence[Token]:
    """What is known, and words that a comma alone parts from it: 武器、军备."""
    found = set(known)
    for one, other in pairwise(tokens):
        between = cues.named.marked[one.end : other.start]
        if (one in found) != (other in found) and _LISTED.fullmatch(between):
            found |= {one, other}
    return [token for token in tokens if token in found]


def _together(tokens: Sequence[Token], marked: str) -> Iterator[str]:
    """The tokens' texts, those that nothing parts as one."""
    joins = pattern("structure", "joins", "listed")
    group: list[Token] = []
    for token in tokens:
        between = marked[group[-1].end : token.start] if group else ""
        if group and (joins.search(between) or _MARK.search(between)):
            yield " ".join(each.text for each in group)
            group = []
        group.append(token)
    if group:
        yield " ".join(each.text for each in group)
