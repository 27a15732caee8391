"""What a list is asked for without: «leaving out the UN and CELAC, which bodies …?»."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.search.annotation import NUMBER, Token
from rag.search.cues import Cues
from rag.search.patterns import pattern, tables

MAX_EXCLUDED = 8

_ARTICLES = r"(?:(?:de|del|da|do|das|dos|of|la|el|lo|los|las|the|a|o|as|os)(?![a-z])\s*)*"
_FIRST = re.compile(rf"\s*{_ARTICLES}")


def parted(cues: Cues) -> tuple[Cues, tuple[Token, ...], bool]:
    """A question without what it leaves out, that, and whether it says what is to be counted too.

    A class of names that it leaves out is no class asked for. What it says to count too, «the
    youth camp included», tells nothing of the rest.
    """
    things: list[Token] = []
    spans: list[tuple[int, int]] = []
    for match in pattern("structure", "narrowing", "except").finditer(cues.named.marked):
        if not spans or match.start() >= spans[-1][1]:
            found = _following(match.end(), cues)
            things.extend(found)
            spans.append((match.start(), found[-1].end if found else match.end()))
    counted = list(_counted_too(cues))
    spans.extend(counted)
    wanted = (t for t in cues.topic if not any(t.start < b and a < t.end for a, b in spans))
    by_text = {token.text: token for token in things}
    left_out = tuple(by_text.values())[:MAX_EXCLUDED]
    return replace(cues, topic=tuple(wanted)), left_out, bool(counted)


def _counted_too(cues: Cues) -> Iterator[tuple[int, int]]:
    """Where it says what is to be counted too."""
    marked = cues.named.marked
    for match in pattern("structure", "narrowing", "including").finditer(marked):
        if found := _following(match.end(), cues):
            yield match.start(), found[-1].end
    for match in pattern("structure", "narrowing", "included").finditer(marked):
        before = [token for token in cues.topic if token.end <= match.start()][-1:]
        if before and not marked[before[0].end : match.start()].strip():
            yield before[0].start, match.end()


def _following(reach: int, cues: Cues) -> Sequence[Token]:
    """The things that follow one after the other, joined by «and»; a comma ends them."""
    classes = {cue.start for cue in cues.class_cues}
    joins = tables("structure")["joins"]["listed"]
    between = _FIRST
    found: list[Token] = []
    for token in (t for t in cues.topic if t.start >= reach and t.label != NUMBER):
        is_near = between.fullmatch(cues.named.marked, reach, token.start)
        if not is_near or token.start in classes:
            break
        found.append(token)
        reach, between = token.end, re.compile(rf"\s*(?:{joins}|、)\s*{_ARTICLES}")
    return found
