"""What may be asked of the document's structure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from rag.corpus.questions import Intent
from rag.search.asking import asked_kinds
from rag.search.normalisation import fold
from rag.search.patterns import pattern, tables

LOCATING = frozenset({"programme_of", "section_of"})
"""Kinds that ask where a thing is treated."""

COUNTING = frozenset({"count", "names"})
"""Kinds that ask how many or which of a class there are."""

SWEEPING = COUNTING | {"compare", "outline"}
"""Kinds that take in more than one part of the document."""

SEEKING = LOCATING | {"mentions"}
"""Kinds that ask where something is."""

LISTING = frozenset({"names", "mentions"})
"""Kinds whose answer is a list."""


Order = Literal["between", "next", "previous", "last", "first", "ends", "around", "compared"]
"""Which sections are asked for by their place: beside or between others, at an end or both of a
programme or of all, before and after one, or two by which comes first."""

ORDERS: tuple[Order, ...] = get_args(Order)


@dataclass(frozen=True, slots=True)
class Request:
    """A structural question, understood."""

    kind: Intent
    sections: tuple[str, ...] = ()
    """The sections it names, in the order of the question."""
    programmes: tuple[int, ...] = ()
    topic: str = ""
    """What is looked for, folded."""
    parts: tuple[str, ...] = ()
    """The things and telling words of the topic, or what narrows a class of names; of a comparison
    only where it names a thing of the document."""
    is_known: bool = False
    """Whether what is looked for is named by the document."""
    splits: tuple[tuple[str, str], ...] = ()
    """Ways to part the two topics of a comparison, the likelier first."""
    names: tuple[str, ...] = ()
    """Classes of proper names asked for."""
    hints: tuple[str, ...] = ()
    """What else it names, which may narrow them where nothing beside the class does."""
    themes: tuple[str, ...] = ()
    """Of all these, what the document treats, so that it has a place there."""
    around: str = ""
    """All that the question says, who asks included, but for the words that ask for names."""
    alternatives: tuple[str, ...] = ()
    """What is named one beside the other; where it narrows the list, each adds names."""
    excluded: tuple[str, ...] = ()
    """What they are asked for without."""
    is_literal: bool = False
    """Whether the names themselves must say the part, quoted, and not the heading over them."""
    part: str = ""
    """What the part is about that they are looked for in."""
    is_of_found: bool = False
    """Whether those are meant that stand where the answer before came from: «those forums»."""
    is_tentative: bool = False
    """Whether the names are wanted only if something tells some of them from the others."""
    order: Order | None = None
    """Of an outline: the place of the headings that are asked for."""
    is_of_parts: bool = False
    """Whether the parts before the programmes are asked for too."""
    is_of_programmes: bool = False
    """Whether the programmes as such are asked for."""

    def is_of_event(self, question: str) -> bool:
        """Whether «where will it be?» asks where in the world, not where in the document."""
        is_place = self.kind in SEEKING and not self.is_known
        is_inside = pattern("asking", "about", "inside").search(fold(question)) is not None
        return is_place and not is_inside and "place" in asked_kinds(question)

    def within(self, programme: int) -> "Request":
        """The same asked of one programme."""
        return replace(
            self, sections=(), programmes=(programme,), is_of_parts=False, is_of_programmes=False
        )


def related_to(kinds: Iterable[str]) -> frozenset[str]:
    """Kinds of names that people mean by words for others: a convention is an agreement."""
    related: Mapping[str, Sequence[str]] = tables("structure")["related"]
    return frozenset(other for kind in kinds for other in related.get(kind, ()))


def kinds_of(classes: Sequence[str]) -> frozenset[str]:
    """The kinds of proper names that belong to the classes, the narrower ones included.

    «Events» adds nothing to «events such as forums».
    """
    wider: Mapping[str, Sequence[str]] = tables("structure")["wider"]
    umbrellas = pattern("structure", "umbrella", "names")
    kept = [key for key in classes if not umbrellas.fullmatch(key)] or classes
    return frozenset(kind for key in kept for kind in (key, *wider.get(key, ())))
