"""By which place among the others headings are asked for: «what comes after sports?»."""

import re
from collections.abc import Mapping, Sequence

from rag.domain import Document, Programme
from rag.search.cues import Cues
from rag.search.patterns import pattern
from rag.search.references import PROGRAMME
from rag.search.requests import ORDERS, Order, Request
from rag.search.topics import Topics

ENDS: Mapping[Order, Sequence[int]] = {"first": (0,), "last": (-1,), "ends": (0, -1)}
"""Orders that ask for an end of a programme or of all, and the places there."""

_APPOSED = re.compile(rf"[\s,，:：的那这个]*(?:(?:el|o|the)\s+)?{PROGRAMME}")

_PAIR = 2
_OF_TWO: frozenset[Order] = frozenset({"between", "compared"})


def order_of(cues: Cues, *, is_of_one: bool) -> Order | None:
    """The place that an outline asks for, if it asks for one.

    `is_of_one`: whether it asks for a single section.
    """
    named = cues.named
    wanted = next((order for order in ORDERS if cues.has(order)), None)
    if wanted is None and cues.has("comes"):
        wanted = "next"
    if cues.has("next") and cues.has("previous"):
        wanted = "around" if cues.has("between") or not _names_two(cues) else "compared"
    elif wanted == "between" and not _names_two(cues):
        wanted = "around"
    is_of_parts = pattern("structure", "whole", "before").search(named.marked)
    if wanted == "previous" and is_of_parts and not named.sections:
        return None
    if wanted in ENDS:
        is_of_all = cues.has("list") or cues.has("all")
        if cues.has("first") and cues.has("last") and is_of_one and not is_of_all:
            return "ends"
        return wanted if _asks_for_end(cues, is_of_one=is_of_one) else None
    is_of_programmes = named.programmes or cues.has("programme")
    is_named = cues.names_thing
    is_beside = bool(named.sections or cues.topic) and (is_named or not is_of_programmes)
    return wanted if is_beside else None


def _asks_for_end(cues: Cues, *, is_of_one: bool) -> bool:
    """Whether the first or last heading is asked for, not headings from the first to the last."""
    is_from_to = cues.has("first") and cues.has("last")
    is_named = cues.names_thing
    is_plain = cues.has("which") and not cues.has("programme") and not is_named
    if _is_of_programme(cues):
        return False
    return not cues.named.sections and not is_from_to and (is_of_one or is_plain)


def _is_of_programme(cues: Cues) -> bool:
    """Whether it is a programme that is the first or the last: «the last, the people's one»."""
    text = cues.named.marked
    ends = [cue.end for cue in cues.found if cue.name in ENDS]
    return any(_APPOSED.match(text, end) for end in ends)


def extreme(cues: Cues, programmes: Sequence[Programme]) -> tuple[int, ...]:
    """Numbers of the programmes with the most or the fewest sections, where those are asked for.

    None where both are: that takes the numbers of all.
    """
    wanted = [choose for key, choose in (("most", max), ("fewest", min)) if cues.has(key)]
    if len(wanted) != 1 or not cues.has("programme") or not programmes:
        return ()
    size = wanted[0](len(programme.sections) for programme in programmes)
    return tuple(p.number for p in programmes if len(p.sections) == size)


def neighbour(
    cues: Cues, programmes: Sequence[int], everything: Sequence[int]
) -> tuple[int, ...] | None:
    """The programme asked for by that beside it: «which comes after the one on peace?».

    Empty where there is none beside it, `None` where none is asked for so.
    """
    is_plain = not cues.named.sections and not cues.has("unit") and not cues.names_thing
    if len(programmes) != 1 or not is_plain:
        return None
    for key, step in (("after_one", 1), ("before_one", -1)):
        if pattern("structure", "whole", key).search(cues.named.marked):
            place = programmes[0] + step
            return (place,) if place in everything else ()
    return None


def _names_two(cues: Cues) -> bool:
    """Whether it names two sections, or two things that may be some."""
    things = [token for token in cues.topic if token.thing is not None]
    return len(cues.named.sections) + len(things) > 1


def placed(request: Request, document: Document, topics: Topics) -> Sequence[str]:
    """Ids of the sections at the place asked for; none where there is nothing beside it."""
    ids = [section.id for section in document.sections]
    if request.order and (ends := ENDS.get(request.order)):
        held = [document.programme_by_number[n].sections for n in request.programmes]
        return [among[end] for among in held or [tuple(ids)] for end in ends]
    if request.order in _OF_TWO:
        return _of_two(request, ids, topics)
    steps = {"next": (1,), "previous": (-1,)}.get(str(request.order), (-1, 1))
    meant = request.sections or topics.sections_of(request.topic)
    places = (ids.index(id_) + step for id_ in meant for step in steps)
    return [ids[place] for place in dict.fromkeys(places) if 0 <= place < len(ids)]


def _of_two(request: Request, ids: Sequence[str], topics: Topics) -> Sequence[str]:
    """Those between two sections, or the two themselves; they too where none is between."""
    pair = request.sections
    if len(pair) < _PAIR:
        pair = topics.pair_inside(request) or topics.pair_of(request)
    places = sorted(map(ids.index, pair))
    if not places:
        return ()
    between = ids[places[0] + 1 : places[-1]]
    return between if between and request.order == "between" else [ids[place] for place in places]
