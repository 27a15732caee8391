"""What a list is asked for without: «leaving out the UN and CELAC, which bodies …?»."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.search.annotation import NUMBER, Token
from rag.search.cues import CLASS, Cues
from rag.search.patterns import pattern, tables

MAX_EXCLUDED = 8

_ARTICLES = r"(?:(?:de|del|da|do|das|dos|of|la|el|lo|los|las|the|a|o|as|os)(?![a-z])\s*)*"
_FIRST = re.compile(rf"\s*{_ARTICLES}")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What is left out, and where the question says so."""

    things: tuple[Token, ...]
    spans: tuple[tuple[int, int], ...]

    def covers(self, token: Token) -> bool:
        """Whether the token is part of what says so."""
        return any(token.start < end and start < token.end for start, end in self.spans)


def exclusion(cues: Cues) -> Exclusion:
    """What a question leaves out; a class of names that it leaves out is no class asked for."""
    things: list[Token] = []
    spans: list[tuple[int, int]] = []
    for match in pattern("structure", "narrowing", "except").finditer(cues.named.marked):
        if not spans or match.start() >= spans[-1][1]:
            found = _following(match.end(), cues)
            things.extend(found)
            spans.append((match.start(), found[-1].end if found else match.end()))
    by_text = {token.text: token for token in things}
    return Exclusion(tuple(by_text.values())[:MAX_EXCLUDED], tuple(spans))


def _following(reach: int, cues: Cues) -> Sequence[Token]:
    """The things that follow one after the other, joined by «and»; a comma ends them."""
    classes = {cue.start for cue in cues.found if cue.name == CLASS}
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
