"""What narrows a class of names: youth in «the forums for youth», a part of the document."""

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.search.annotation import KNOWN, NUMBER, RARE, WORD, Token
from rag.search.cues import Cue, Cues
from rag.search.normalisation import fold, is_han
from rag.search.patterns import pattern, tables, without

REACH = 12
"""Characters between a class of names and what narrows it, or between two such things."""

HAN_REACH = 4
"""The same before a class, in Chinese; other languages have it next to the class there."""

PLAIN = {WORD, RARE, NUMBER}
"""Labels of words that name no thing."""

_LINK = r"(?:(?:la|el|lo|los|las|the|a|o|as|os|de|para|for|en|in|em|sobre|on|about)(?![a-z])\W*)*"
"""What stands between «and» and the second of two things."""

_ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_BORDER = re.compile(r"[.;:?!()。；：？！（）]")
_PARTS = ("part", "unit")
_NOTHING = re.compile(r"(?!)")
_AND = re.compile(r"\s*(?:and|&|,)\s*")
_ENGLISH = re.compile(r"(?:sub)?(?:sections?|parts?|chapters?|points?|items?|bits?)")
_LEADS_ON = re.compile(
    r"\s*(?:(?:on|about|of|for|with|in|under|where|that|which|regarding|concerning|covering"
    r"|called|titled|dealing|devoted|dedicated)(?![a-z])|[(:«\"'])"
)
_ASKING = ("list", "mention", "which", "where", "all")


def with_alternatives(found: Sequence[Token], listed: Sequence[Token]) -> tuple[Token, ...]:
    """What narrows a list and, where one of the alternatives is among it, all of these."""
    is_among = any(token in listed for token in found)
    return tuple(dict.fromkeys((*found, *(listed if is_among else ()))))


def qualifiers(cues: Cues) -> tuple[Token, ...]:
    """The words beside a class of names, in the order of the question."""
    place = part_words(cues)
    empty = pattern("structure", "narrowing", "empty")
    tokens = [t for t in cues.topic if t not in place and t.label != NUMBER]
    tokens = [t for t in tokens if not is_talk(t.text) and not empty.fullmatch(t.text)]
    classes = cues.class_cues
    outside = [token for token in tokens if not _is_class(token, classes)]
    found: list[Token] = []
    for cue in (cue for cue in classes if not _is_aside(cue.start, cues)):
        found.extend(_before(cue, outside, cues))
        found.extend(token for token in outside if token.start == cue.start)
        found.extend(_after(cue.end, outside, cues))
    return tuple(dict.fromkeys(found))


def hints(cues: Cues) -> tuple[Token, ...]:
    """What else of the document the question names: «AI: which initiatives are there?»."""
    classes = cues.class_cues
    beside = {*qualifiers(cues), *part_words(cues)}
    known = (token for token in cues.topic if token.label == KNOWN and token not in beside)
    telling = (token for token in known if not _is_aside(token.start, cues))
    return tuple(t for t in telling if not is_talk(t.text) and not _is_class(t, classes))


def leading(cues: Cues) -> tuple[Token, ...]:
    """What a question begins with to say what it is about: «for farming, which forums …?»."""
    opening = re.match(tables("structure")["narrowing"]["opening"], cues.named.marked)
    if opening is None:
        return ()
    document = pattern("structure", "whole", "document")
    themes = (t for t in cues.topic if t.end <= opening.end() and t.label in (KNOWN, WORD))
    return tuple(t for t in themes if not is_talk(t.text) and not document.search(t.text))


def alternatives(cues: Cues) -> tuple[Token, ...]:
    """The things that are named one beside the other: «centres for food or satellites»."""
    joins = tables("structure")["joins"]["listed"]
    link = re.compile(rf"\W*(?:(?<![a-z])(?:{joins})(?![a-z])\W*{_LINK})?")
    found: list[Token] = []
    classes = cues.class_cues
    known = [t for t in cues.topic if t.label in (KNOWN, WORD) and not _is_class(t, classes)]
    for one, other in pairwise(known):
        between = cues.named.marked[one.end : other.start]
        if between.strip() and link.fullmatch(between) and not _BORDER.search(between):
            found.extend((one, other))
    return tuple(dict.fromkeys(found))


def around(question: str) -> str:
    """The folded question, who asks included, without the words that ask for names and classes.

    What it says at its end of its purpose is left out too.

    >>> around("Trabajo en aduanas: ¿qué mecanismos hay?").split()
    ['trabajo', 'en', 'aduanas:', '¿', 'hay?']
    """
    left = fold(question)
    if purpose := re.search(tables("structure")["setting"]["afterwards"], left):
        left = left[: purpose.start()]
    left = without("structure", "names", tables("structure")["names"], left)
    return without("structure", "cues", _ASKING, left)


def part_words(cues: Cues) -> tuple[Token, ...]:
    """The words that say which part is meant: «in the section on trade», 贸易部分."""
    for cue in (cue for cue in cues.found if cue.name in _PARTS):
        before = _before(cue, cues.topic, cues, _AND)
        after = [] if _ends(cue, cues, before) else _after(cue.end, cues.topic, cues)
        if found := after or before:
            return tuple(found)
    return ()


def _ends(cue: Cue, cues: Cues, before: Sequence[Token]) -> bool:
    """Whether a word for a part ends its name: 贸易部分, «the trade section», but not «… on»."""
    marked = cues.named.marked
    is_english = _ENGLISH.fullmatch(marked, cue.start, cue.end) and bool(before)
    is_led_on = _LEADS_ON.match(marked, cue.end)
    return is_han(marked[cue.start]) or bool(is_english and not is_led_on)


def is_talk(text: str) -> bool:
    """Whether a name is that of the programmes or sections as such: «the five programmes»."""
    left = without("structure", "cues", ("programme", "unit"), text)
    return left != text and not pattern("structure", "talk", "numbers").sub("", left).strip()


def is_absent(token: Token) -> bool:
    """Whether it names what the document lacks, other than where somebody is from."""
    return token.label is not None and token.label not in PLAIN | {KNOWN, "COUNTRY", "PLACE"}


def _is_aside(start: int, cues: Cues) -> bool:
    """Whether it stands in brackets, where examples stand: «bodies (party, parliament …)»."""
    asides = [match.span() for match in _ASIDE.finditer(cues.named.marked)]
    return any(a < start < b for a, b in asides)


def _is_class(token: Token, classes: Sequence[Cue]) -> bool:
    """Whether it is a word for a class of names, asked for or left out, and no more than that."""
    if any(token.start < cue.end and cue.start < token.end <= cue.end for cue in classes):
        return True
    names = tables("structure")["names"]
    return any(pattern("structure", "names", key).fullmatch(token.text) for key in names)


def _before(
    cue: Cue, tokens: Sequence[Token], cues: Cues, joins: re.Pattern[str] = _NOTHING
) -> list[Token]:
    """Those that lead up to a cue, one by one or with such words between them."""
    found: list[Token] = []
    reach = cue.start
    leading = [token for token in tokens if token.end <= cue.start]
    for token in reversed([t for t in leading if not _is_aside(t.start, cues)]):
        limit = HAN_REACH if is_han(token.text) else 1
        between = cues.named.marked[token.end : reach]
        if is_han(token.text):
            between = _ASIDE.sub("", _uncovered(token.end, reach, cues))
        is_joined = bool(found) and joins.fullmatch(between) is not None
        if (len(between) > limit and not is_joined) or _BORDER.search(between):
            break
        found.insert(0, token)
        reach = token.start
    return found


def _after(reach: int, tokens: Sequence[Token], cues: Cues) -> list[Token]:
    """Those that follow; cues between do not count."""
    found: list[Token] = []
    for token in (token for token in tokens if token.start >= reach):
        if _length(reach, token.start, cues) > REACH:
            break
        found.append(token)
        reach = token.end
    return found


def _uncovered(start: int, end: int, cues: Cues) -> str:
    """What stands between two places and is part of no cue."""
    covered = {i for cue in cues.found for i in range(cue.start, cue.end)}
    return "".join(cues.named.marked[i] for i in range(start, end) if i not in covered)


def _length(start: int, end: int, cues: Cues) -> int:
    """Characters between two places that are part of no cue; a sentence's end is too far."""
    if _BORDER.search(cues.named.marked, start, end):
        return REACH + 1
    return len(_uncovered(start, end, cues))
