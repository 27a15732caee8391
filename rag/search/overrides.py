"""Where the words of a question settle what it asks, whatever was learned."""

import re
from collections.abc import Callable, Sequence

from rag.corpus.questions import Intent
from rag.search.annotation import KNOWN
from rag.search.cues import Cues
from rag.search.normalisation import is_han
from rag.search.patterns import pattern
from rag.search.requests import ORDERS

_SPOT = re.compile("处|位置|地方")
"""Chinese words for a place in a text, which may be many."""

_SEVERAL = re.compile("(?:各|哪些|所有|全部|每|几|多少)(?:个|大)?$")
"""Chinese words before one for a section that make it several."""

_PLURAL = re.compile(
    r"(?:sub)?(?:sec(?:ciones|oes|tions)|apartados|capitulos|partes|parts|chapters|trechos|pasajes)"
)
"""Words for several sections; «points» are also what somebody makes."""

_TOPICAL = 2
"""Words beside a programme's name from which on a question has a topic of its own."""


def settled(kind: Intent | None, cues: Cues, by_theme: Sequence[int]) -> Intent | None:
    """The kind that a question is of, from the learned one; `None` is one about content.

    `by_theme`: the programmes whose themes it names.
    """
    for learned, meant, applies in _OVERRIDES:
        if kind == learned and applies(cues, by_theme):
            return meant
    return kind


def is_of_one(cues: Cues) -> bool:
    """Whether one section is asked for: «which section», 哪一节."""
    return any(
        not unit.endswith("s") and not _SPOT.fullmatch(unit) and not _SEVERAL.search(before)
        for before, unit in _units(cues, ("unit",))
    )


def _units(cues: Cues, names: Sequence[str] = ("unit", "part")) -> list[tuple[str, str]]:
    """The words for sections or parts, each with the text before it."""
    marked = cues.named.marked
    return [(marked[: c.start], marked[c.start : c.end]) for c in cues.found if c.name in names]


def _is_of_programme(cues: Cues, _: Sequence[int]) -> bool:
    """Whether it names one programme and nothing else: «what does China want with the third?»."""
    named = cues.named
    is_single = len(named.programmes) == 1 and not named.sections and not named.is_by_theme
    is_plain = not cues.names_thing and len(cues.topic) < _TOPICAL
    return is_single and is_plain and not cues.classes


def _is_where_inside(cues: Cues, _: Sequence[int]) -> bool:
    """«At what point of the development programme are taxes?»."""
    is_thing = cues.names_known
    is_plain = not any(map(cues.has, ORDERS)) and not cues.named.sections
    return is_thing and is_plain and bool(cues.named.programmes) and is_of_one(cues)


def _is_which_number(cues: Cues, by_theme: Sequence[int]) -> bool:
    """«Taxes are at what point number of the development programme?»: a word in the singular."""
    units = (cues.named.marked[c.start] for c in cues.found if c.name == "unit")
    return _is_where_inside(cues, by_theme) and not any(map(is_han, units))


def _is_of_size(cues: Cues, _: Sequence[int]) -> bool:
    """«Which programme is the longest?»."""
    is_extreme = cues.has("most") or cues.has("fewest")
    is_plain = not cues.names_thing
    return is_extreme and is_plain and cues.has("programme")


def _is_how_often(cues: Cues, by_theme: Sequence[int]) -> bool:
    """«In how many sections is fishing named?», but not «how many has the one on development?».

    «How many are there in all, the opening ones included?» counts sections too.
    """
    is_thing = cues.names_known
    is_of_parts = bool(cues.named.programmes or cues.named.sections)
    if _asks_for_class(cues) or (is_of_parts and not (cues.has("times") and is_thing)):
        return False
    is_of_places = cues.is_of_sections and not cues.has("programme") and is_thing
    is_said = cues.has("mention") or not (by_theme or cues.has("all"))
    return (cues.has("times") and bool(cues.topic)) or (is_of_places and is_said)


def _asks_for_class(cues: Cues) -> bool:
    """Whether a class of names is asked for, and not one thing whose name begins with its word."""
    things = [token for token in cues.topic if token.label == KNOWN]
    return any(
        not any(t.start <= cue.start and cue.end < t.end for t in things) for cue in cues.class_cues
    )


def _is_where_of(cues: Cues, _: Sequence[int]) -> bool:
    """«Tourism is in which of the five programmes, and what number has the section?»."""
    is_plain = not any(map(cues.has, ORDERS)) and not cues.has("structure") and not cues.classes
    is_bare = not cues.named.sections and not cues.named.programmes
    return (
        cues.names_known
        and cues.has("programme")
        and is_plain
        and is_bare
        and not cues.has("others")
    )


def _is_of_many(cues: Cues, _: Sequence[int]) -> bool:
    """«Which parts deal with fishing?», «in which sections is it?»: wherever it is named."""
    is_many = any(
        _PLURAL.fullmatch(unit) or (is_han(unit) and _SEVERAL.search(before))
        for before, unit in _units(cues)
    )
    is_of_parts = bool(cues.named.sections or cues.named.programmes or cues.classes)
    is_plain = cues.names_known and not is_of_parts and not any(map(cues.has, ORDERS))
    return is_many and is_plain and cues.has("mention") and cues.has("which")


def _is_of_class(cues: Cues, _: Sequence[int]) -> bool:
    """«What agreements do they want to sign, in the whole document?»: names, not places."""
    others = [token for token in cues.topic if token.label == KNOWN]
    is_of_it = all(any(c.start <= t.start < c.end for c in cues.class_cues) for t in others)
    is_place = cues.has("where") or cues.has("times") or cues.has("mention")
    return bool(cues.class_cues) and is_of_it and not is_place


def _is_everywhere(cues: Cues, _: Sequence[int]) -> bool:
    """«Where does it speak of fishing?», but not «which section speaks of fishing?»."""
    return cues.has("mention") and cues.has("where") and not is_of_one(cues)


def _is_named_where(cues: Cues, _: Sequence[int]) -> bool:
    """«I live on an island: where are island states mentioned?», but not «where does it say that».

    Of 12,917 lay questions about content 15 are put so, of those that learning took for such.
    """
    impersonal = pattern("structure", "impersonal", "mention")
    is_plain = not cues.classes and not cues.has("times") and not is_of_one(cues)
    return (
        is_plain
        and cues.has("where")
        and cues.names_known
        and any(map(impersonal.fullmatch, cues.said("mention")))
    )


_OVERRIDES: Sequence[tuple[Intent | None, Intent, Callable[[Cues, Sequence[int]], bool]]] = (
    ("outline", "section_of", _is_where_inside),
    ("outline", "mentions", _is_of_many),
    ("outline", "programme_of", _is_where_of),
    ("programme_of", "count", _is_of_size),
    ("count", "section_of", _is_which_number),
    ("count", "mentions", _is_how_often),
    ("section_of", "mentions", _is_everywhere),
    ("mentions", "names", _is_of_class),
    (None, "mentions", _is_of_many),
    (None, "mentions", _is_named_where),
    (None, "overview", _is_of_programme),
)
"""What was learned, what is meant instead, and when."""
