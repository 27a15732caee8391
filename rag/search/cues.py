"""Words by which people ask about a document's structure, and what a question holds beside them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.domain import Language
from rag.search.annotation import KNOWN, Annotator, Token
from rag.search.grammar import SECTION
from rag.search.patterns import pattern, tables
from rag.search.references import PROGRAMME, Named

CLASS = "CLASS"
"""Cue of a class of proper names: forums, funds …"""

COMPARE = "compare"
"""Cue of a comparison: the sentence that holds it names what is compared."""

_REFERENCE = re.compile(rf"{PROGRAMME}|{SECTION}")
_PAUSE = re.compile(r"[,:;，：；]")
_BORDER = re.compile(r"[.;!?。；！？…](?:\s|$)|[。；！？…]")


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue where it stands in the marked question."""

    start: int
    end: int
    name: str
    """A key of the pattern file, `PROGRAMME`, `SECTION` or `CLASS`."""


@dataclass(frozen=True, slots=True)
class Cues:
    """A question taken apart."""

    named: Named
    found: tuple[Cue, ...]
    """In the order of the question; one word may be several cues."""
    classes: tuple[str, ...]
    """Classes of proper names asked for."""
    residue: str
    """What it asks, with blanks in place of cues; classes of names stay."""
    topic: tuple[Token, ...]
    """What the residue names: things and telling words."""

    def has(self, name: str) -> bool:
        """Whether the question holds that cue."""
        return any(cue.name == name for cue in self.found)

    def said(self, name: str) -> list[str]:
        """The words of that cue."""
        return [self.named.marked[c.start : c.end] for c in self.found if c.name == name]

    @property
    def class_cues(self) -> list[Cue]:
        """The words for classes of names."""
        return [cue for cue in self.found if cue.name == CLASS]

    @property
    def names_thing(self) -> bool:
        """Whether the topic names a thing, of the document or not."""
        return any(token.thing is not None for token in self.topic)

    @property
    def is_of_sections(self) -> bool:
        """Whether it speaks of sections, or else of parts and not of programmes."""
        return self.has("unit") or (self.has("part") and not self.has("programme"))

    @property
    def names_known(self) -> bool:
        """Whether the topic names a thing of the document."""
        return any(token.label == KNOWN for token in self.topic)


class CueReader:
    """Takes questions apart."""

    def __init__(self, annotator: Annotator) -> None:
        """Take what tells a topic from talk."""
        self._annotator = annotator

    def read(self, named: Named, language: Language) -> Cues:
        """The cues of a question whose references are marked."""
        tokens = self._annotator.tokens(named.marked, language)
        found = sorted(_free(_cues(named.marked), tokens), key=lambda cue: (cue.start, -cue.end))
        classes = [key for key, a, b in _classes(named.marked) if Cue(a, b, CLASS) in found]
        covered = [cue for cue in found if cue.name != CLASS]
        spans = _asked(named.marked, found)
        left = [token for token in tokens if not any(_meet(token, cue) for cue in covered)]
        topic = [token for token in left if any(a <= token.start < b for a, b in spans)]
        if not _telling(topic):
            topic, spans = left, [(0, len(named.marked))]
        residue = _without(named.marked, [cue for cue in covered if not _joins(cue, named.marked)])
        return Cues(
            named,
            tuple(found),
            tuple(dict.fromkeys(classes)),
            "".join(residue[a:b] for a, b in spans),
            tuple(_telling(topic)),
        )


def classes_in(text: str) -> tuple[str, ...]:
    """The classes of names that a folded text is a word for: «centros», 中心."""
    return tuple(key for key, start, end in _classes(text) if (start, end) == (0, len(text)))


def _free(cues: Iterator[Cue], tokens: Sequence[Token]) -> list[Cue]:
    """The cues that are not just a part of a name: «orden» in «orden internacional».

    The word «programme» stays one in «the five programmes», and that for a class of names where a
    name for several of them begins with it: «comisiones mixtas», but not «Fondo Monetario».
    """
    names = [token for token in tokens if token.thing is not None]
    free = [
        c
        for c in cues
        if c.name == "programme"
        or all(not _meet(t, c) or _holds(c, t) or _opens(c, t) for t in names)
    ]
    # «Tratados» are treaties where they may be: not «treated».
    classes = {(c.start, c.end) for c in free if c.name == CLASS}
    return [c for c in free if c.name != "mention" or (c.start, c.end) not in classes]


def _meet(token: Token, cue: Cue) -> bool:
    return token.start < cue.end and cue.start < token.end


def _opens(cue: Cue, token: Token) -> bool:
    is_plural = token.text[: cue.end - cue.start].endswith("s")
    return cue.name == CLASS and cue.start == token.start and is_plural


def _holds(cue: Cue, token: Token) -> bool:
    return cue.start <= token.start and token.end <= cue.end


def _telling(tokens: Sequence[Token]) -> list[Token]:
    """The tokens that may be a topic."""
    talk = pattern("structure", "talk", "words")
    return [token for token in tokens if token.label and not talk.fullmatch(token.text)]


def _joins(cue: Cue, text: str) -> bool:
    """Whether the cue stands between two things that are compared: «versus»."""
    joins = pattern("structure", "joins", "sure")
    return cue.name == COMPARE and joins.fullmatch(text[cue.start : cue.end]) is not None


def _without(text: str, cues: Sequence[Cue]) -> str:
    """The text with blanks in place of the cues."""
    letters = list(text)
    for cue in cues:
        letters[cue.start : cue.end] = " " * (cue.end - cue.start)
    return "".join(letters)


def _asked(marked: str, cues: Sequence[Cue]) -> list[tuple[int, int]]:
    """Start and end of the sentences that hold a cue; the others tell who is asking."""
    end = _end(marked, cues)
    cues = [cue for cue in cues if cue.start < end]
    borders = sorted({0, *(place for place in _borders(marked) if place < end), end})
    spans = list(pairwise(borders))
    comparing = [cue for cue in cues if cue.name == COMPARE]
    return [(a, b) for a, b in spans if any(a <= c.start < b for c in comparing or cues)] or spans


def _end(marked: str, cues: Sequence[Cue]) -> int:
    """Where a question ends, before it says what for: «…; I need it for a report»."""
    purpose = re.search(tables("structure")["setting"]["afterwards"], marked)
    if purpose and any(cue.end <= purpose.start() for cue in cues):
        return purpose.start()
    return len(marked)


def _borders(marked: str) -> Iterator[int]:
    """Where a sentence, a wish or what follows «I am a nurse, …» begins.

    Not where a topic comes before the wish: «food security: show me …», «on AI, tell me …».
    """
    yield from (match.end() for match in _BORDER.finditer(marked))
    asker = re.match(rf"\W*(?:{tables('structure')['setting']['asker']})(?![a-z0-9])", marked)
    for wish in pattern("structure", "setting", "wish").finditer(marked):
        if asker or not _is_topic(marked[: wish.start()].rstrip()):
            yield wish.start()
    if asker and (pause := _PAUSE.search(marked, asker.end())):
        yield pause.end()


def _is_topic(text: str) -> bool:
    """Whether what comes before a wish says what is wished for."""
    setting = tables("structure")["setting"]
    if re.fullmatch(rf"\W*{setting['theme']}\W?[^,，.]+[,，]", text):
        return True
    is_for = pattern("structure", "setting", "purpose").search(text)
    return text.endswith((":", "：")) and not is_for


def _cues(marked: str) -> Iterator[Cue]:
    for key in tables("structure")["cues"]:
        for match in pattern("structure", "cues", key).finditer(marked):
            yield Cue(match.start(), match.end(), key)
    for _, start, end in _classes(marked):
        yield Cue(start, end, CLASS)
    for match in _REFERENCE.finditer(marked):
        yield Cue(match.start(), match.end(), match[0])


@lru_cache(maxsize=64)
def _classes(marked: str) -> tuple[tuple[str, int, int], ...]:
    """Class of names, with start and end, in the order of the question; the longest words win.

    One that is left out («not counting forums») is none.
    """
    found = [
        (key, match.start(), match.end())
        for key in tables("structure")["names"]
        for match in pattern("structure", "names", key).finditer(marked)
    ]
    spans = {(start, end) for _, start, end in found}
    whole = [
        (key, start, end)
        for key, start, end in found
        if not any(a <= start and end <= b and b - a > end - start for a, b in spans)
    ]
    narrowing = tables("structure")["narrowing"]
    before = re.compile(rf"(?<![a-z0-9])(?:{narrowing['except']})\s*$")
    after = re.compile(rf"\s*(?:{narrowing['excepted']})")
    kept = [
        (key, start, end)
        for key, start, end in whole
        if not before.search(marked[:start]) and not after.match(marked[end:])
    ]
    return tuple(sorted(kept, key=lambda item: item[1]))
