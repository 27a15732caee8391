"""Search inside the document: every place whose words begin as what is sought."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rag.domain import Document
from rag.search.normalisation import fold

SHORTEST: Final = 2
"""Characters from which something is sought: one letter begins a word in every line."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Block:
    """A heading or a paragraph of the document."""

    place: str
    """Id of its section; the number of a programme for its heading."""
    ordinal: int
    """Of the paragraph; 0 is the heading."""
    text: str

    @cached_property
    def words(self) -> Sequence[tuple[str, int, int]]:
        """Folded words in order, each with where it stands in the text."""
        return [(fold(match[0]), *match.span()) for match in _WORD.finditer(self.text)]


@dataclass(frozen=True, slots=True)
class Found:
    """Where something stands: characters of a heading or paragraph, `end` exclusive."""

    place: str
    ordinal: int
    start: int
    end: int


def blocks(document: Document) -> tuple[Block, ...]:
    """The whole document in order, restored headings and those of the programmes included."""
    return tuple(_blocks(document))


def find(among: Iterable[Block], sought: str) -> tuple[Found, ...]:
    """The words that begin as the ones sought and follow one another as they do, in order.

    Accents and capitals do not count.
    """
    beginnings = [fold(word) for word in _WORD.findall(sought)]
    if sum(map(len, beginnings)) < SHORTEST:
        return ()
    return tuple(found for block in among for found in _within(block, beginnings))


def per_place(found: Iterable[Found]) -> Mapping[str, int]:
    """Place → how often, in the order of the document."""
    return Counter(hit.place for hit in found)


def _blocks(document: Document) -> Iterator[Block]:
    firsts = {programme.sections[0]: programme for programme in document.programmes}
    for section in document.sections:
        if programme := firsts.get(section.id):
            yield Block(str(programme.number), 0, f"{programme.number}. {programme.title}")
        yield Block(section.id, 0, document.label(section))
        for paragraph in section.paragraphs:
            yield Block(section.id, paragraph.ordinal, paragraph.text)


def _within(block: Block, beginnings: Sequence[str]) -> Iterator[Found]:
    """None overlaps another."""
    words, size, free = block.words, len(beginnings), 0
    for first in range(len(words) - size + 1):
        run = words[first : first + size]
        if first >= free and all(
            word.startswith(beginning)
            for (word, _, _), beginning in zip(run, beginnings, strict=True)
        ):
            free = first + size
            yield Found(block.place, block.ordinal, run[0][1], run[-1][2])
